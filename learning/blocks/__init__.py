"""The kinds of block. A new kind is one module here, one line below and one template."""

from typing import Annotated, Any

from django.utils.safestring import mark_safe
from pydantic import Field

from learning.blocks.base import Block
from learning.blocks.callout import Callout
from learning.blocks.chart import Chart
from learning.blocks.prose import Prose
from learning.blocks.worked_example import WorkedExample
from learning.rendering import BlockView, ChartView, ExampleStep

KINDS: tuple[type[Block], ...] = (Prose, Callout, Chart, WorkedExample)
AnyBlock = Annotated[Prose | Callout | Chart | WorkedExample, Field(discriminator="type")]

_TEMPLATES = {kind.model_fields["type"].annotation.__args__[0]: kind.template for kind in KINDS}  # type: ignore[union-attr]


def view_of(stored: dict[str, Any], *, data_url: str) -> BlockView:
    """The view of a stored rendering; `data_url` is where its chart's data is fetched from."""
    safe = {"html": mark_safe(stored.get("html", ""))}  # noqa: S308  (rendered by learning.markdown)
    steps = tuple(
        ExampleStep(step["title"], mark_safe(step["html"]))  # noqa: S308  (as above)
        for step in stored.get("steps", ())
    )
    chart = ChartView.load(stored.get("chart"), data_url=data_url)
    template = _TEMPLATES[stored["type"]]
    return BlockView(**{**stored, **safe, "steps": steps, "chart": chart, "template": template})


__all__ = ["KINDS", "AnyBlock", "Block", "view_of"]
