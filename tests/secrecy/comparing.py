"""Whether two readers were told the same, and whether anybody was told what is marked."""

import re
from collections.abc import Iterable, Iterator, Mapping

from tests.secrecy.crawler import Shown
from tests.secrecy.telling import Told

UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# When the database wrote a row; times that the product passes in are the same in all worlds, and stay.
WRITTEN = re.compile(r'<time datetime="[^"]*\.[0-9]{6}[^"]*">[^<]*</time>')
AROUND = 80


class Neutral:
    """Replaces the ids of rows, which are drawn anew, by the order in which they were first met.

    Likewise the moment at which the database wrote a row, which is told on pages of notes and reports.
    """

    def __init__(self) -> None:
        self._met: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        timeless = WRITTEN.sub("<time></time>", text)
        return UUID.sub(
            lambda found: self._met.setdefault(found[0], f"id-{len(self._met) + 1:033}"), timeless
        )


def differences(one: Told, other: Told, *, at_most: int = 5) -> list[str]:
    """What tells one world from the other, in words; nothing where every byte and header is the same."""
    pairs = zip(_lines(one), _lines(other), strict=False)
    found = [_difference(*mine, *theirs) for mine, theirs in pairs if mine != theirs]
    if len(one.responses) != len(other.responses):
        found.append(f"{len(one.responses)} responses in one world, {len(other.responses)} in the other")
    return found[:at_most]


def _lines(told: Told) -> Iterator[tuple[str, str]]:
    """Each thing that was told, after what it was told by."""
    neutral = Neutral()
    for shown in told.responses:
        yield neutral(str(shown.request)), neutral(shown.text())
    for mail in told.mailed:
        yield "a mail", neutral(mail)


def _difference(asked: str, mine: str, asked_too: str, theirs: str) -> str:
    if asked != asked_too:
        return f"one world led to {asked}, the other to {asked_too}"
    at = next((n for n, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), 0)
    start = max(0, at - AROUND)
    return (
        f"{asked} differs at character {at} of headers and body:\n"
        f"    one world: {mine[start : at + AROUND]!r}\n    the other: {theirs[start : at + AROUND]!r}"
    )


def leaks(marks: Mapping[str, str], texts: Iterable[tuple[str, str]]) -> list[str]:
    """Every marked thing (mark -> what it is) that a text (where -> text) holds, and where it was first."""
    known = [(where, text.lower()) for where, text in texts]
    everything = "\n".join(text for _, text in known)
    found = []
    for mark, what in marks.items():
        if mark.lower() in everything and (where := _first(mark.lower(), known)):
            found.append(f"{what} was in {where}")
    return sorted(found)


def _first(mark: str, texts: list[tuple[str, str]]) -> str | None:
    # "2 March" is no part of "12 March", nor 101.5 one of 6101.52.
    before, after = (r"(?<![0-9.,])", "(?![0-9])") if mark[0].isdigit() else ("", "")
    alone = re.compile(f"{before}{re.escape(mark)}{after}")
    for where, text in texts:
        if found := alone.search(text):
            start = max(0, found.start() - AROUND)
            return f"{where}: …{text[start : found.end() + AROUND]!r}…"
    return None


def shown_in(told: Told) -> list[tuple[str, str]]:
    return [(f"{shown.request} ({shown.status})", shown.text()) for shown in told.responses]


def seen_in(responses: Iterable[Shown], marks: Iterable[str]) -> set[str]:
    """Those of the marks that some response shows."""
    everything = "\n".join(shown.text() for shown in responses)
    return {mark for mark in marks if mark in everything}
