"""What the gates on averages, time frames and stops count on whole records."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from learning.charting import Bar
from learning.indicators import Values, sma
from tests.course.claims import Claims, Near, Number, closes


def together(*tables: Claims) -> Claims:
    """One table of several; a numeral that stands in more than one has to hold for all of them."""
    found: dict[str, tuple[Number | Near, ...]] = {}
    for table in tables:
        for numeral, claim in table.items():
            found[numeral] = (*found.get(numeral, ()), *(claim if isinstance(claim, tuple) else (claim,)))
    return found


def known(values: Values, place: int) -> float:
    """The value at a place where there is one. Raises LookupError."""
    value = values[place]
    if value is None:
        raise LookupError(f"There is no value at {place}.")
    return value


def crossings(first: Values, second: Values) -> list[tuple[int, bool]]:
    """Where the first goes from one side of the second to the other, and whether upwards."""
    found: list[tuple[int, bool]] = []
    above: bool | None = None
    for place, (one, other) in enumerate(zip(first, second, strict=True)):
        if one is None or other is None or one == other:
            continue
        if above is not None and above != (one > other):
            found.append((place, one > other))
        above = one > other
    return found


def crossings_of(bars: Sequence[Bar], short: int, long: int) -> list[tuple[int, bool]]:
    """Of two simple averages of the closes; the length 1 is the close itself."""
    prices = closes(bars)
    return crossings(sma(prices, short), sma(prices, long))


def undone_within(found: Sequence[tuple[int, bool]], bars: int) -> int:
    """How many crossings were followed by the opposite one within so many bars."""
    return sum(later - earlier <= bars for (earlier, _), (later, _) in pairwise(found))


def results(bars: Sequence[Bar], found: Sequence[tuple[int, bool]]) -> list[float]:
    """Of buying at the close of each upward crossing and selling at that of the next downward one."""
    prices = closes(bars)
    return [prices[out] / prices[into] - 1 for (into, up), (out, _) in pairwise(found) if up]


def higher_after(bars: Sequence[Bar], places: Iterable[int], count: int) -> tuple[int, int]:
    """Of how many places the close was higher so many bars later, and how many there were."""
    prices = closes(bars)
    later = [prices[n + count] > prices[n] for n in places if n + count < len(prices)]
    return sum(later), len(later)
