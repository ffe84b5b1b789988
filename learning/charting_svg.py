"""The static picture of a window of bars: an accessible SVG, complete without JavaScript.

The candles are paths in a square of 1,000 units that stretches with the box; every text stands at a
percentage of the box and keeps its size, so the same picture reads at 320 and at 1,280 pixels. Axis labels
stand in the padding that `chart.css` gives the SVG. Colours, fonts and line widths come from its classes;
there is no style attribute.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape
from itertools import pairwise
from math import ceil, floor, log10

from learning.charting import (
    MONTHS,
    Bar,
    ChartSpec,
    PriceLine,
    Side,
    Zone,
    figures,
    filled,
    label_side,
    moment,
    number,
    placed,
)

UNITS = 1000.0
BODY_SHARE = 0.64  # of the room of one bar
LEAST_ROOMS = 12  # fewer bars than this stand in the middle, so that no candle is wider than a twelfth
VOLUME_SHARE = 0.18
MARGIN = 0.05  # of the price range, above and below
MARKER_MARGIN = 0.17  # the same where markers stand
EDGE = 0.03  # of the height, below the upper edge, where no price label stands: it would be cut
LABEL_GAP = 6.5  # percent of the height between the baselines of two labels
TICK_GAP = 6.0  # percent of the height that a price label clears around it
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

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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


def svg(
    bars: Sequence[Bar],
    spec: ChartSpec,
    timeframe: str,
    decimals: int,
    *,
    title: str,
    title_id: str,
    desc_id: str,
) -> str:
    """The picture as one <svg role="img">, safe to put into HTML: every text in it is escaped.

    The two ids must be unique in the page; <desc> has the author's summary, the figures and the annotations.
    Raises EmptyWindow, UnknownTimeframe.
    """
    shown = filled(bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg {_gutter(shown, spec, decimals)}"'
        f' width="100%" height="100%" role="img" aria-labelledby="{_text(title_id)} {_text(desc_id)}">'
        f'<title id="{_text(title_id)}">{_text(title)}</title>'
        f'<desc id="{_text(desc_id)}">{_text(description(shown, spec, timeframe, decimals))}</desc>'
        f'<g aria-hidden="true">{_drawing(shown, spec, timeframe, decimals)}</g></svg>'
    )


def description(bars: Sequence[Bar], spec: ChartSpec, timeframe: str, decimals: int) -> str:
    """All that the picture says, in words: the summary, the figures, then lines, zones and markers."""
    words = [spec.summary, figures(bars, timeframe, decimals)]
    words += [f"Line at {number(line.price, decimals)}: {line.label}." for line in spec.price_lines]
    words += [
        f"Zone from {number(zone.low, decimals)} to {number(zone.high, decimals)}: {zone.label}."
        for zone in spec.zones
    ]
    words += [
        f"Marker at {moment(bars[index].time, timeframe)}: {marker.label}."
        for index, marker in placed(bars, spec.markers, timeframe)
    ]
    return " ".join(words)


def price_scale(bars: Sequence[Bar], spec: ChartSpec) -> Scale:
    """The scale that holds every bar, line and zone, with room for markers and volume; never of height 0."""
    prices = [float(price) for bar in bars for price in (bar.low, bar.high)]
    prices += [float(line.price) for line in spec.price_lines]
    prices += [float(price) for zone in spec.zones for price in (zone.low, zone.high)]
    low, high = min(prices), max(prices)
    height = high - low or abs(high) * 0.01 or 1.0
    if high == low:
        low, high = low - height / 2, high + height / 2
    sides = {marker.side for marker in spec.markers}
    above, below = (MARKER_MARGIN if side in sides else MARGIN for side in ("above", "below"))
    share = 1 - VOLUME_SHARE if spec.volume else 1.0
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
        heights = _apart([note.y for note in group])
        moved += [Note(y, note.side, note.text, note.kind) for y, note in zip(heights, group, strict=True)]
    return moved


def _apart(heights: Sequence[float]) -> list[float]:
    """Ascending heights in percent, at least LABEL_GAP apart and, while they fit, inside 4 to 97."""
    result: list[float] = []
    for height in heights:
        result.append(max(height, 4.0, result[-1] + LABEL_GAP if result else 0.0))
    ceiling = 97.0
    for index in range(len(result) - 1, -1, -1):
        result[index] = min(result[index], ceiling)
        ceiling = result[index] - LABEL_GAP
    return result


def _gutter(bars: Sequence[Bar], spec: ChartSpec, decimals: int) -> str:
    """The class that reserves the width of the price axis: narrow up to 6 signs, wide above 8."""
    ticks = round_ticks(price_scale(bars, spec))
    labels = [tick_text(tick, ticks) for tick in ticks]
    labels += [number(line.price, decimals) for line in spec.price_lines]
    longest = max(len(label) for label in labels)
    return "chart-narrow" if longest <= 6 else "chart-medium" if longest <= 8 else "chart-wide"


def _drawing(bars: Sequence[Bar], spec: ChartSpec, timeframe: str, decimals: int) -> str:
    """All that is seen, from back to front."""
    scale = price_scale(bars, spec)
    ticks = round_ticks(scale)
    parts = (
        _plot(bars, spec, scale, ticks, timeframe),
        _price_axis(scale, ticks, spec.price_lines, decimals),
        _time_axis(bars, timeframe),
        _labels(bars, spec, scale),
        _markers(bars, spec, scale, timeframe),
    )
    return "".join(parts)


def _plot(bars: Sequence[Bar], spec: ChartSpec, scale: Scale, ticks: Sequence[float], timeframe: str) -> str:
    """The stretched square: grid, zones, volume, candles and lines, from back to front."""
    times = [bar_x(tick.index, len(bars)) for tick in time_ticks(bars, timeframe)]
    rows = "".join(f"M0 {_n(scale.y(tick))}H1000" for tick in ticks)
    columns = "".join(f"M{_n(x)} 0V1000" for x in times)
    lines = "".join(f"M0 {_n(scale.y(line.price))}H1000" for line in spec.price_lines)
    parts = (
        _path("chart-grid", rows + columns),
        "".join(_zone(zone, scale) for zone in spec.zones),
        _volume(bars) if spec.volume else "",
        _candles(bars, scale),
        _path("chart-line", lines),
    )
    return f'<svg viewBox="0 0 1000 1000" preserveAspectRatio="none">{"".join(parts)}</svg>'


def _candles(bars: Sequence[Bar], scale: Scale) -> str:
    """Four paths: wicks and bodies of the rising bars, wicks and bodies of the falling ones."""
    width = body_width(len(bars))
    parts: dict[str, list[str]] = {"up-wick": [], "up": [], "down-wick": [], "down": []}
    for index, bar in enumerate(bars):
        x, kind = bar_x(index, len(bars)), "up" if bar.rises else "down"
        first, high, low, last = (scale.y(price) for price in bar.prices)
        parts[f"{kind}-wick"].append(f"M{_n(x)} {_n(high)}V{_n(low)}")
        parts[kind].append(_box(x, width, min(first, last), max(first, last)))
    return "".join(_path(f"chart-{kind}", "".join(shapes)) for kind, shapes in parts.items())


def _volume(bars: Sequence[Bar]) -> str:
    """Thick upright lines of volume in the lowest part of the picture, the largest one nearly filling it."""
    largest = max(bar.volume for bar in bars) or Decimal(1)
    width = body_width(len(bars))
    tops = [UNITS * (1 - VOLUME_SHARE * 0.9 * float(bar.volume / largest)) for bar in bars]
    lines = "".join(f"M{_n(bar_x(index, len(bars)))} 1000V{_n(top)}" for index, top in enumerate(tops))
    return f'<path class="chart-volume" stroke-width="{_n(width)}" d="{lines}"/>'


def _box(middle: float, width: float, top: float, bottom: float) -> str:
    return f"M{_n(middle - width / 2)} {_n(top)}h{_n(width)}V{_n(bottom)}h-{_n(width)}z"


def _zone(zone: Zone, scale: Scale) -> str:
    top, bottom = scale.y(zone.high), scale.y(zone.low)
    return f'<rect class="chart-zone" y="{_n(top)}" width="1000" height="{_n(bottom - top)}"/>'


def _price_axis(scale: Scale, ticks: Sequence[float], lines: Sequence[PriceLine], decimals: int) -> str:
    """Round prices at the right, except where the price of a line stands; those prices are kept apart."""
    ordered = sorted(lines, key=lambda line: -line.price)
    heights = _apart([scale.percent(line.price) for line in ordered])
    free = [tick for tick in ticks if all(abs(scale.percent(tick) - y) > TICK_GAP for y in heights)]
    labels = [_axis_text("chart-tick", scale.percent(tick), tick_text(tick, ticks)) for tick in free]
    prices = [number(line.price, decimals) for line in ordered]
    labels += [_tag(y) + _axis_text("chart-price", y, text) for y, text in zip(heights, prices, strict=True)]
    return "".join(labels)


def _tag(y: float) -> str:
    """The ground of the price of a line; `chart.css` makes it as wide as the axis."""
    place = f'x="100%" y="{_n(y)}%" width="60" height="20" transform="translate(0-10)"'
    return f'<rect class="chart-tag" {place}/>'


def _axis_text(kind: str, y: float, text: str) -> str:
    return f'<text class="{kind}" x="100%" y="{_n(y)}%" dx="8" dy="4">{_text(text)}</text>'


def _time_axis(bars: Sequence[Bar], timeframe: str) -> str:
    """Times below the picture; those that do not fit give way in a narrow box."""
    labels = []
    for tick in time_ticks(bars, timeframe):
        x = bar_x(tick.index, len(bars)) / 10
        kind = "chart-time" if tick.narrow else "chart-time chart-second"
        labels.append(f'<text class="{kind}{_turn(x)}" x="{_n(x)}%" y="100%" dy="18">{tick.text}</text>')
    return "".join(labels)


def _labels(bars: Sequence[Bar], spec: ChartSpec, scale: Scale) -> str:
    """Labels of lines stand on them, labels of zones hang from the upper edge."""
    notes = [
        Note(scale.percent(line.price) - 1.6, label_side(bars, line.price), line.label, "line")
        for line in spec.price_lines
    ]
    notes += [
        Note(scale.percent(zone.high) + 4.6, label_side(bars, zone.high, below=True), zone.label, "zone")
        for zone in spec.zones
    ]
    return "".join(_label(note) for note in spread(notes))


def _label(note: Note) -> str:
    place = 'x="0" dx="8"' if note.side == "start" else 'x="100%" dx="-8"'
    classes = f"chart-label chart-{note.kind}-label chart-{note.side}"
    return f'<text class="{classes}" {place} y="{_n(note.y)}%">{_text(note.text)}</text>'


def _markers(bars: Sequence[Bar], spec: ChartSpec, scale: Scale, timeframe: str) -> str:
    return "".join(
        _marker(bars[index], bar_x(index, len(bars)) / 10, marker.side == "above", marker.label, scale)
        for index, marker in placed(bars, spec.markers, timeframe)
    )


def _marker(bar: Bar, x: float, above: bool, label: str, scale: Scale) -> str:
    """A triangle that points at the bar, with its label beyond; near an edge the label turns inwards."""
    y = scale.percent(bar.high if above else bar.low)
    shape, dy = ("M0-5l5-9h-10z", -18) if above else ("M0 5l5 9h-10z", 26)
    return (
        f'<svg class="chart-marker" x="{_n(x)}%" y="{_n(y)}%" overflow="visible"><path d="{shape}"/>'
        f'<text class="chart-label chart-marker-label{_turn(x)}" y="{dy}">{_text(label)}</text></svg>'
    )


def _turn(x: float) -> str:
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
        shift = {"": length / 2, " chart-start": 0.0, " chart-end": length}[_turn(middle * 100)]
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


def _path(kind: str, data: str) -> str:
    return f'<path class="{kind}" d="{data}"/>' if data else ""


def _multiples(scale: Scale, step: float) -> tuple[float, ...]:
    top = scale.top - (scale.top - scale.bottom) * EDGE
    first, last = ceil(scale.bottom / step), floor(top / step)
    digits = max(0, 2 - floor(log10(step)))
    return tuple(round(index * step, digits) for index in range(first, last + 1))


def _n(value: float) -> str:
    """At most one decimal, and none that is zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _text(value: str) -> str:
    return escape(_NOT_XML.sub("", value))
