"""A window of price bars as words, as a table and as data for the chart in the browser.

Pure functions: bars come in, strings and plain data go out. Every time is UTC and says so where hours are
shown. Nothing here reaches past the bars it is given, so a bar outside the window cannot leave the server.
The picture itself is drawn by `learning.charting_svg`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol, TypedDict

Side = Literal["start", "end"]

MONTHS = ("January", "February", "March", "April", "May", "June",
          "July", "August", "September", "October", "November", "December")  # fmt: skip
MINUS = "−"

_ADJECTIVES = {"1h": "hourly", "1d": "daily", "1w": "weekly", "1mo": "monthly"}
_TIME_COLUMNS = {"1h": "Time (UTC)", "1d": "Date", "1w": "Week of", "1mo": "Month"}

# A label is about this high and this wide, as a share of the chart: used to find the emptier side for it.
_LABEL_HEIGHT = 0.07
_LABEL_WIDTH = 0.35


class EmptyWindow(ValueError):
    """There is no bar to show."""


class UnknownTimeframe(ValueError):
    """The timeframe is none of 1h, 1d, 1w and 1mo."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One candle: `time` is its start in UTC, midnight for daily and longer; prices in the quote currency.

    Raises ValueError when `time` is not in UTC or when low ≤ open, close ≤ high does not hold.
    """

    time: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal

    def __post_init__(self) -> None:
        if self.time.utcoffset() != timedelta(0):
            raise ValueError(f"The time of a bar is in UTC, not {self.time.isoformat()}.")
        if not self.low <= min(self.open, self.close) <= max(self.open, self.close) <= self.high:
            raise ValueError(f"Low ≤ open, close ≤ high fails for the bar at {self.time.isoformat()}.")

    @property
    def prices(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """Open, high, low and close."""
        return self.open, self.high, self.low, self.close

    @property
    def rises(self) -> bool:
        """Whether the bar closed at or above its open: such a candle is hollow, the others are filled."""
        return self.close >= self.open


class PriceLine(Protocol):
    """A labelled level, in the quote currency."""

    @property
    def price(self) -> Decimal: ...
    @property
    def label(self) -> str: ...


class Zone(Protocol):
    """A labelled range of prices, in the quote currency; low ≤ high."""

    @property
    def low(self) -> Decimal: ...
    @property
    def high(self) -> Decimal: ...
    @property
    def label(self) -> str: ...


class Marker(Protocol):
    """A labelled bar: the last one that starts at or before `time` (UTC)."""

    @property
    def time(self) -> datetime: ...
    @property
    def label(self) -> str: ...
    @property
    def side(self) -> Literal["above", "below"]: ...


class ChartSpec(Protocol):
    """What an author asks for besides the candles; `summary` is a sentence for those who do not see them."""

    @property
    def summary(self) -> str: ...
    @property
    def volume(self) -> bool: ...
    @property
    def price_lines(self) -> Sequence[PriceLine]: ...
    @property
    def zones(self) -> Sequence[Zone]: ...
    @property
    def markers(self) -> Sequence[Marker]: ...


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The bars as text: one row a bar, as many cells as columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class LineData(TypedDict):
    """A price line for the browser; `side` is the emptier side, for the label."""

    price: float
    label: str
    side: Side


class ZoneData(TypedDict):
    """A zone for the browser; `side` is the emptier side, for the label."""

    low: float
    high: float
    label: str
    side: Side


class MarkerData(TypedDict):
    """A marker for the browser; `time` is that of its bar, in Unix seconds."""

    time: int
    label: str
    side: str


class ChartPayload(TypedDict):
    """What `chart.js` fetches; a bar is [Unix seconds, open, high, low, close, volume]."""

    timeframe: str
    decimals: int
    volume: bool
    bars: list[list[float]]
    price_lines: list[LineData]
    zones: list[ZoneData]
    markers: list[MarkerData]


def window(bars: Sequence[Bar], start: datetime, end: datetime) -> tuple[Bar, ...]:
    """The bars that start from `start` to `end` (UTC), both included. Raises EmptyWindow when none does."""
    return filled(tuple(bar for bar in bars if start <= bar.time <= end))


def filled(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """The bars as a tuple. Raises EmptyWindow when there are none."""
    if not bars:
        raise EmptyWindow("A chart needs at least one bar.")
    return tuple(bars)


def figures(bars: Sequence[Bar], timeframe: str, decimals: int) -> str:
    """The window in one line: how many bars, when (UTC), open, high, low, close and the change.

    Raises EmptyWindow, UnknownTimeframe.
    """
    shown = filled(bars)
    noun = "bar" if len(shown) == 1 else "bars"
    high, low = max(bar.high for bar in shown), min(bar.low for bar in shown)
    prices = (
        f"Open {number(shown[0].open, decimals)}, high {number(high, decimals)}, "
        f"low {number(low, decimals)}, close {number(shown[-1].close, decimals)}"
    )
    change = change_percent(shown)
    ending = "." if change is None else f"; change {signed(change)} %."
    return f"{len(shown)} {_known(_ADJECTIVES, timeframe)} {noun}, {span(shown, timeframe)}. {prices}{ending}"


def change_percent(bars: Sequence[Bar]) -> Decimal | None:
    """The change over the window in percent: 100 × (last close − first open) ÷ first open.

    This is the simple return: Campbell, Lo and MacKinlay, The Econometrics of Financial Markets (1997),
    section 1.4.1. None when the first open is not positive, where a percentage means nothing.
    """
    first, last = bars[0].open, bars[-1].close
    return None if first <= 0 else 100 * (last - first) / first


def span(bars: Sequence[Bar], timeframe: str) -> str:
    """From the first bar to the last: "2 September to 31 October 2008"; hours name UTC, months no day."""
    first, last = bars[0].time, bars[-1].time
    if timeframe == "1h":
        return _hours(first, last)
    return _between(_date(first, timeframe), _date(last, timeframe))


def table(bars: Sequence[Bar], timeframe: str, decimals: int, volume_unit: str = "") -> ChartTable:
    """The bars as text, oldest first; the volume column is left out when no bar has any.

    Raises EmptyWindow, UnknownTimeframe.
    """
    shown = filled(bars)
    columns = (_known(_TIME_COLUMNS, timeframe), "Open", "High", "Low", "Close")
    rows = tuple(
        (moment(bar.time, timeframe), *(number(price, decimals) for price in bar.prices)) for bar in shown
    )
    if not any(bar.volume for bar in shown):
        return ChartTable(columns, rows)
    heading = f"Volume ({volume_unit})" if volume_unit else "Volume"
    amounts = tuple((*row, amount(bar.volume)) for row, bar in zip(rows, shown, strict=True))
    return ChartTable((*columns, heading), amounts)


def payload(bars: Sequence[Bar], spec: ChartSpec, timeframe: str, decimals: int) -> ChartPayload:
    """The window for the browser, ready for JSON: only these bars, and no marker that lies outside of them.

    Raises EmptyWindow, UnknownTimeframe.
    """
    shown = filled(bars)
    _known(_ADJECTIVES, timeframe)
    return {
        "timeframe": timeframe,
        "decimals": decimals,
        "volume": spec.volume,
        "bars": [_bar_data(bar) for bar in shown],
        "price_lines": [_line_data(shown, line) for line in spec.price_lines],
        "zones": [_zone_data(shown, zone) for zone in spec.zones],
        "markers": [
            {"time": int(shown[index].time.timestamp()), "label": marker.label, "side": marker.side}
            for index, marker in placed(shown, spec.markers, timeframe)
        ],
    }


def placed(bars: Sequence[Bar], markers: Sequence[Marker], timeframe: str) -> list[tuple[int, Marker]]:
    """Each marker inside the window with the index of its bar, oldest first; the others are dropped."""
    close = bars[-1].time + _longest(timeframe)
    inside = [marker for marker in markers if bars[0].time <= marker.time < close]
    indexed = [(sum(bar.time <= marker.time for bar in bars) - 1, marker) for marker in inside]
    return sorted(indexed, key=lambda pair: pair[0])


def label_side(bars: Sequence[Bar], price: Decimal, *, below: bool = False) -> Side:
    """The side where fewer candles cover a label that stands on `price` or hangs below; "start" if equal."""
    high, low = max(bar.high for bar in bars), min(bar.low for bar in bars)
    height = (high - low) * Decimal(str(_LABEL_HEIGHT))
    bottom, top = (price - height, price) if below else (price, price + height)
    count = max(1, round(len(bars) * _LABEL_WIDTH))

    def covered(part: Sequence[Bar]) -> int:
        return sum(bar.low <= top and bar.high >= bottom for bar in part)

    return "start" if covered(bars[:count]) <= covered(bars[-count:]) else "end"


def number(value: Decimal, decimals: int) -> str:
    """A price with thousands separators and a real minus sign: "1,277.83"."""
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def signed(value: Decimal) -> str:
    """A percentage to one decimal, with its sign unless it rounds to nothing: "−24.2", "+3.0", "0.0"."""
    rounded = round(value, 1)
    return number(abs(rounded), 1) if rounded == 0 else f"{rounded:+,.1f}".replace("-", MINUS)


def amount(volume: Decimal) -> str:
    """A volume with thousands separators and no more decimals than it has."""
    whole = volume == volume.to_integral_value()
    return f"{volume:,.0f}" if whole else f"{volume.normalize():,f}"


def moment(time: datetime, timeframe: str) -> str:
    """The time of one bar, in UTC: "2 Sep 2008", "19 Apr 2017 09:00", "Sep 2008"."""
    month = f"{MONTHS[time.month - 1][:3]} {time.year}"
    if timeframe == "1mo":
        return month
    return f"{time.day} {month} {time:%H:%M}" if timeframe == "1h" else f"{time.day} {month}"


def _known(names: dict[str, str], timeframe: str) -> str:
    if timeframe not in names:
        raise UnknownTimeframe(f"The timeframe {timeframe!r} is none of {', '.join(names)}.")
    return names[timeframe]


def _longest(timeframe: str) -> timedelta:
    """The longest a bar of this timeframe can last; the last bar's end is not known more exactly."""
    days = {"1d": 1, "1w": 7, "1mo": 31}
    return timedelta(days=days[timeframe]) if timeframe in days else timedelta(hours=1)


