from typing import Any, ClassVar, Literal

from learning.blocks.base import Block
from learning.chart_spec import ChartSpec
from learning.rendering import Renderer
from learning.texts import Markdown


class Chart(Block):
    """Candles of real prices, with what there is to see in words."""

    template: ClassVar[str] = "learning/blocks/chart.html"

    type: Literal["chart"]
    chart: ChartSpec
    markdown: Markdown | None = None

    def render(self, renderer: Renderer) -> dict[str, Any]:
        chart = renderer.chart(self.chart, id=self.id, title=self.title)
        return {"chart": chart.stored(), "html": renderer.markdown(self.markdown) if self.markdown else ""}
