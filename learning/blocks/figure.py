from typing import Any, ClassVar, Literal

from learning.blocks.base import Block
from learning.rendering import Renderer
from learning.texts import FigureCode, Line, Markdown


class FigureBlock(Block):
    """A picture from the workshop's figures; its words for those who do not see it come with it."""

    template: ClassVar[str] = "learning/blocks/figure.html"

    type: Literal["figure"]
    figure: FigureCode
    caption: Line | None = None
    markdown: Markdown | None = None

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {
            "figure": renderer.figure(self.figure),
            "caption": {"html": renderer.line(self.caption) if self.caption else ""},
            "html": renderer.markdown(self.markdown) if self.markdown else "",
        }
