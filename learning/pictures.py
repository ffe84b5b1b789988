"""Pictures that somebody sends: told apart from what only looks like one, and written anew. Pure.

What is kept is never the bytes that came: it is decoded, turned upright, scaled down and written as WebP
without any metadata, so that neither a place nor a script nor a second file travels along. Of Pillow's many
decoders only three are open here.
"""

import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from PIL import Image, ImageOps

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 1600  # pixels of what is kept
# A drawing stays exact as long as that is no larger; a photograph is not worth it.
MOST_BYTES_LOSSLESS = 400 * 1024
QUALITY = 85

FORMATS = {"PNG": (".png",), "JPEG": (".jpg", ".jpeg"), "WEBP": (".webp",)}
_NAMES = {"PNG": "PNG", "JPEG": "JPEG", "WEBP": "WebP"}
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class NotAPicture(ValueError):
    """It cannot be kept; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: WebP, at most 1600 pixels a side; `digest` is its SHA-256, in hex."""

    data: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def read(data: bytes, *, name: str) -> Picture:
    """The picture in a file of that name, written anew. Raises NotAPicture."""
    if len(data) > MOST_BYTES:
        raise NotAPicture(f"The file is larger than {MOST_BYTES // 2**20} MB.")
    kind = _kind(data)
    _require_fitting_name(kind, name)
    if not _ends_where_the_picture_ends(data, kind):
        raise NotAPicture(
            f"The file is not exactly one {_NAMES[kind]} picture: it is cut off, or something else follows. "
            "Open it in a picture program and save it again."
        )
    return _written(_decoded(data, kind), exact=kind != "JPEG")


def read_again(data: bytes, *, name: str) -> Picture:
    """As `read`; a file that is in the form we write ourselves stays as it is, to the byte.

    So a figure that was exported and is imported again is the same one. Raises NotAPicture.
    """
    if len(data) > MOST_BYTES or not data.startswith(b"RIFF") or not _is_our_form(data):
        return read(data, name=name)
    _require_fitting_name("WEBP", name)
    if not _ends_where_the_picture_ends(data, "WEBP"):
        return read(data, name=name)
    image = _decoded(data, "WEBP")
    return Picture(data, image.width, image.height)


def _is_our_form(data: bytes) -> bool:
    """A WebP of nothing but pixels: no metadata, no animation, no larger than what is kept."""
    names, at = [], 12
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        names.append(name)
        at += 8 + length + length % 2
    simple = names in ([b"VP8 "], [b"VP8L"])
    see_through = names == [b"VP8X", b"ALPH", b"VP8 "] and data[20:24] == b"\x10\0\0\0"
    if at != len(data) or data[8:12] != b"WEBP" or not (simple or see_through):
        return False
    try:
        size = Image.open(io.BytesIO(data), formats=["WEBP"]).size
    except Exception:  # as in `_decoded`
        return False
    return max(size) <= LONGEST_SIDE


def _kind(data: bytes) -> str:
    if data.startswith(_PNG_SIGNATURE):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if b"<svg" in data[:1024].lower():
        raise NotAPicture("SVG files can carry scripts and are not taken. Export the drawing as PNG.")
    raise NotAPicture("The file is no picture in PNG, JPEG or WebP.")


def _require_fitting_name(kind: str, name: str) -> None:
    ending = PurePath(name).suffix.lower()
    if ending not in FORMATS[kind]:
        said = f"ends in “{ending[:10]}”" if ending else "has no ending"
        raise NotAPicture(f"The file is {_NAMES[kind]}, but its name {said}. Name it {FORMATS[kind][0]}.")


def _ends_where_the_picture_ends(data: bytes, kind: str) -> bool:
    """Whether nothing is missing or stuck on, as in a file that is a picture and an archive at once."""
    if kind == "PNG":
        return _end_of_png(data) == len(data)
    if kind == "WEBP":
        length: int = struct.unpack_from("<I", data, 4)[0]
        return len(data) == 8 + length + length % 2
    # Cameras fill up with zeros.
    return data.rstrip(b"\0").endswith(b"\xff\xd9")


def _end_of_png(data: bytes) -> int:
    """Where the last chunk of a PNG ends; -1 when there is none."""
    ends = (end for name, end in _chunks(data) if name == b"IEND")
    return next(ends, -1)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int]]:
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        yield name, at


def _decoded(data: bytes, kind: str) -> Image.Image:
    """Upright, in RGB or RGBA, no larger than what is kept."""
    try:
        image = Image.open(io.BytesIO(data), formats=[kind])
        _require_kept_size(image)
        # A photograph of two lenses is JPEG too, and its first picture is the one that people see.
        if getattr(image, "n_frames", 1) > 1 and kind != "JPEG":
            raise NotAPicture("The picture moves. Send one that stands still.")
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except NotAPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(_TOO_MANY_PIXELS) from error
    # Decoders of hostile bytes raise nearly everything.
    except Exception as error:
        raise NotAPicture(
            f"The {_NAMES[kind]} picture is damaged. Open it in a picture program and save it again."
        ) from error


_TOO_MANY_PIXELS = (
    f"The picture has more than {MOST_PIXELS // 10**6} million pixels. Scale it down and send it again."
)


def _require_kept_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise NotAPicture(_TOO_MANY_PIXELS)


def _written(image: Image.Image, *, exact: bool) -> Picture:
    data = _webp(image, lossless=True) if exact else b""
    if not data or len(data) > MOST_BYTES_LOSSLESS:
        lossy = _webp(image, lossless=False)
        data = min(filter(None, (data, lossy)), key=len)
    return Picture(data, image.width, image.height)


def _webp(image: Image.Image, *, lossless: bool) -> bytes:
    kept = io.BytesIO()
    # No exif=, icc_profile= or xmp=: none of them is carried over from `info` then, which is emptied as well.
    image.info.clear()
    image.save(kept, "WEBP", lossless=lossless, quality=70 if lossless else QUALITY, method=4)
    return kept.getvalue()
