from typing import Any, ClassVar, Literal

from learning.blocks.base import Block
from learning.rendering import Renderer
from learning.texts import Markdown


class Callout(Block):
    """A passage that stands out: a key idea, a warning or a tip."""

    template: ClassVar[str] = "learning/blocks/callout.html"

    type: Literal["callout"]
    tone: Literal["key", "warning", "tip"]
    markdown: Markdown

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {"tone": self.tone, "html": renderer.markdown(self.markdown)}
