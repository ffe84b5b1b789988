"""The static picture of a window of bars: an accessible SVG, complete without JavaScript.

The candles are paths in a square of 1,000 units that stretches with the box; every text stands at a
percentage of the box and keeps its size, so the same picture reads at 320 and at 1,280 pixels. Axis labels
stand in the padding that `chart.css` gives the SVG. Colours, fonts and line widths come from its classes;
there is no style attribute.
"""

from collections.abc import Sequence
from decimal import Decimal

from learning import charting_curves
from learning.charting import (
    Bar,
    ChartSpec,
    PriceLine,
    Zone,
    figures,
    filled,
    label_side,
    moment,
    number,
    placed,
)
from learning.charting_curves import NOTHING, Overlays
from learning.charting_scale import (
    UNITS,
    VOLUME_SHARE,
    Note,
    Scale,
    apart,
    bar_x,
    body_width,
    price_scale,
    round_ticks,
    spread,
    tick_text,
    time_ticks,
    turn,
)
from learning.charting_svg_curves import lettered, plotted
from learning.svg_text import plain, units

TICK_GAP = 6.0  # percent of the height that a price label clears around it


def svg(
    bars: Sequence[Bar],
    spec: ChartSpec,
    timeframe: str,
    decimals: int,
    *,
    title: str,
    title_id: str,
    desc_id: str,
    overlays: Overlays = NOTHING,
) -> str:
    """The picture as one <svg role="img">, safe to put into HTML: every text in it is escaped.

    The two ids must be unique in the page; <desc> has the author's summary, the figures and the annotations.
    Raises EmptyWindow, UnknownTimeframe.
    """
    shown = filled(bars)
    words = description(shown, spec, timeframe, decimals, overlays)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg'
        f' {_gutter(shown, spec, decimals, overlays)}"'
        f' width="100%" height="100%" role="img" aria-labelledby="{plain(title_id)} {plain(desc_id)}">'
        f'<title id="{plain(title_id)}">{plain(title)}</title>'
        f'<desc id="{plain(desc_id)}">{plain(words)}</desc>'
        f'<g aria-hidden="true">{_drawing(shown, spec, timeframe, decimals, overlays)}</g></svg>'
    )


def description(
    bars: Sequence[Bar], spec: ChartSpec, timeframe: str, decimals: int, overlays: Overlays = NOTHING
) -> str:
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
    return " ".join([*words, *charting_curves.words(overlays, bars, timeframe, decimals)])


def _gutter(bars: Sequence[Bar], spec: ChartSpec, decimals: int, overlays: Overlays) -> str:
    """The class that reserves the width of the price axis: narrow up to 6 signs, wide above 8."""
    ticks = round_ticks(price_scale(bars, spec, overlays))
    labels = [tick_text(tick, ticks) for tick in ticks]
    labels += [number(line.price, decimals) for line in spec.price_lines]
    longest = max(len(label) for label in labels)
    return "chart-narrow" if longest <= 6 else "chart-medium" if longest <= 8 else "chart-wide"


def _drawing(bars: Sequence[Bar], spec: ChartSpec, timeframe: str, decimals: int, overlays: Overlays) -> str:
    """All that is seen, from back to front."""
    scale = price_scale(bars, spec, overlays)
    ticks = round_ticks(scale)
    parts = (
        _plot(bars, spec, scale, ticks, timeframe, overlays),
        _price_axis(scale, ticks, spec.price_lines, decimals),
        _time_axis(bars, timeframe),
        _labels(bars, spec, scale),
        lettered(overlays, scale, len(bars), decimals),
        _markers(bars, spec, scale, timeframe),
    )
    return "".join(parts)


