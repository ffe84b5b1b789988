"""What every kind of block is: a schema, a rendering and a template."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.safestring import mark_safe

from learning.rendering import ChartView, Renderer
from learning.texts import Slug, Strict, Title


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody brings along to a block.

    `query` is that of the address; `answer` and `text` are what they answered and wrote here before; `seed`
    is always the same for the same person at the same block; `chart_url` tells where a chart's data is.
    """

    chart_url: Callable[[int], str]
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    answer: Mapping[str, Any] | None = None
    text: str = ""
    seed: str = ""


class Block(Strict):
    """A kind of block. A subclass says its `type`, its fields, and how they are rendered.

    `keeps` says what readers leave here, if anything: an `answer` that is graded at once, or `words`.
    """

    template: ClassVar[str]
    keeps: ClassVar[str] = ""

    id: Slug
    title: Title
    type: str

    @abstractmethod
    def render(self, renderer: Renderer) -> dict[str, Any]:
        """The stored rendering, as JSON: `html` in it is safe, `chart` is a stored ChartView."""

    def rendered(self, renderer: Renderer) -> dict[str, Any]:
        return {"id": self.id, "type": self.type, "title": self.title, **self.render(renderer)}

    def problems(self) -> list[str]:
        """What stands in the way of publishing that the schema cannot say, in sentences."""
        return []

    @classmethod
    def view(cls, stored: dict[str, Any], reader: Reader) -> Mapping[str, Any]:
        """What the template shows of a stored rendering."""
        charts = iter(range(1, 1 + len(cls.charts(stored))))
        shown: Mapping[str, Any] = _shown(stored, lambda: reader.chart_url(next(charts)))
        return shown

    @classmethod
    def charts(cls, stored: dict[str, Any]) -> list[dict[str, Any]]:
        """The stored charts whose data a browser may ask for, in the order of the rendering."""
        return list(_charts(stored))


def _shown(stored: Any, chart_url: Callable[[], str]) -> Any:
    """The rendering as a template takes it: `html` marked safe, charts loaded, whatever the depth."""
    if isinstance(stored, list):
        return [_shown(one, chart_url) for one in stored]
    if not isinstance(stored, dict):
        return stored
    return {name: _shown_as(name, part, chart_url) for name, part in stored.items()}


def _shown_as(name: str, part: Any, chart_url: Callable[[], str]) -> Any:
    if name == "html":
        return mark_safe(part)  # noqa: S308  (rendered by learning.markdown)
    if name == "chart" and part:
        return ChartView.load(part, data_url=chart_url())
    return _shown(part, chart_url)


def _charts(stored: Any) -> list[dict[str, Any]]:
    if isinstance(stored, list):
        return [chart for one in stored for chart in _charts(one)]
    if not isinstance(stored, dict):
        return []
    # In the order in which `_shown` meets them.
    parts = ([part] if name == "chart" else _charts(part) for name, part in stored.items() if part)
    return [chart for found in parts for chart in found]
