import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Annotated, Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from learning import numbers
from learning.chart_spec import End, Start, window_of
from learning.charting import Bar, moment
from learning.indicators import atr
from learning.questions.base import RIGHT, WRONG, Form, Given, Graded, Question, Shuffle, Token, Unsound
from learning.rendering import Renderer
from learning.texts import Paragraph, Price, Slug, Strict

Distance = Annotated[Decimal, Field(ge=0, allow_inf_nan=False, max_digits=20, decimal_places=8)]


class Spot(Strict):
    """Another place on the chart, and what is said to somebody who pointed at it."""

    start: Start | None = None
    end: End | None = None
    low: Price | None = None
    high: Price | None = None
    feedback: Paragraph
    misconception: Slug | None = None

    @model_validator(mode="after")
    def _is_a_place(self) -> "Spot":
        if (self.start is None) != (self.end is None) or (self.low is None) != (self.high is None):
            raise ValueError("a spot has start and end, or low and high")
        if (self.start is None) == (self.low is None):
            raise ValueError("a spot is a span of time or of prices, one of the two")
        return self


@dataclass(frozen=True, slots=True)
class PointView:
    """A menu of bars, as (Unix seconds, label), or a price to type; `chosen` is what was answered so far."""

    bars: tuple[tuple[str, str], ...]
    chosen: str
    decimals: int


