"""Numbers and texts as an SVG takes them."""

import re
from html import escape

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def units(value: float) -> str:
    """At most one decimal, and none that is zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def plain(value: str) -> str:
    """Escaped, without the characters that XML does not know."""
    return escape(_NOT_XML.sub("", value))
