from typing import Any, ClassVar, Literal

from pydantic import Field

from learning.blocks.base import Block
from learning.rendering import Renderer
from learning.texts import Line, Markdown, Paragraph, Strict


class Card(Strict):
    front: Line
    back: Paragraph


class FlashCards(Block):
    """Questions to answer in one's head; a card turns over when it is asked to."""

    template: ClassVar[str] = "learning/blocks/flash_cards.html"

    type: Literal["flash_cards"]
    markdown: Markdown | None = None
    cards: tuple[Card, ...] = Field(min_length=2, max_length=12)

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {
            "html": renderer.markdown(self.markdown) if self.markdown else "",
            "cards": [
                {"front": {"html": renderer.line(card.front)}, "back": {"html": renderer.markdown(card.back)}}
                for card in self.cards
            ],
        }
