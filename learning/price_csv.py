"""Prices from a CSV file: bars, or errors that name the line and the reason. Pure.

The first line names the columns time, open, high, low, close and volume; more columns are passed over. A
point parts decimals, a comma parts values. Times are UTC: a date (its midnight) or 2017-06-01T09:00:00Z.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Any

from learning.charting import Bar

COLUMNS = ("time", "open", "high", "low", "close", "volume")
MOST_BYTES = 5 * 1024 * 1024
MOST_BARS = 100_000
MOST_ERRORS = 20
# What a column of the table holds: digits before the point and after it.
PRICE_DIGITS = (12, 8)
VOLUME_DIGITS = (20, 4)

_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<clock>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(?:s?nan\d*|inf(?:inity)?)", re.ASCII | re.IGNORECASE)
_EXACT = Context(prec=100)
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


class PriceErrors(ValueError):
    """The file holds no bars that can be kept; `sentences` say why, in the order of the file."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = tuple(sentences)


class _Wrong(ValueError):
    """One line is wrong; the message is the reason."""


def read(data: bytes, *, timeframe: str = "", most_bars: int = MOST_BARS) -> tuple[Bar, ...]:
    """The bars of a CSV file, oldest first. Raises PriceErrors.

    `timeframe` is that of the data set (1h, 1d, 1w, 1mo): bars longer than an hour start at midnight UTC.
    """
    if len(data) > MOST_BYTES:
        raise PriceErrors([f"The file is larger than {MOST_BYTES // 2**20} MB."])
    text = _decoded(data)
    if not text.strip():
        raise PriceErrors(["The file is empty."])
    reading = _Reading(at_midnight=timeframe not in ("", "1h"), most_bars=most_bars)
    reading.run(text)
    if not reading.bars and not reading.wrong:
        reading.say(None, "there is no bar below the names of the columns")
    if reading.wrong:
        raise PriceErrors(reading.told())
    return tuple(reading.bars)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"Line {line}: this is no text in UTF-8. Save the file as “CSV UTF-8” and send it again."
        raise PriceErrors([reason]) from error


@dataclass(slots=True)
class _Reading:
    """One pass over a file."""

    at_midnight: bool
    most_bars: int
    bars: list[Bar] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: int = 0
    before: tuple[int, dt.datetime] | None = None

    def run(self, text: str) -> None:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            self._rows(lines)
        except csv.Error as error:
            self.say(lines.line_num, _in_plain_words(error))

    def _rows(self, lines: Any) -> None:
        header: list[str] | None = None
        for row in lines:
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = [cell.strip().lower() for cell in row]
                if self._refuses(lines.line_num, header):
                    return
                continue
            if len(self.bars) + self.wrong >= self.most_bars:
                self.say(lines.line_num, f"there are more than {self.most_bars:,} bars")
                return
            self._row(lines.line_num, header, row)

    def _refuses(self, line: int, header: list[str]) -> bool:
        """Whether the names of the columns make the rest unreadable."""
        missing = [name for name in COLUMNS if name not in header]
        twice = [name for name in COLUMNS if header.count(name) > 1]
        if missing:
            self.say(line, _about_missing(missing, header))
        for name in twice:
            self.say(line, f"the column {name} is there twice")
        return bool(missing or twice)

    def _row(self, line: int, header: list[str], row: list[str]) -> None:
        try:
            if len(row) != len(header):
                raise _Wrong(f"there are {len(row)} values for {len(header)} columns")
            cells = dict(zip(header, (cell.strip() for cell in row), strict=True))
            time = self._time(line, cells["time"])
            prices = [_number(name, cells[name], PRICE_DIGITS) for name in COLUMNS[1:5]]
            volume = _number("volume", cells["volume"], VOLUME_DIGITS)
            self.bars.append(_bar(time, prices, volume))
        except _Wrong as error:
            self.say(line, str(error))

    def _time(self, line: int, text: str) -> dt.datetime:
        time = _instant(text)
        if self.at_midnight and time.time() != dt.time():
            raise _Wrong(f"a bar of a day or longer starts at midnight UTC, not at {time:%H:%M}")
        before, self.before = self.before, (line, time)
        if before and time == before[1]:
            raise _Wrong(f"the time {_quoted(text)} is that of line {before[0]} again")
        if before and time < before[1]:
            raise _Wrong(
                f"the time {_quoted(text)} is before that of line {before[0]}; the oldest comes first"
            )
        return time

    def say(self, line: int | None, reason: str) -> None:
        self.wrong += 1
        if len(self.errors) < MOST_ERRORS:
            sentence = reason if line is None else f"Line {line}: {reason}"
            self.errors.append(f"{sentence[0].upper()}{sentence[1:]}.")

    def told(self) -> list[str]:
        left = self.wrong - len(self.errors)
        return [*self.errors, f"… and {left:,} more."] if left else self.errors


