"""What published blocks say in plain words: written with each publication, read by search and glossary."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from learning.models import Lesson, Passage

_INLINE = re.compile(r"</?(?:a|strong|em|code|del)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_TERM_LINK = re.compile(r'<a class="term" href="/glossary/([a-z0-9-]{1,40})/">')


def plain(html: str) -> str:
    """The words of sanitised HTML, in one line."""
    return _SPACE.sub(" ", unescape(_TAG.sub(" ", _INLINE.sub("", html)))).strip()


def rewrite(lesson: Lesson, blocks: Sequence[Mapping[str, Any]]) -> None:
    """Keep what these stored renderings of the lesson's blocks say, in the place of what was kept before.

    The lesson is locked by its publication.
    """
    Passage.objects.filter(lesson=lesson).delete()
    Passage.objects.bulk_create(_passage(lesson, n, block) for n, block in enumerate(blocks, start=1))


def _passage(lesson: Lesson, number: int, block: Mapping[str, Any]) -> Passage:
    html = list(_shown(block))
    return Passage(
        lesson=lesson,
        number=number,
        block=block["id"],
        title=block["title"],
        text=plain(" ".join(html)),
        terms=sorted({code for part in html for code in _TERM_LINK.findall(part)}),
    )


def _shown(block: Mapping[str, Any]) -> Iterator[str]:
    """The parts that every reader of the block sees before doing anything.

    Named one by one: what a new kind of block keeps beside them (answers, feedback) is not searched.
    """
    yield block.get("html") or ""
    for step in block.get("steps") or ():
        yield f"{step['title']} {step['html']}"
    for card in block.get("cards") or ():
        yield f"{card['front']['html']} {card['back']['html']}"
    for side in block.get("sides") or ():
        yield f"{side['title']} {side['html']}"
    for part in ("about", "transcript", "caption"):
        yield (block.get(part) or {}).get("html", "")
