from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from learning.blocks.base import Block
from learning.rendering import Renderer
from learning.texts import Label, Line, Markdown


def _https(address: str) -> str:
    if not address.startswith("https://") or any(sign in address for sign in " \"'<>\\"):
        raise ValueError("needs an address that begins with https:// and holds no space, quote or angle")
    return address


class Video(Block):
    """A link to a video elsewhere, and all that is said in it: nobody has to leave to learn it."""

    template: ClassVar[str] = "learning/blocks/video.html"

    type: Literal["video"]
    address: Annotated[str, Field(max_length=400), AfterValidator(_https)]
    site: Label
    minutes: Annotated[int, Field(ge=1, le=240)]
    about: Line
    transcript: Markdown

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {
            "address": self.address,
            "site": self.site,
            "minutes": self.minutes,
            "about": {"html": renderer.line(self.about)},
            "transcript": {"html": renderer.markdown(self.transcript)},
        }
