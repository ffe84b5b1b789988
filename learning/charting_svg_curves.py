"""Curves, trend lines and notes of the static picture; `learning.charting_svg` draws the rest."""

from collections.abc import Sequence

from learning.charting_curves import Curve, Overlays
from learning.charting_scale import PANE_SHARE, UNITS, Scale, bar_x, turn
from learning.svg_text import plain, units

# Where RSI is called high and low by its inventor: Wilder (1978), section VI.
RSI_LINES = (30.0, 70.0)


def plotted(overlays: Overlays, scale: Scale, count: int) -> str:
    """The parts inside the stretched square."""
    parts = [
        _curve(curve, n, scale)
        for n, curve in enumerate((c for c in overlays.curves if not c.in_pane), start=1)
    ]
    parts += [_pane(curve) for curve in overlays.pane[:1]]
    parts += [
        f'<path class="chart-trend" d="M{units(bar_x(start, count))} {units(scale.y(line.start_price))}'
        f'L{units(bar_x(end, count))} {units(scale.y(line.end_price))}"/>'
        for start, end, line in overlays.trends
    ]
    return "".join(parts)


def lettered(overlays: Overlays, scale: Scale, count: int, decimals: int) -> str:
    """The texts, which keep their size: names of trend lines and notes, and the pane's name."""
    parts = [
        f'<text class="chart-label chart-trend-label{turn(bar_x(end, count) / 10) or " chart-end"}" '
        f'x="{units(bar_x(end, count) / 10)}%" y="{units(scale.percent(line.end_price))}%" dy="-8">'
        f"{plain(line.label)}</text>"
        for _, end, line in overlays.trends
    ]
    parts += [
        _note(bar_x(index, count) / 10, scale.percent(note.price), note.label)
        for index, note in overlays.notes
    ]
    parts += [
        f'<text class="chart-label chart-pane-label" x="0" dx="8" '
        f'y="{units(100 - PANE_SHARE * 100)}%" dy="14">'
        f"{plain(curve.label)}: {plain(curve.last(decimals))}</text>"
        for curve in overlays.pane[:1]
    ]
    return "".join(parts)


def _curve(curve: Curve, number: int, scale: Scale) -> str:
    heights = [None if value is None else scale.y(value) for value in curve.values]
    return f'<path class="chart-curve chart-curve-{number}" d="{_line(heights)}"/>'


def _pane(curve: Curve) -> str:
    """A scale of its own in the lowest part: RSI from 0 to 100 with its two lines, ATR from 0."""
    known = [value for value in curve.values if value is not None]
    top = 100.0 if curve.kind == "rsi" else max(known, default=1.0) * 1.1 or 1.0
    ground, height = UNITS * (1 - PANE_SHARE), UNITS * PANE_SHARE

    def y(value: float) -> float:
        return UNITS - height * value / top

    lines = "".join(f"M0 {units(y(value))}H1000" for value in RSI_LINES if curve.kind == "rsi")
    edge = f'<path class="chart-pane-edge" d="M0 {units(ground)}H1000{lines}"/>'
    heights = [None if value is None else y(value) for value in curve.values]
    return f'{edge}<path class="chart-curve chart-curve-1" d="{_line(heights)}"/>'


def _line(heights: Sequence[float | None]) -> str:
    """One stroke; it begins anew after a bar that has no value."""
    parts, pen = [], "M"
    for index, height in enumerate(heights):
        if height is None:
            pen = "M"
            continue
        parts.append(f"{pen}{units(bar_x(index, len(heights)))} {units(height)}")
        pen = "L"
    return "".join(parts)


def _note(x: float, y: float, label: str) -> str:
    side = turn(x)
    return (
        f'<svg class="chart-note" x="{units(x)}%" y="{units(y)}%" overflow="visible"><circle r="4"/>'
        f'<text class="chart-label chart-marker-label{side}" y="-10">{plain(label)}</text></svg>'
    )
