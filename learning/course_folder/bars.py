"""Bars of a data set as a CSV file: read, and written in one form."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from learning import price_csv
from learning.charting import Bar
from learning.models import Dataset, PriceBar

COLUMNS = ("time", "open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of a file; `digest` is that of its text."""

    bars: tuple[Bar, ...]
    text: str
    digest: str

    @classmethod
    def read(cls, text: str) -> "Bars":
        """Raises price_csv.PriceErrors, which name the lines."""
        data = text.encode()
        return cls(price_csv.read(data), text, hashlib.sha256(data).hexdigest())


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
