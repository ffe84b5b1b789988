"""Data sets of prices: keeping one with its bars, and what there is to know about one."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F, Max, Min, Window
from django.db.models.functions import Lag
from django.utils.safestring import SafeString, mark_safe

from learning import price_csv, synthetic
from learning.charting import Bar, Marker, PriceLine, Zone
from learning.charting_svg import svg
from learning.models import Dataset, PriceBar

LAST_BARS = 120
LONGEST_GAPS = 5
# A pause that no weekend and no holidays explain.
UNUSUAL = {
    "1h": dt.timedelta(days=4),
    "1d": dt.timedelta(days=5),
    "1w": dt.timedelta(days=10),
    "1mo": dt.timedelta(days=35),
}


@dataclass(frozen=True, slots=True)
class Prices:
    """Bars, oldest first, and the SHA-256 of the file they stand in, in hex."""

    bars: tuple[Bar, ...]
    digest: str

    @classmethod
    def of_file(cls, data: bytes, *, timeframe: str) -> "Prices":
        """Raises price_csv.PriceErrors."""
        return cls(price_csv.read(data, timeframe=timeframe), hashlib.sha256(data).hexdigest())

    @classmethod
    def made(cls, recipe: synthetic.Recipe) -> "Prices":
        """Raises synthetic.CannotBeMade."""
        bars = synthetic.make(recipe)
        return cls(bars, hashlib.sha256("".join(price_csv.written(bars)).encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Gap:
    """Two bars with an unusual pause between them; times are UTC."""

    after: dt.datetime
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What staff want to know of the bars of a data set; times are UTC, None where there is no bar."""

    first: dt.datetime | None
    last: dt.datetime | None
    gaps: int
    longest: tuple[Gap, ...]


def keep(dataset: Dataset, prices: Prices | None = None) -> None:
    """Save a data set, and with `prices` put them in the place of all its bars. Acts as the service."""
    with transaction.atomic():
        if prices:
            dataset.digest, dataset.bar_count = prices.digest, len(prices.bars)
        dataset.save()
        if prices:
            put(dataset.pk, prices.bars)


def put(code: str, bars: Sequence[Bar]) -> None:
    """Put these bars in the place of all those of the data set, in the caller's transaction.

    By COPY, through a temporary table: a table with row policies takes no COPY itself.
    """
    PriceBar.objects.filter(dataset_id=code).delete()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE fresh_bars (LIKE market_bars) ON COMMIT DROP")
        columns = "dataset_id, time, open, high, low, close, volume"
        with cursor.copy(f"COPY fresh_bars ({columns}) FROM STDIN") as copy:
            for bar in bars:
                copy.write_row((code, bar.time, *bar.prices, bar.volume))
        cursor.execute("INSERT INTO market_bars SELECT * FROM fresh_bars")
        cursor.execute("DROP TABLE fresh_bars")


def facts(dataset: Dataset) -> Facts:
    """What the bars themselves say."""
    ends = dataset.bars.aggregate(first=Min("time"), last=Max("time"))
    before = Window(Lag("time"), order_by="time")
    gaps = dataset.bars.annotate(before=before, pause=F("time") - before)
    gaps = gaps.filter(pause__gt=UNUSUAL[dataset.timeframe])
    longest = gaps.order_by("-pause", "time").values_list("before", "time")[:LONGEST_GAPS]
    return Facts(ends["first"], ends["last"], gaps.count(), tuple(Gap(*times) for times in longest))


@dataclass(frozen=True, slots=True)
class _Plain:
    """A chart with nothing on it but its bars."""

    summary: str
    volume: bool = True
    price_lines: tuple[PriceLine, ...] = ()
    zones: tuple[Zone, ...] = ()
    markers: tuple[Marker, ...] = ()


def picture_of_the_end(dataset: Dataset, summary: str) -> SafeString:
    """The last bars as SVG; empty when there are none."""
    newest = PriceBar.objects.filter(dataset=dataset).order_by("-time")[:LAST_BARS]
    bars = [Bar(*row) for row in newest.values_list("time", "open", "high", "low", "close", "volume")][::-1]
    if not bars:
        return SafeString("")
    drawn = svg(
        bars,
        _Plain(summary),
        dataset.timeframe,
        dataset.price_decimals,
        title=dataset.title,
        title_id="dataset-chart-name",
        desc_id="dataset-chart-desc",
    )
    return mark_safe(drawn)  # noqa: S308  (texts are escaped where they are drawn)
