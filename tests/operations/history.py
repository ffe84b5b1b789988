"""What was asked of the site, in order, and what it answered."""

import itertools
import threading
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

FOREVER = 10**9


class Verdict(StrEnum):
    """Done, sent back to be completed, refused, or nobody knows: the line was cut."""

    OK = "ok"
    SENT_BACK = "sent back"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Entry:
    """One operation. `began` and `ended` are ticks of one clock; what is unknown may end at any time."""

    number: int
    who: str
    what: str
    began: int
    writes: Mapping[Hashable, str] = field(default_factory=dict)
    ended: int = FOREVER
    verdict: Verdict = Verdict.UNKNOWN
    detail: str = ""


class History:
    """Entries of many threads."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.troubles: list[str] = []
        self._clock, self._lock = itertools.count(), threading.Lock()

    @contextmanager
    def entry(self, number: int, who: str, what: str, **known: Any) -> Iterator[Entry]:
        """An operation that is under way; it stays unknown unless the block says how it ended."""
        entry = Entry(number, who, what, self._tick(), **known)
        with self._lock:
            self.entries.append(entry)
        yield entry
        if entry.verdict is not Verdict.UNKNOWN:
            entry.ended = self._tick()

    def _tick(self) -> int:
        return next(self._clock)

    def count(self) -> Counter[Verdict]:
        return Counter(entry.verdict for entry in self.entries)

    def of(self, *what: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.what in what]

    def at(self, place: Hashable) -> str:
        """Everything that was written there, for somebody who looks for the reason."""
        return "\n".join(map(str, (entry for entry in self.entries if place in entry.writes)))

    def possible(self) -> dict[Hashable, set[str]]:
        """What may stand at each place in the end.

        A value that was written stays possible unless something else was certainly written after it; and
        nothing, as long as nothing was certainly written.
        """
        written: dict[Hashable, list[tuple[Entry, str]]] = {}
        for entry in self.entries:
            for place, value in entry.writes.items():
                if entry.verdict is not Verdict.REFUSED:
                    written.setdefault(place, []).append((entry, value))
        return {place: _last(writes) for place, writes in written.items()}


def _last(writes: list[tuple[Entry, str]]) -> set[str]:
    certain = max((entry.began for entry, _ in writes if entry.verdict is Verdict.OK), default=-1)
    before = {""} if certain < 0 else set()
    return before | {value for entry, value in writes if entry.ended > certain}
