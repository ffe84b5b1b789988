"""One thing that a check found."""

from dataclasses import dataclass
from typing import Literal

from learning.workshop.trial import Item


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about the gate, or about the block or question with the id `item`."""

    words: str
    part: Literal["gate", "block", "question"] = "gate"
    item: str = ""
    stands_in_the_way: bool = True

    @classmethod
    def of(cls, item: Item, words: str, *, stands_in_the_way: bool = True) -> "Finding":
        """About this item. The words name it, unless they do already."""
        noun = item.part.capitalize()
        named = words.startswith(f"{noun} {item.number}")
        kind = f" ({item.kind})" if item.kind else ""
        told = words if named else f"{noun} {item.number}{kind} – {words}"
        return cls(told, item.part, item.id, stands_in_the_way)


def advice(words: str, item: Item | None = None) -> Finding:
    """Something worth a thought that keeps nobody from publishing."""
    if item is None:
        return Finding(words, stands_in_the_way=False)
    return Finding.of(item, words, stands_in_the_way=False)