class ChartPoint(Question):
    """A place on the chart: a bar, or a price between `low` and `high` (the same for a level).

    A bar counts up to `within_bars` beside it. Prices count up to `tolerance` beside theirs: in prices, in
    ticks (the last digit shown) or in ATR(14) of the last bar. Answered by pointing, by a menu or a field.
    """

    template: ClassVar[str] = "learning/questions/chart_point.html"
    begins_with: ClassVar[tuple[str, ...]] = ("chart",)

    type: Literal["chart_point"]
    asks: Literal["bar", "price"]
    time: Start | None = None
    within_bars: Annotated[int, Field(ge=0, le=20)] = 0
    low: Price | None = None
    high: Price | None = None
    tolerance: Distance = Decimal(0)
    tolerance_in: Literal["price", "ticks", "atr"] = "price"
    spots: tuple[Spot, ...] = Field(default=(), max_length=6)
    feedback: Paragraph

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "ChartPoint":
        if self.chart is None:
            raise ValueError("needs a chart to point at")
        if self.asks == "bar":
            if self.time is None or self.low is not None or self.high is not None:
                raise ValueError("asks for a bar: needs its time and no prices")
        elif self.low is None or self.high is None or self.time is not None:
            raise ValueError("asks for a price: needs low and high and no time")
        elif self.low > self.high:
            raise ValueError("low is above high")
        if any((spot.start is None) == (self.asks == "bar") for spot in self.spots):
            raise ValueError("spots are spans of what is asked for: of time for a bar, of prices for a price")
        return self

    def identity(self) -> tuple[object, ...]:
        """What is pointed at: a bar or a price, on these bars."""
        return (*super().identity(), self.asks, *window_of(self.chart))

    def rendered(self, renderer: Renderer, place: str) -> dict[str, Any]:
        made = super().rendered(renderer, place)
        data = made["chart"]["payload"]
        times = [bar[0] for bar in data["bars"]]
        if self.time is not None and int(self.time.timestamp()) not in times:
            raise Unsound("time: there is no bar at that time on the chart")
        return {**made, "around": str(self._around(data))}

    def _around(self, data: dict[str, Any]) -> Decimal:
        """The tolerance as a price."""
        unit = Decimal(1)
        if self.tolerance_in == "ticks":
            unit = Decimal(1).scaleb(-data["decimals"])
        elif self.tolerance_in == "atr" and self.tolerance:
            ranges = atr([_bar(*row) for row in data["bars"]])
            if ranges[-1] is None:
                raise Unsound("tolerance_in: ATR needs a chart of at least 14 bars")
            unit = Decimal(str(ranges[-1]))
        return self.tolerance * unit

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {
            "asks": self.asks,
            "time": None if self.time is None else int(self.time.timestamp()),
            "within_bars": self.within_bars,
            "low": str(self.low),
            "high": str(self.high),
            "feedback": renderer.markdown(self.feedback),
            "spots": [
                {
                    "from": spot.start.timestamp() if spot.start else str(spot.low),
                    "to": spot.end.timestamp() if spot.end else str(spot.high),
                    "feedback": renderer.markdown(spot.feedback),
                    "misconception": spot.misconception,
                }
                for spot in self.spots
            ],
        }

    @classmethod
    def paper_of_kind(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        return {"asks": stored["asks"]}

    @classmethod
    def view(cls, paper: dict[str, Any], given: Given | None) -> PointView:
        data = paper["chart"]["payload"]
        bars = [(str(bar[0]), _label(bar[0], data["timeframe"])) for bar in data["bars"]]
        return PointView(
            bars=tuple(bars) if paper["asks"] == "bar" else (),
            chosen=given if isinstance(given, str) else "",
            decimals=data["decimals"],
        )

    @classmethod
    def read(cls, paper: dict[str, Any], form: Form) -> Given | None:
        sent = [value.strip()[: numbers.LONGEST] for value in form.get(paper["token"], ())]
        if paper["asks"] == "bar":
            times = {str(bar[0]) for bar in paper["chart"]["payload"]["bars"]}
            return next((value for value in reversed(sent) if value in times), None)
        return next((value for value in reversed(sent) if value and "\0" not in value), None)

    @classmethod
    def lack(cls, paper: dict[str, Any], given: Given | None) -> str:
        if not isinstance(given, str):
            return _("choose a bar") if paper["asks"] == "bar" else _("give a price")
        return "" if paper["asks"] == "bar" else numbers.lack(given)

    @classmethod
    def grade(cls, stored: dict[str, Any], paper: dict[str, Any], given: Given) -> Graded:
        data = paper["chart"]["payload"]
        if stored["asks"] == "bar":
            times, at = [bar[0] for bar in data["bars"]], int(str(given))
            correct = abs(times.index(at) - times.index(stored["time"])) <= stored["within_bars"]
            place: Decimal = Decimal(at)
            chosen, right = (_label(time, data["timeframe"]) for time in (at, stored["time"]))
        else:
            place, low, high = numbers.parse(str(given)), Decimal(stored["low"]), Decimal(stored["high"])
            correct = low - Decimal(stored["around"]) <= place <= high + Decimal(stored["around"])
            chosen = numbers.shown(place, data["decimals"])
            right = " – ".join(dict.fromkeys(numbers.shown(one, data["decimals"]) for one in (low, high)))
        spot = None if correct else _spot(stored, place)
        return Graded(
            credit=RIGHT if correct else WRONG,
            chosen=escape(chosen),
            feedback=spot["feedback"] if spot else stored["feedback"],
            right=escape(right),
            misconceptions=(spot["misconception"],) if spot and spot["misconception"] else (),
            keys=(f"spot-{1 + stored['spots'].index(spot)}",) if spot else (),
        )

    @classmethod
    def solution(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        return str(stored["time"]) if stored["asks"] == "bar" else str(stored["low"])

    @classmethod
    def mistake(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        bars = paper["chart"]["payload"]["bars"]
        if stored["asks"] == "price":
            spot = next(iter(stored["spots"]), None)
            return (
                str(spot["from"]) if spot else str(2 * (Decimal(stored["high"]) + Decimal(stored["around"])))
            )
        times = [bar[0] for bar in bars]
        at = times.index(stored["time"])
        return str(max(times, key=lambda time: abs(times.index(time) - at)))


def _spot(stored: dict[str, Any], place: Decimal) -> dict[str, Any] | None:
    spots: list[dict[str, Any]] = stored["spots"]
    return next((s for s in spots if Decimal(str(s["from"])) <= place <= Decimal(str(s["to"]))), None)


def _label(seconds: int, timeframe: str) -> str:
    return moment(dt.datetime.fromtimestamp(seconds, dt.UTC), timeframe)


def _bar(seconds: int, *prices: float) -> Bar:
    opened, high, low, close, volume = (Decimal(str(price)) for price in prices)
    return Bar(dt.datetime.fromtimestamp(seconds, dt.UTC), opened, high, low, close, volume)
