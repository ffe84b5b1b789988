"""Where things stand in a chart: prices and times on their axes, and labels kept apart.

Places are units of 1,000 or percent of the box, never pixels; times are UTC.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10

from learning.charting import MONTHS, Bar, ChartSpec, Side, number
from learning.charting_curves import NOTHING, Overlays

UNITS = 1000.0
BODY_SHARE = 0.64  # of the room of one bar
LEAST_ROOMS = 12  # fewer bars than this stand in the middle, so that no candle is wider than a twelfth
VOLUME_SHARE = 0.18
PANE_SHARE = 0.24
MARGIN = 0.05  # of the price range, above and below
MARKER_MARGIN = 0.17  # the same where markers stand
EDGE = 0.03  # of the height, below the upper edge, where no price label stands: it would be cut
LABEL_GAP = 6.5  # percent of the height between the baselines of two labels
MOST_TIMES = 8
NARROW, WIDE = 210.0, 460.0  # pixels that the candles have in a box of 288 and of 544 pixels
SIGN, SPACE = 7.2, 8.0  # pixels of one sign of a time label, and between two labels
# Steps of the price axis in powers of ten, the simplest first.
_ROUND_STEPS = ((1, 2, 5), (2.5,), (4, 3, 1.5, 7.5))
# What a time label can mark the start of, finest first, and how it is then written.
_STARTS: tuple[tuple[str, Callable[[datetime], Hashable]], ...] = (
    ("hour", lambda time: (time.date(), time.hour)),
    ("hour", lambda time: (time.date(), time.hour // 4)),
    ("hour", lambda time: (time.date(), time.hour // 12)),
    ("day", lambda time: time.date()),
    ("day", lambda time: time.isocalendar()[:2]),
    ("month", lambda time: (time.year, time.month)),
    ("month", lambda time: (time.year, (time.month - 1) // 3)),
    ("year", lambda time: time.year),
    ("year", lambda time: time.year // 2),
    ("year", lambda time: time.year // 5),
    ("year", lambda time: time.year // 10),
)
_FINEST = {"1h": 0, "1d": 3, "1w": 3, "1mo": 5}


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a price stands: `bottom` and `top` are prices, `floor` is how far down `bottom` is, in units."""

    bottom: float
    top: float
    floor: float

    def y(self, price: Decimal | float) -> float:
        """Units from the upper edge; a higher price is a smaller figure."""
        return self.floor * (self.top - float(price)) / (self.top - self.bottom)

    def percent(self, price: Decimal | float) -> float:
        return self.y(price) * 100 / UNITS


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A label of the time axis below the bar at `index`; `narrow` when it also fits into a narrow box."""

    index: int
    text: str
    narrow: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A label at a height in percent, on one side of the picture."""

    y: float
    side: Side
    text: str
    kind: str


def price_scale(bars: Sequence[Bar], spec: ChartSpec, overlays: Overlays = NOTHING) -> Scale:
    """The scale that holds all that is drawn, with room for markers, volume or a pane; never of height 0."""
    prices = [float(price) for bar in bars for price in (bar.low, bar.high)]
    prices += [*(float(line.price) for line in spec.price_lines), *overlays.prices]
    prices += [float(price) for zone in spec.zones for price in (zone.low, zone.high)]
    low, high = min(prices), max(prices)
    height = high - low or abs(high) * 0.01 or 1.0
    if high == low:
        low, high = low - height / 2, high + height / 2
    sides = {marker.side for marker in spec.markers}
    above, below = (MARKER_MARGIN if side in sides else MARGIN for side in ("above", "below"))
    share = 1 - (PANE_SHARE if overlays.pane else VOLUME_SHARE if spec.volume else 0.0)
    return Scale(low - below * height, high + above * height, UNITS * share)


def round_ticks(scale: Scale) -> tuple[float, ...]:
    """Four to six round prices inside the scale, lowest first: multiples of 1, 2 or 5 × 10ⁿ when those fit.

    The idea of preferring simple steps: Heckbert, Nice Numbers for Graph Labels (Graphics Gems, 1990). One
    step always fits, because none is more than 1.5 times the next smaller one.
    """
    size = 10.0 ** floor(log10(scale.top - scale.bottom))
    choices = [
        (rank, _multiples(scale, step * size / part))
        for rank, family in enumerate(_ROUND_STEPS)
        for step in family
        for part in (1, 10)
    ]
    fitting = [(rank, ticks) for rank, ticks in choices if 4 <= len(ticks) <= 6]
    return min(fitting, key=lambda choice: (choice[0], abs(len(choice[1]) - 5)))[1]