def _date(time: datetime, timeframe: str) -> tuple[str, str, int]:
    """Day, month and year; a monthly bar has no day."""
    return "" if timeframe == "1mo" else str(time.day), MONTHS[time.month - 1], time.year


def _between(first: tuple[str, str, int], last: tuple[str, str, int]) -> str:
    """Two dates as (day, month, year) with what they share said once."""
    if first == last:
        return _words(*last)
    if first[1:] == last[1:]:
        return f"{first[0]} to {_words(*last)}"
    if first[2] == last[2]:
        return f"{first[0]} {first[1]}".strip() + f" to {_words(*last)}"
    return f"{_words(*first)} to {_words(*last)}"


def _words(day: str, month: str, year: int) -> str:
    return f"{day} {month} {year}".strip()


def _hours(first: datetime, last: datetime) -> str:
    days = [f"{time.day} {MONTHS[time.month - 1]} {time.year}" for time in (first, last)]
    if first == last:
        return f"{days[0]}, {first:%H:%M} UTC"
    if days[0] == days[1]:
        return f"{days[0]}, {first:%H:%M} to {last:%H:%M} UTC"
    return f"{days[0]}, {first:%H:%M} to {days[1]}, {last:%H:%M} UTC"


def _bar_data(bar: Bar) -> list[float]:
    return [int(bar.time.timestamp()), *(float(value) for value in (*bar.prices, bar.volume))]


def _line_data(bars: Sequence[Bar], line: PriceLine) -> LineData:
    return {"price": float(line.price), "label": line.label, "side": label_side(bars, line.price)}


def _zone_data(bars: Sequence[Bar], zone: Zone) -> ZoneData:
    side = label_side(bars, zone.high, below=True)
    return {"low": float(zone.low), "high": float(zone.high), "label": zone.label, "side": side}
