"""What is computed or drawn over the candles: indicators, trend lines and notes.

Indicators are computed from bars up to the window's end, with bars before its start to warm up on, and never
from a later one. Points are (time in UTC, price), never pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol, TypedDict

from learning import indicators
from learning.charting import Bar, moment, number

Kind = Literal["sma", "ema", "rsi", "atr"]
# Drawn below the candles, on a scale of its own.
OF_THE_PANE = ("rsi", "atr")
# The smoothed ones forget their beginning slowly: after four lengths less than 2 % of it is left.
WARM_UP = 4


class Indicator(Protocol):
    @property
    def kind(self) -> Kind: ...
    @property
    def length(self) -> int: ...


class TrendLine(Protocol):
    """A line from one point to another; times are UTC."""

    @property
    def start(self) -> datetime: ...
    @property
    def start_price(self) -> Decimal: ...
    @property
    def end(self) -> datetime: ...
    @property
    def end_price(self) -> Decimal: ...
    @property
    def label(self) -> str: ...


class ChartNote(Protocol):
    """A few words at a point; time is UTC."""

    @property
    def time(self) -> datetime: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def label(self) -> str: ...


class CurveData(TypedDict):
    """A curve for the browser: one value a bar of the window, null where there is none yet."""

    kind: str
    label: str
    pane: bool
    values: list[float | None]


class TrendData(TypedDict):
    """A line between two bars, in Unix seconds, for the browser."""

    times: list[int]
    prices: list[float]
    label: str


class NoteData(TypedDict):
    time: int
    price: float
    label: str


@dataclass(frozen=True, slots=True)
class Curve:
    """An indicator over the window: as many values as bars, in prices, RSI from 0 to 100."""

    kind: Kind
    length: int
    values: tuple[float | None, ...]

    @property
    def label(self) -> str:
        return f"{self.kind.upper()} {self.length}"

    @property
    def in_pane(self) -> bool:
        return self.kind in OF_THE_PANE

    def last(self, decimals: int) -> str:
        """The newest value as a text; a dash where there is none."""
        value = self.values[-1]
        shown = 1 if self.kind == "rsi" else decimals
        return "–" if value is None else number(Decimal(str(value)), shown)


@dataclass(frozen=True, slots=True)
class Overlays:
    """Everything over the candles. Trend lines and notes are placed by the number of their bar."""

    curves: tuple[Curve, ...] = ()
    trends: tuple[tuple[int, int, TrendLine], ...] = ()
    notes: tuple[tuple[int, ChartNote], ...] = field(default=())

    @property
    def pane(self) -> tuple[Curve, ...]:
        return tuple(curve for curve in self.curves if curve.in_pane)

    @property
    def prices(self) -> list[float]:
        """Prices that the scale has to hold besides the bars'."""
        found = [v for c in self.curves if not c.in_pane for v in c.values if v is not None]
        found += [float(price) for _, _, line in self.trends for price in (line.start_price, line.end_price)]
        return found + [float(note.price) for _, note in self.notes]


NOTHING = Overlays()


def lead_in(wanted: Sequence[Indicator]) -> int:
    """How many bars before the window the indicators want to warm up on."""
    return max((WARM_UP * one.length for one in wanted), default=0)


def curves(wanted: Sequence[Indicator], before: Sequence[Bar], shown: Sequence[Bar]) -> tuple[Curve, ...]:
    """The indicators over `shown`, computed from the bars `before` and those."""
    return tuple(
        Curve(one.kind, one.length, tuple(_values(one, [*before, *shown])[len(before) :])) for one in wanted
    )


def place(bars: Sequence[Bar], time: datetime) -> int:
    """The number of the last bar that starts at or before `time`; the first bar for an earlier one."""
    return max(0, sum(bar.time <= time for bar in bars) - 1)


def words(overlays: Overlays, bars: Sequence[Bar], timeframe: str, decimals: int) -> list[str]:
    """What is drawn over the candles, in sentences."""
    said = [f"{curve.label} ends at {curve.last(decimals)}." for curve in overlays.curves]
    said += [
        f"Line from {number(line.start_price, decimals)} at {moment(bars[start].time, timeframe)} to "
        f"{number(line.end_price, decimals)} at {moment(bars[end].time, timeframe)}: {line.label}."
        for start, end, line in overlays.trends
    ]
    return said + [
        f"Note at {moment(bars[index].time, timeframe)}, {number(note.price, decimals)}: {note.label}."
        for index, note in overlays.notes
    ]


def payload(bars: Sequence[Bar], overlays: Overlays) -> dict[str, Any]:
    """For the browser, ready for JSON, beside what `charting.payload` gives; only what there is."""
    found: dict[str, Any] = {
        "curves": [curve_data(curve) for curve in overlays.curves],
        "trends": [trend_data(bars, *trend) for trend in overlays.trends],
        "notes": [note_data(bars, *note) for note in overlays.notes],
    }
    return {name: data for name, data in found.items() if data}


def curve_data(curve: Curve) -> CurveData:
    # Eight digits are more than any screen shows, and a quarter of what a float writes.
    rounded = [None if value is None else float(f"{value:.8g}") for value in curve.values]
    return {"kind": curve.kind, "label": curve.label, "pane": curve.in_pane, "values": rounded}


def trend_data(bars: Sequence[Bar], start: int, end: int, line: TrendLine) -> TrendData:
    times = [int(bars[index].time.timestamp()) for index in (start, end)]
    return {"times": times, "prices": [float(line.start_price), float(line.end_price)], "label": line.label}


def note_data(bars: Sequence[Bar], index: int, note: ChartNote) -> NoteData:
    return {"time": int(bars[index].time.timestamp()), "price": float(note.price), "label": note.label}


def _values(wanted: Indicator, bars: Sequence[Bar]) -> indicators.Values:
    closes = [float(bar.close) for bar in bars]
    if wanted.kind == "atr":
        return indicators.atr(bars, wanted.length)
    of_closes = {"sma": indicators.sma, "ema": indicators.ema, "rsi": indicators.rsi}[wanted.kind]
    return of_closes(closes, wanted.length)
