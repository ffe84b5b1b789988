"""Pictures are written anew, without metadata; whatever only looks like one is refused in words."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from learning import pictures
from learning.pictures import NotAPicture, Picture, read
from tests.amounts import amount
from tests.factories.fuzz import steady
from tests.factories.media import noise, picture

NAMES = {"PNG": "a.png", "JPEG": "a.JPG", "WEBP": "a.webp"}


def opened(kept: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(kept.data))
    image.load()
    return image


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it is that large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", NAMES)
def test_each_format_becomes_webp_of_the_same_size(kind: str) -> None:
    kept = read(picture(kind), name=NAMES[kind])
    image = opened(kept)
    assert (image.format, image.size, (kept.width, kept.height)) == ("WEBP", (64, 48), (64, 48))
    assert len(kept.digest) == 64
    assert read(picture(kind), name=NAMES[kind]) == kept


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("1", "PNG"), ("L", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG")],
)
def test_every_kind_of_colour_can_be_kept(mode: str, kind: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (20, 10)).save(file, kind)
    assert opened(read(file.getvalue(), name=NAMES[kind])).size == (20, 10)


def test_a_drawing_stays_exact_and_what_shines_through_does_too() -> None:
    image, file = Image.new("RGBA", (20, 10), (10, 20, 30, 40)), io.BytesIO()
    image.putpixel((3, 4), (200, 100, 50, 255))
    image.save(file, "PNG")
    after = opened(read(file.getvalue(), name="a.png"))
    assert (after.getpixel((3, 4)), after.getpixel((0, 0))) == ((200, 100, 50, 255), (10, 20, 30, 40))


def test_what_is_large_is_scaled_down() -> None:
    kept = read(picture(size=(4000, 1000)), name="a.png")
    assert (kept.width, kept.height) == (1600, 400)
    thin = read(picture(size=(20_000, 20)), name="a.png")
    assert (thin.width, thin.height) == (1600, 2)


def test_a_photograph_stands_upright_and_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "SECRET-CAMERA"
    sent = picture("JPEG", exif=exif, comment=b"SECRET-COMMENT")
    kept = read(sent, name="a.jpg")
    assert b"SECRET" in sent
    assert (kept.width, kept.height) == (48, 64)
    assert b"SECRET" not in kept.data
    assert b"EXIF" not in kept.data
    assert not opened(kept).getexif()


def test_texts_of_a_png_and_its_profile_are_left_behind() -> None:
    texts = PngInfo()
    texts.add_text("Author", "SECRET-AUTHOR")
    kept = read(picture("PNG", pnginfo=texts, icc_profile=b"SECRET-PROFILE"), name="a.png")
    assert b"SECRET" not in kept.data
    assert b"ICCP" not in kept.data


def test_what_no_compression_makes_small_is_kept_as_a_photograph() -> None:
    sent = noise(700)
    kept = read(sent, name="a.png")
    assert len(kept.data) < len(sent)


def _with_icon(first: bytes) -> bytes:
    return first + b"PK\x05\x06" + bytes(18)


def _moving(kind: str) -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


HOSTILE = {
    "nothing": (b"", "a.png", "no picture in PNG, JPEG or WebP"),
    "a text": (b"hello", "a.png", "no picture in PNG, JPEG or WebP"),
    "a GIF": (picture("GIF"), "a.gif", "no picture in PNG, JPEG or WebP"),
    "a GIF called PNG": (picture("GIF"), "a.png", "no picture in PNG, JPEG or WebP"),
    "a TIFF": (picture("TIFF"), "a.png", "no picture in PNG, JPEG or WebP"),
    "an SVG": (b"<?xml?><svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "SVG files can carry"),
    "an SVG called PNG": (b"<svg onload=alert(1)>", "a.png", "SVG files can carry"),
    "a page called PNG": (b"<html><script>alert(1)</script>", "a.png", "no picture in PNG"),
    "a JPEG called PNG": (picture("JPEG"), "a.png", "The file is JPEG, but its name ends in “.png”"),
    "a PNG called a page": (picture("PNG"), "a.html", "The file is PNG, but its name ends in “.html”"),
    "a PNG without an ending": (picture("PNG"), "a", "The file is PNG, but its name has no ending"),
    "a PNG cut off": (picture("PNG")[:-30], "a.png", "cut off"),
    "a JPEG cut off": (picture("JPEG")[:-30], "a.jpg", "cut off"),
    "a WebP cut off": (picture("WEBP")[:-30], "a.webp", "cut off"),
    "a PNG and an archive": (_with_icon(picture("PNG")), "a.png", "something else follows"),
    "a JPEG and an archive": (_with_icon(picture("JPEG")), "a.jpg", "something else follows"),
    "a WebP and an archive": (_with_icon(picture("WEBP")), "a.webp", "something else follows"),
    "only a head of PNG": (b"\x89PNG\r\n\x1a\n", "a.png", "cut off"),
    "only a head of JPEG": (b"\xff\xd8\xff\xd9", "a.jpg", "damaged"),
    "only a head of WebP": (b"RIFF\x04\0\0\0WEBP", "a.webp", "damaged"),
    "too many pixels": (bomb(5001, 5000), "a.png", "more than 25 million pixels"),
    "a bomb": (bomb(12_000, 12_000), "a.png", "more than 25 million pixels"),
    "a great bomb": (bomb(60_000, 60_000), "a.png", "more than 25 million pixels"),
    "fewer rows than it says": (bomb(500, 500), "a.png", "damaged"),
    "too many bytes": (picture("PNG") + bytes(pictures.MOST_BYTES), "a.png", "larger than 5 MB"),
    "a PNG that moves": (_moving("PNG"), "a.png", "moves"),
    "a WebP that moves": (_moving("WEBP"), "a.webp", "moves"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_still_picture_is_refused_and_why(what: str) -> None:
    data, name, reason = HOSTILE[what]
    with pytest.raises(NotAPicture) as caught:
        read(data, name=name)
    assert reason in str(caught.value)


def test_whatever_is_sent_is_a_picture_or_refused() -> None:
    good = [(picture(kind), name) for kind, name in NAMES.items()]

    @steady(amount(150, 5_000))
    @given(st.sampled_from(good), st.data(), st.binary(max_size=8), st.booleans())
    def spoil(sent: tuple[bytes, str], data: st.DataObject, bits: bytes, replace: bool) -> None:
        whole, name = sent
        at = data.draw(st.integers(0, len(whole)))
        spoilt = whole[:at] + bits + whole[at + (len(bits) if replace else 0) :]
        try:
            kept = read(spoilt, name=name)
        except NotAPicture:
            return
        assert opened(kept).size == (kept.width, kept.height)

    spoil()
