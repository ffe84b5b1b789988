"""What an author says about a chart. Points are (time, price), never pixels; times are UTC."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from learning.texts import DatasetCode, Label, PlainParagraph, Price, Strict


def _start(value: object) -> object:
    """A bare date is its first instant, UTC."""
    return _instant(value, dt.time.min)


def _end(value: object) -> object:
    """A bare date is its last instant, so that a window includes its last day."""
    return _instant(value, dt.time.max)


def _instant(value: object, time: dt.time) -> object:
    if isinstance(value, str) and len(value) == len("2008-09-15"):
        value = dt.date.fromisoformat(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, time, dt.UTC)
    return value


def _in_utc(value: dt.datetime) -> dt.datetime:
    if value.tzinfo is None:
        raise ValueError("times need a zone, as in 2017-06-01T00:00:00Z")
    try:
        return value.astimezone(dt.UTC)
    except OverflowError:  # the first or the last day that there is, in a zone that makes it another
        raise ValueError("times lie between the years 1 and 9999, UTC") from None


Start = Annotated[dt.datetime, BeforeValidator(_start), AfterValidator(_in_utc)]
End = Annotated[dt.datetime, BeforeValidator(_end), AfterValidator(_in_utc)]


class PriceLine(Strict):
    price: Price
    label: Label


class Zone(Strict):
    low: Price
    high: Price
    label: Label


class Marker(Strict):
    time: Start
    label: Label
    side: Literal["above", "below"] = "above"


class Indicator(Strict):
    """A curve computed from closes, ATR from ranges; RSI and ATR have a pane of their own."""

    kind: Literal["sma", "ema", "rsi", "atr"]
    length: Annotated[int, Field(ge=2, le=200)]


class TrendLine(Strict):
    start: Start
    start_price: Price
    end: Start
    end_price: Price
    label: Label

    @model_validator(mode="after")
    def _runs_forward(self) -> "TrendLine":
        if self.start >= self.end:
            raise ValueError("a line ends after it starts")
        return self


class ChartNote(Strict):
    time: Start
    price: Price
    label: Label


class ChartSpec(Strict):
    """A window of a data set and what is drawn over it. `summary` says what there is to see."""

    dataset: DatasetCode
    start: Start
    end: End
    summary: PlainParagraph
    volume: bool = False
    price_lines: tuple[PriceLine, ...] = Field(default=(), max_length=8)
    zones: tuple[Zone, ...] = Field(default=(), max_length=6)
    markers: tuple[Marker, ...] = Field(default=(), max_length=12)
    indicators: tuple[Indicator, ...] = Field(default=(), max_length=4)
    trend_lines: tuple[TrendLine, ...] = Field(default=(), max_length=6)
    notes: tuple[ChartNote, ...] = Field(default=(), max_length=6)

    @model_validator(mode="after")
    def _runs_forward(self) -> "ChartSpec":
        if self.start > self.end:
            raise ValueError("the window ends before it starts")
        if any(zone.low > zone.high for zone in self.zones):
            raise ValueError("a zone's low is above its high")
        panes = [one for one in self.indicators if one.kind in ("rsi", "atr")]
        if len(panes) > 1 or (panes and self.volume):
            raise ValueError("below the candles is room for one thing: volume, RSI or ATR")
        return self


def window_of(chart: ChartSpec | None) -> tuple[object, ...]:
    """Which bars a chart shows: its data set, and its first and last moment (UTC); empty for no chart."""
    return (chart.dataset, chart.start, chart.end) if chart else ()
