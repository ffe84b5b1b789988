from typing import Any, ClassVar, Literal

from learning.blocks.base import Block
from learning.chart_spec import ChartSpec
from learning.rendering import Renderer
from learning.texts import Markdown, Strict, Title


class Side(Strict):
    title: Title
    chart: ChartSpec
    markdown: Markdown | None = None


class Comparison(Block):
    """Two charts beside each other, with what tells them apart in words."""

    template: ClassVar[str] = "learning/blocks/comparison.html"

    type: Literal["comparison"]
    markdown: Markdown
    first: Side
    second: Side

    def render(self, renderer: Renderer) -> dict[str, Any]:
        sides = [
            {
                "title": side.title,
                "chart": renderer.chart(side.chart, id=f"{self.id}-{n}", title=side.title).stored(),
                "html": renderer.markdown(side.markdown) if side.markdown else "",
            }
            for n, side in enumerate((self.first, self.second), start=1)
        ]
        return {"html": renderer.markdown(self.markdown), "sides": sides}