def _about_missing(missing: list[str], header: list[str]) -> str:
    for sign, name in _OTHER_DELIMITERS.items():
        if any(sign in cell for cell in header):
            return f"values are parted by {name}; part them by commas, and decimals by a point"
    many = len(missing) > 1
    lacks = f"the column{'s' if many else ''} {', '.join(missing)} {'are' if many else 'is'} missing"
    return f"{lacks}; the first line has to name {', '.join(COLUMNS)}"


def _instant(text: str) -> dt.datetime:
    """A time in UTC. Raises _Wrong for other zones, for no zone beside an hour, and for what is no time."""
    found = _TIME.fullmatch(text)
    try:
        if not found:
            raise ValueError
        day = dt.date.fromisoformat(found["date"])
        if found["clock"] is None:
            return dt.datetime.combine(day, dt.time(), dt.UTC)
        clock = dt.time.fromisoformat(found["clock"])
    except ValueError as error:
        raise _Wrong(f"{_quoted(text)} is no time; write 2017-06-01 or 2017-06-01T09:00:00Z") from error
    if found["zone"] is None:
        raise _Wrong(f"{_quoted(text)} names no zone; write times in UTC: {day}T{clock}Z")
    if found["zone"].upper() != "Z" and found["zone"].strip("+-0:"):
        raise _Wrong(f"{_quoted(text)} is not in UTC; write times in UTC: 2017-06-01T09:00:00Z")
    return dt.datetime.combine(day, clock, dt.UTC)


def _number(name: str, text: str, digits: tuple[int, int]) -> Decimal:
    if not text:
        raise _Wrong(f"there is no {name}")
    if _NOT_FINITE.fullmatch(text):
        raise _Wrong(f"{name} {_quoted(text)} is no finite number")
    if not _NUMBER.fullmatch(text):
        hint = "; a decimal has a point" if "," in text else ""
        raise _Wrong(f"{name} {_quoted(text)} is no number{hint}")
    value = _EXACT.create_decimal(text[:100]) if len(text) <= 100 else None
    if value is None or not _fits(value, *digits):
        raise _Wrong(f"{name} {_quoted(text)} has more than {digits[0]} digits, or {digits[1]} decimals")
    return value


def _fits(value: Decimal, whole: int, decimals: int) -> bool:
    exponent = value.normalize(_EXACT).as_tuple().exponent
    return not value or (value.adjusted() < whole and isinstance(exponent, int) and exponent >= -decimals)


def _bar(time: dt.datetime, prices: list[Decimal], volume: Decimal) -> Bar:
    opened, high, low, close = prices
    _require(low <= high, f"low {low} is above high {high}")
    for name, price in (("open", opened), ("close", close)):
        _require(low <= price, f"low {low} is above {name} {price}")
        _require(price <= high, f"high {high} is below {name} {price}")
    _require(volume >= 0, f"volume {volume} is negative")
    return Bar(time, opened, high, low, close, volume)


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise _Wrong(reason)


def _in_plain_words(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "one value is far too long; is there a quotation mark that is never closed?"
    return "the quotation marks do not fit; leave them out"


def _quoted(text: str) -> str:
    """A value as it stands in the file, short, and without what no page can show."""
    shown = "".join(sign if sign.isprintable() else "�" for sign in text[:40])
    return f"“{shown}{'…' if len(text) > 40 else ''}”"


def written(bars: Sequence[Bar]) -> Iterator[str]:
    """The lines of the file that reads as these bars: the same bars are the same text."""
    yield ",".join(COLUMNS) + "\n"
    plain: Callable[[Decimal], str] = "{:f}".format
    for bar in bars:
        numbers = map(plain, (*bar.prices, bar.volume))
        yield f"{bar.time.replace(tzinfo=None).isoformat()}Z,{','.join(numbers)}\n"
