"""Bars of a data set as a CSV file: read, checked, copied into the database, and written in one form."""

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import connection

from learning.models import Dataset, PriceBar

COLUMNS = ("time", "open", "high", "low", "close", "volume")
MOST = 500_000
_NUMBER = re.compile(r"-?\d{1,16}(\.\d{1,8})?")


@dataclass(frozen=True, slots=True)
class Bars:
    """The rows of a file; `digest` is that of its text."""

    rows: tuple[tuple[str, ...], ...]
    text: str
    digest: str

    @classmethod
    def read(cls, text: str) -> "Bars":
        """Raises ValueError, which names the line."""
        lines = csv.DictReader(io.StringIO(text))
        if missing := set(COLUMNS) - set(lines.fieldnames or ()):
            raise ValueError(f"there is no column {min(missing)!r}")
        rows, seen = [], set()
        try:
            for row in lines:
                made = _row(row)
                if made[0] in seen:
                    raise ValueError(f"a second bar at {row['time']}")
                seen.add(made[0])
                rows.append(made)
                if len(rows) > MOST:
                    raise ValueError(f"there are more than {MOST:,} bars")
        except (ValueError, csv.Error) as error:
            raise ValueError(f"line {lines.line_num}: {error}") from error
        return cls(tuple(rows), text, hashlib.sha256(text.encode()).hexdigest())


def _row(row: dict[Any, Any]) -> tuple[str, ...]:
    cells = [row[column] or "" for column in COLUMNS]
    try:
        time = dt.datetime.fromisoformat(cells[0] if "T" in cells[0] else f"{cells[0]}T00:00:00Z")
        if time.tzinfo is None:
            raise ValueError
        instant = time.astimezone(dt.UTC).isoformat()
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{cells[0][:40]!r} is no day and no time in UTC") from error
    for cell in cells[1:]:
        if not _NUMBER.fullmatch(cell):
            raise ValueError(f"{cell[:40]!r} is no number")
    first, high, low, last, volume = (Decimal(cell) for cell in cells[1:])
    if not low <= min(first, last) <= max(first, last) <= high:
        raise ValueError(f"at {cells[0]} low and high do not enclose open and close")
    if volume < 0:
        raise ValueError(f"at {cells[0]} the volume is negative")
    return (instant, *cells[1:])


def put(code: str, bars: Bars) -> None:
    """Put these bars in place of those of the data set.

    By COPY, through a temporary table: a table with row policies takes no COPY itself.
    """
    PriceBar.objects.filter(dataset_id=code).delete()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE fresh_bars (LIKE market_bars) ON COMMIT DROP")
        with cursor.copy(
            "COPY fresh_bars (dataset_id, time, open, high, low, close, volume) FROM STDIN"
        ) as copy:
            for row in bars.rows:
                copy.write_row((code, *row))
        cursor.execute("INSERT INTO market_bars SELECT * FROM fresh_bars")
        cursor.execute("DROP TABLE fresh_bars")


def recognised(code: str, bars: Bars) -> Bars:
    """The same; with the digest that the database has, when it has these bars from another file."""
    known = Dataset.objects.filter(pk=code).values_list("digest", "price_decimals").first()
    if known and known[0] != bars.digest and written(code, known[1]) == bars.text:
        return replace(bars, digest=known[0])
    return bars


def written(code: str, price_decimals: int) -> str:
    """The bars of the database as CSV, oldest first; prices have the data set's decimals at least."""
    rows = PriceBar.objects.filter(dataset_id=code).order_by("time")
    bars = list(rows.values_list(*COLUMNS))
    daily = all(bar[0].time() == dt.time.min for bar in bars)
    lines = (",".join(_cells(bar, price_decimals, daily=daily)) for bar in bars)
    return "\n".join([",".join(COLUMNS), *lines]) + "\n"


def _cells(bar: Sequence[Any], decimals: int, *, daily: bool) -> Iterable[str]:
    time: dt.datetime = bar[0].astimezone(dt.UTC)
    yield time.date().isoformat() if daily else time.isoformat().replace("+00:00", "Z")
    yield from (_digits(price, decimals) for price in bar[1:5])
    yield _digits(bar[5], 0)


def _digits(value: Decimal, least: int) -> str:
    """The number without zeros at its end, but with `least` digits after the point."""
    try:
        exact = value.quantize(Decimal(1).scaleb(-least))
    except InvalidOperation:
        return f"{value:f}"
    if exact == value:
        return f"{exact:f}"
    return f"{value:f}".rstrip("0")