def tick_text(tick: float, ticks: Sequence[float]) -> str:
    """The label of a tick, with just the decimals that the step between ticks needs."""
    step = ticks[1] - ticks[0]
    needed = max(0, -floor(log10(step) + 1e-9))
    coarse = round(step, needed)
    return number(Decimal(repr(tick)), needed if abs(coarse - step) < step / 100 else needed + 1)


def bar_x(index: int, count: int) -> float:
    """The middle of a bar, in units from the left; few bars stand in the middle of the picture."""
    rooms = max(count, LEAST_ROOMS)
    return (index + 0.5 + (rooms - count) / 2) * UNITS / rooms


def body_width(count: int) -> float:
    """The width of a candle, in units."""
    return UNITS / max(count, LEAST_ROOMS) * BODY_SHARE


def time_ticks(bars: Sequence[Bar], timeframe: str) -> list[TimeTick]:
    """At most nine labels (UTC): starts of the finest of hours, days, months, years that fit.

    The first bar has a label too where it does not touch the next one.
    """
    kinds = ((name, _changes(bars, start)) for name, start in _STARTS[_FINEST[timeframe] :])
    name, changes = next((kind for kind in kinds if len(kind[1]) <= MOST_TIMES), ("year", []))
    labels = _time_labels(name, bars, [0, *changes])
    if changes and len(_fitting(labels[:2], len(bars), WIDE)) < 2:
        labels = _time_labels(name, bars, changes)
    wide = _fitting(labels, len(bars), WIDE)
    narrow = _fitting(wide, len(bars), NARROW)
    return [TimeTick(index, text, (index, text) in narrow) for index, text in wide]


def spread(notes: Sequence[Note]) -> list[Note]:
    """The notes of each side, moved down and then up just as far as keeps their labels apart."""
    moved: list[Note] = []
    for side in ("start", "end"):
        group = sorted((note for note in notes if note.side == side), key=lambda note: note.y)
        heights = apart([note.y for note in group])
        moved += [Note(y, note.side, note.text, note.kind) for y, note in zip(heights, group, strict=True)]
    return moved


def apart(heights: Sequence[float]) -> list[float]:
    """Ascending heights in percent, at least LABEL_GAP apart and, while they fit, inside 4 to 97."""
    result: list[float] = []
    for height in heights:
        result.append(max(height, 4.0, result[-1] + LABEL_GAP if result else 0.0))
    ceiling = 97.0
    for index in range(len(result) - 1, -1, -1):
        result[index] = min(result[index], ceiling)
        ceiling = result[index] - LABEL_GAP
    return result


def turn(x: float) -> str:
    """Near an edge a text turns inwards; `x` in percent."""
    return " chart-start" if x < 5 else " chart-end" if x > 95 else ""


def _changes(bars: Sequence[Bar], start: Callable[[datetime], Hashable]) -> list[int]:
    """The bars at which a new hour, day, month or year starts."""
    starts = [start(bar.time) for bar in bars]
    return [index for index in range(1, len(bars)) if starts[index] != starts[index - 1]]


def _time_labels(name: str, bars: Sequence[Bar], chosen: Sequence[int]) -> list[tuple[int, str]]:
    times = [bars[index].time for index in chosen]
    texts = [_time_text(name, time, before) for before, time in pairwise([None, *times]) if time]
    return list(zip(chosen, texts, strict=True))


def _fitting(labels: Sequence[tuple[int, str]], count: int, width: float) -> list[tuple[int, str]]:
    """From the left, the labels that touch neither edge nor neighbour when the candles are `width` pixels."""
    kept: list[tuple[int, str]] = []
    edge = -SPACE
    for index, text in labels:
        middle, length = bar_x(index, count) / UNITS, len(text) * SIGN
        shift = {"": length / 2, " chart-start": 0.0, " chart-end": length}[turn(middle * 100)]
        if middle * width - shift >= edge + SPACE:
            kept.append((index, text))
            edge = middle * width - shift + length
    return kept


def _time_text(name: str, time: datetime, before: datetime | None) -> str:
    """A year, a month, a day or an hour; the larger one where it changed since the label before."""
    month = MONTHS[time.month - 1][:3]
    if name == "year" or (name == "month" and before is not None and before.year != time.year):
        return str(time.year)
    if name == "month":
        return month if before else f"{month} {time.year}"
    clock = f"{time:%H:%M}" if name == "hour" else "00:00"
    if clock != "00:00" and before is not None and before.date() == time.date():
        return clock
    return f"{time.day} {month}" if clock == "00:00" else f"{time.day} {month} {clock}"


def _multiples(scale: Scale, step: float) -> tuple[float, ...]:
    top = scale.top - (scale.top - scale.bottom) * EDGE
    first, last = ceil(scale.bottom / step), floor(top / step)
    digits = max(0, 2 - floor(log10(step)))
    return tuple(round(index * step, digits) for index in range(first, last + 1))
