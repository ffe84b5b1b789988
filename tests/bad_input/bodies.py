"""Bodies of requests, byte by byte: what a browser would send, and what only somebody with a grudge does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

from tests.bad_input import hostile
from tests.bad_input.pages import Form

BOUNDARY = "xXx-boundary-xXx"
FORM = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
# What an attacker adds to any form, hoping that somebody takes every field there is.
MORE = (
    "id",
    "user",
    "is_staff",
    "is_superuser",
    "role",
    "total_xp",
    "next",
    "action",
    "_method",
    "__all__",
    "\0",
    "é",
)
WAYS = ("text", "text", "text", "offered", "drop", "twice", "many", "array", "file")
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class File:
    """A file where anything may be expected."""

    name: str
    content: bytes
    kind: str = "text/plain"


FILES = (
    File("a.txt", b"text"),
    File("../../etc/passwd", b"\0\xff\xfe"),
    File("", b""),
    File("a\0.png", b"\x89PNG\r\n\x1a\n"),
    File("a\u202egnp.exe" * 40, hostile.MARKUP.encode(), "text/html; charset=utf-7"),
    File('"; filename="b', b"GIF89a" + b"\0" * 5_000, "é/\xff"),
)


def raw(text: str) -> bytes:
    """UTF-8, but half a surrogate pair goes out as the three bytes that nobody should send."""
    return text.encode("utf-8", "surrogatepass")


def urlencoded(fields: Fields) -> bytes:
    pairs = ((name, value) for name, values in fields.items() for value in values)
    return "&".join(f"{quote_from_bytes(raw(n))}={quote_from_bytes(raw(v))}" for n, v in pairs).encode()


def multipart(fields: Fields, files: Mapping[str, File] | None = None) -> bytes:
    parts = [
        b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (raw(name).replace(b'"', b"%22"), raw(value))
        for name, values in fields.items()
        for value in values
    ]
    parts += [
        b'Content-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: %s\r\n\r\n%s'
        % (raw(name), raw(file.name), raw(file.kind), file.content)
        for name, file in (files or {}).items()
    ]
    edge = b"--" + BOUNDARY.encode()
    return b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"


@st.composite
def spoilt(draw: st.DrawFn, form: Form) -> dict[str, Any]:
    """This form with a few fields changed, left out, sent twice, or sent as a file."""
    fields: dict[str, list[str]] = form.filled()
    files: dict[str, File] = {}
    names = [*form.fields, *form.fields, draw(st.sampled_from(MORE))]
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)):
        was, how = fields.pop(name, []), draw(st.sampled_from(WAYS))
        if how == "file":
            files[name] = draw(st.sampled_from(FILES))
        elif how != "drop":
            offered = form.fields[name].offered if name in form.fields else []
            fields[f"{name}[]" if how == "array" else name] = _spoil(draw, how, was, offered)
    if files or draw(st.sampled_from((False, True))):
        return {"data": multipart(fields, files), "content_type": MULTIPART}
    return {"data": urlencoded(fields), "content_type": FORM}


def _spoil(draw: st.DrawFn, how: str, was: list[str], offered: list[str]) -> list[str]:
    if how == "offered" and offered:
        return [draw(st.sampled_from(offered))]
    if how == "many":
        return ["7"] * 300
    return [*was * (how == "twice"), draw(hostile.texts())]
