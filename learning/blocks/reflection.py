from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from learning.blocks.base import Block, Reader
from learning.models.note import LONGEST_NOTE
from learning.rendering import Renderer
from learning.texts import Markdown


class Reflection(Block):
    """A question to think about in one's own words, which stay private: nobody grades or reads them."""

    template: ClassVar[str] = "learning/blocks/reflection.html"
    keeps: ClassVar[str] = "words"

    type: Literal["reflection"]
    markdown: Markdown

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {"html": renderer.markdown(self.markdown)}

    @classmethod
    def view(cls, stored: dict[str, Any], reader: Reader) -> Mapping[str, Any]:
        return {**super().view(stored, reader), "text": reader.text, "longest": LONGEST_NOTE}
