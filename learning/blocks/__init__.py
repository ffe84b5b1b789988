"""The kinds of block. A new kind is one module here and one template; nothing else names it."""

import importlib
import pkgutil
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args

from django.utils.safestring import mark_safe
from pydantic import Field

from learning.blocks.base import Block
from learning.rendering import BlockView, ChartView, ExampleStep

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

KINDS: tuple[type[Block], ...] = tuple(sorted(Block.__subclasses__(), key=lambda kind: kind.__name__))
if TYPE_CHECKING:
    AnyBlock = Block
else:
    AnyBlock = Annotated[Union[KINDS], Field(discriminator="type")]  # noqa: UP007  (of a tuple)

_TEMPLATES = {get_args(kind.model_fields["type"].annotation)[0]: kind.template for kind in KINDS}


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
