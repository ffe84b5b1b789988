"""Texts of one block or question: alternative texts, headings, and Markdown that learners would not see."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from learning.workshop.checks.finding import Finding, advice
from learning.workshop.trial import Item

SHORT = 25  # characters; what there is to see on a chart takes more
FIRST, LAST = 3, 5  # levels of headings that texts may have: the page has the first two
_PARSER = MarkdownIt("commonmark")


def found(item: Item) -> Iterator[Finding]:
    """What a reader who sees or hears only the words would miss."""
    # What the schema refuses is told by it.
    for chart in _those("chart", item.raw) if item.source else ():
        yield from _of_summary(item, chart)
    if item.stored and (figure := item.stored.get("figure")):
        yield from _of_figure(item, figure["alt"])
    for text in strings(item.raw):
        yield from (advice(words, item) for words in _of_markdown(text))


def strings(value: object) -> Iterator[str]:
    """Every text in some JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def _of_summary(item: Item, chart: dict[str, Any]) -> Iterator[Finding]:
    summary = str(chart.get("summary") or "").strip()
    if not summary:
        yield Finding.of(item, _("chart, summary: says nothing; who does not see the chart learns nothing"))
    elif _same(summary, item.raw.get("title")):
        yield Finding.of(item, _("chart, summary: repeats the title; say what there is to see"))
    elif len(summary) < SHORT:
        yield advice(_("chart, summary: is short; who does not see the chart has only these words"), item)


def _of_figure(item: Item, alt: str) -> Iterator[Finding]:
    if not alt.strip():
        yield Finding.of(item, _("figure: has no words for those who do not see it"))
    elif _same(alt, item.raw.get("title")) or _same(alt, item.raw.get("caption")):
        yield advice(_("figure: its alternative text only repeats the title; say what it shows"), item)


def _same(text: str, other: object) -> bool:
    return text.strip().rstrip(".").casefold() == str(other or "").strip().rstrip(".").casefold()


def _of_markdown(text: str) -> Iterator[str]:
    tokens = _PARSER.parse(text)
    before = FIRST - 1
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
            if not FIRST <= level <= LAST:
                yield _("a heading with %(marks)s is shown as plain text; begin it with ###") % {
                    "marks": "#" * level
                }
            elif level > before + 1:
                yield _("a heading of level %(level)s comes without one of level %(above)s above it") % {
                    "level": level,
                    "above": level - 1,
                }
            before = min(max(level, FIRST - 1), LAST)
    if any(token.type == "image" for token in _flat(tokens)):
        yield _("a picture in Markdown is not shown; use a block with a figure")


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


def _those(name: str, value: object) -> Iterator[dict[str, Any]]:
    """Every map under this name, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == name and isinstance(inner, dict):
                yield inner
            else:
                yield from _those(name, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _those(name, inner)
