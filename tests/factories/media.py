"""Pictures and figures, made by the product's own means."""

import io
from typing import Any

from PIL import Image, ImageDraw

from learning import figures
from learning.models import Figure
from learning.pictures import read


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **how: Any) -> bytes:
    """The bytes of a small drawing in PNG, JPEG, WEBP or whatever else Pillow writes."""
    image = Image.new(mode, size, "white" if mode != "P" else 0)
    ImageDraw.Draw(image).rectangle((8, 8, size[0] // 2, size[1] // 2), fill="teal" if mode != "P" else 1)
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def noise(side: int = 1000) -> bytes:
    """A PNG that no compression makes small."""
    file = io.BytesIO()
    Image.effect_noise((side, side), 100).convert("RGB").save(file, "PNG")
    return file.getvalue()


def make_figure(code: str = "a-figure", *, stored: bool = False, **facts: Any) -> Figure:
    """A figure; with `stored` its file lies in the storage, too."""
    shown = read(picture(), name="a.png")
    figure = Figure(
        code=code,
        digest=shown.digest,
        width=shown.width,
        height=shown.height,
        size=len(shown.data),
        **{
            "title": "A drawing",
            "alt": "A teal rectangle.",
            "source": "Made for tests.",
            "ground_of_use": "Our own.",
            **facts,
        },
    )
    figures.keep(figure, shown if stored else None)
    return figure
