from typing import Any, ClassVar, Literal

from learning.blocks.base import Block
from learning.rendering import Renderer
from learning.texts import Markdown


class Prose(Block):
    """A passage of Markdown."""

    template: ClassVar[str] = "learning/blocks/prose.html"

    type: Literal["prose"]
    markdown: Markdown

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {"html": renderer.markdown(self.markdown)}