def _plot(
    bars: Sequence[Bar],
    spec: ChartSpec,
    scale: Scale,
    ticks: Sequence[float],
    timeframe: str,
    overlays: Overlays,
) -> str:
    """The stretched square: grid, zones, volume, candles and lines, from back to front."""
    times = [bar_x(tick.index, len(bars)) for tick in time_ticks(bars, timeframe)]
    rows = "".join(f"M0 {units(scale.y(tick))}H1000" for tick in ticks)
    columns = "".join(f"M{units(x)} 0V1000" for x in times)
    lines = "".join(f"M0 {units(scale.y(line.price))}H1000" for line in spec.price_lines)
    parts = (
        _path("chart-grid", rows + columns),
        "".join(_zone(zone, scale) for zone in spec.zones),
        _volume(bars) if spec.volume else "",
        _candles(bars, scale),
        plotted(overlays, scale, len(bars)),
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
        parts[f"{kind}-wick"].append(f"M{units(x)} {units(high)}V{units(low)}")
        parts[kind].append(_box(x, width, min(first, last), max(first, last)))
    return "".join(_path(f"chart-{kind}", "".join(shapes)) for kind, shapes in parts.items())


def _volume(bars: Sequence[Bar]) -> str:
    """Thick upright lines of volume in the lowest part of the picture, the largest one nearly filling it."""
    largest = max(bar.volume for bar in bars) or Decimal(1)
    width = body_width(len(bars))
    tops = [UNITS * (1 - VOLUME_SHARE * 0.9 * float(bar.volume / largest)) for bar in bars]
    lines = "".join(f"M{units(bar_x(index, len(bars)))} 1000V{units(top)}" for index, top in enumerate(tops))
    return f'<path class="chart-volume" stroke-width="{units(width)}" d="{lines}"/>'


def _box(middle: float, width: float, top: float, bottom: float) -> str:
    return f"M{units(middle - width / 2)} {units(top)}h{units(width)}V{units(bottom)}h-{units(width)}z"


def _zone(zone: Zone, scale: Scale) -> str:
    top, bottom = scale.y(zone.high), scale.y(zone.low)
    return f'<rect class="chart-zone" y="{units(top)}" width="1000" height="{units(bottom - top)}"/>'


def _price_axis(scale: Scale, ticks: Sequence[float], lines: Sequence[PriceLine], decimals: int) -> str:
    """Round prices at the right, except where the price of a line stands; those prices are kept apart."""
    ordered = sorted(lines, key=lambda line: -line.price)
    heights = apart([scale.percent(line.price) for line in ordered])
    free = [tick for tick in ticks if all(abs(scale.percent(tick) - y) > TICK_GAP for y in heights)]
    labels = [_axis_text("chart-tick", scale.percent(tick), tick_text(tick, ticks)) for tick in free]
    prices = [number(line.price, decimals) for line in ordered]
    labels += [_tag(y) + _axis_text("chart-price", y, text) for y, text in zip(heights, prices, strict=True)]
    return "".join(labels)


def _tag(y: float) -> str:
    """The ground of the price of a line; `chart.css` makes it as wide as the axis."""
    place = f'x="100%" y="{units(y)}%" width="60" height="20" transform="translate(0-10)"'
    return f'<rect class="chart-tag" {place}/>'


def _axis_text(kind: str, y: float, text: str) -> str:
    return f'<text class="{kind}" x="100%" y="{units(y)}%" dx="8" dy="4">{plain(text)}</text>'


def _time_axis(bars: Sequence[Bar], timeframe: str) -> str:
    """Times below the picture; those that do not fit give way in a narrow box."""
    labels = []
    for tick in time_ticks(bars, timeframe):
        x = bar_x(tick.index, len(bars)) / 10
        kind = "chart-time" if tick.narrow else "chart-time chart-second"
        labels.append(f'<text class="{kind}{turn(x)}" x="{units(x)}%" y="100%" dy="18">{tick.text}</text>')
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
    return f'<text class="{classes}" {place} y="{units(note.y)}%">{plain(note.text)}</text>'


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
        f'<svg class="chart-marker" x="{units(x)}%" y="{units(y)}%" overflow="visible"><path d="{shape}"/>'
        f'<text class="chart-label chart-marker-label{turn(x)}" y="{dy}">{plain(label)}</text></svg>'
    )


def _path(kind: str, data: str) -> str:
    return f'<path class="{kind}" d="{data}"/>' if data else ""
