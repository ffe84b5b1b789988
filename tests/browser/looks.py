"""How a page is looked at: in two themes and three widths."""

from itertools import product
from typing import NamedTuple

from tests.amounts import FULL


class Look(NamedTuple):
    """320 px is also what is left of 640 px at 200 % and of 1280 px at 400 %."""

    theme: str
    width: int

    def __str__(self) -> str:
        return f"{self.theme}-{self.width}"


HEIGHT = 800
LOOKS = tuple(Look(*look) for look in product(("light", "dark"), (320, 768, 1280)))


def looks_of(number: int) -> tuple[Look, ...]:
    """The looks of the page of this number: one, another one for the page after it; or all six."""
    return LOOKS if FULL else (LOOKS[number % len(LOOKS)],)
