"""What an author says about a chart. Points are (time, price), never pixels; times are UTC."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from learning.texts import Label, Paragraph, Price, Slug, Strict


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
    return value.astimezone(dt.UTC)


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


class ChartSpec(Strict):
    """A window of a data set and what is drawn over it. `summary` says what there is to see."""

    dataset: Slug
    start: Start
    end: End
    summary: Paragraph
    volume: bool = False
    price_lines: tuple[PriceLine, ...] = Field(default=(), max_length=8)
    zones: tuple[Zone, ...] = Field(default=(), max_length=6)
    markers: tuple[Marker, ...] = Field(default=(), max_length=12)

    @model_validator(mode="after")
    def _runs_forward(self) -> "ChartSpec":
        if self.start > self.end:
            raise ValueError("the window ends before it starts")
        if any(zone.low > zone.high for zone in self.zones):
            raise ValueError("a zone's low is above its high")
        return self
