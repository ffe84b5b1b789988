"""Two lists of things with an id, side by side: what came, what went, what moved. Pure Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing before and after, with its place in either list from 1; None where it is not there.

    `moved` says that it stands elsewhere among the things that both lists have.
    """

    id: str
    old: Json | None
    new: Json | None
    old_number: int | None
    new_number: int | None
    moved: bool = False


def paired(before: Iterable[Json], after: Iterable[Json]) -> list[Pair]:
    """Things of the same id together, in the order of `after`; what is gone comes last.

    As few as possible count as moved. Of two that have the same id in one list the later one counts; what
    has none goes by its number.
    """
    old, new = (
        {str(one.get("id") or number): (number, one) for number, one in enumerate(those, start=1)}
        for those in (before, after)
    )
    moved = _moved([key for key in old if key in new], [key for key in new if key in old])
    nothing = (None, None)
    return [
        Pair(key, old.get(key, nothing)[1], item, old.get(key, nothing)[0], number, key in moved)
        for key, (number, item) in new.items()
    ] + [Pair(key, item, None, number, None) for key, (number, item) in old.items() if key not in new]


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Those of the same things that do not stay in line with the others."""
    matched = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return set(after) - {after[place] for one in matched for place in range(one.b, one.b + one.size)}
