"""Charts: the words, the table, the data and the picture of a window of bars. No database, no Django."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning import charting, charting_scale, charting_svg
from learning.charting import Bar, EmptyWindow, UnknownTimeframe

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
SVG = "{http://www.w3.org/2000/svg}"
STEPS = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "1w": timedelta(days=7),
    "1mo": timedelta(days=31),
}


class Line(NamedTuple):
    price: Decimal
    label: str


class Zone(NamedTuple):
    low: Decimal
    high: Decimal
    label: str


class Marker(NamedTuple):
    time: datetime
    label: str
    side: Literal["above", "below"]


class Spec(NamedTuple):
    summary: str = "A window."
    volume: bool = False
    price_lines: tuple[Line, ...] = ()
    zones: tuple[Zone, ...] = ()
    markers: tuple[Marker, ...] = ()


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


PLAIN = Spec()
FIRST = utc(2008, 9, 2)


def bar(time: datetime, prices: str, volume: str = "10") -> Bar:
    """A bar from "open high low close"."""
    first, high, low, last = (Decimal(price) for price in prices.split())
    return Bar(time, first, high, low, last, Decimal(volume))


def daily(*prices: str, start: datetime = FIRST) -> tuple[Bar, ...]:
    return tuple(bar(start + timedelta(days=index), price) for index, price in enumerate(prices))


def picture(bars: Sequence[Bar], spec: Spec = PLAIN, timeframe: str = "1d", decimals: int = 2) -> str:
    return charting_svg.svg(
        bars, spec, timeframe, decimals, title="Autumn", title_id="chart-1-name", desc_id="chart-1-desc"
    )


def parsed(source: str) -> ElementTree.Element:
    return ElementTree.fromstring(source)  # noqa: S314 - our own output


def drawn(source: str, kind: str) -> str:
    """The path data of the element of this class, "" when there is none."""
    return "".join(
        found.get("d", "") for found in parsed(source).iter(f"{SVG}path") if found.get("class") == kind
    )


def texts(source: str, kind: str) -> list[str]:
    return [
        found.text or ""
        for found in parsed(source).iter(f"{SVG}text")
        if kind in (found.get("class") or "").split()
    ]


def heights(source: str, kind: str) -> list[float]:
    """How far down, in percent, the texts of this class stand."""
    found = (one for one in parsed(source).iter(f"{SVG}text") if kind in (one.get("class") or "").split())
    return [float((one.get("y") or "").removesuffix("%")) for one in found]


THREE = daily("100 110 90 105", "105 106 95 96", "96 120 96 118.5")
PRICES = st.decimals(min_value="0.00001", max_value="200000", places=5)


@st.composite
def windows(draw: st.DrawFn) -> tuple[str, tuple[Bar, ...]]:
    """A timeframe and one to a hundred bars in it, flat ones among them."""
    timeframe = draw(st.sampled_from(sorted(STEPS)))
    quotes = draw(st.lists(st.tuples(PRICES, PRICES, PRICES, PRICES), min_size=1, max_size=100))
    bars = []
    for index, (first, last, one, two) in enumerate(quotes):
        low, high = min(first, last, one, two), max(first, last, one, two)
        bars.append(Bar(utc(2012, 1, 1) + index * STEPS[timeframe], first, high, low, last, one))
    return timeframe, tuple(bars)


# The bars themselves


def test_a_bar_refuses_a_time_that_is_not_utc() -> None:
    for zone in (timezone(timedelta(hours=2)), None):
        with pytest.raises(ValueError, match="in UTC"):
            bar(datetime(2008, 9, 2, tzinfo=zone), "1 2 1 2")


@pytest.mark.parametrize("prices", ["100 99 90 95", "100 110 101 105", "100 110 90 120"])
def test_a_bar_refuses_prices_outside_of_its_range(prices: str) -> None:
    with pytest.raises(ValueError, match="Low ≤ open, close ≤ high"):
        bar(utc(2008, 9, 2), prices)


def test_a_window_has_both_its_ends_and_nothing_after_them() -> None:
    assert charting.window(THREE, utc(2008, 9, 2), utc(2008, 9, 3)) == THREE[:2]


def test_an_empty_window_is_an_error_everywhere() -> None:
    with pytest.raises(EmptyWindow):
        charting.window(THREE, utc(2009, 1, 1), utc(2009, 2, 1))
    with pytest.raises(EmptyWindow):
        charting.figures((), "1d", 2)
    with pytest.raises(EmptyWindow):
        charting.table((), "1d", 2)
    with pytest.raises(EmptyWindow):
        charting.payload((), Spec(), "1d", 2)
    with pytest.raises(EmptyWindow):
        picture(())


def test_an_unknown_timeframe_is_an_error_everywhere() -> None:
    with pytest.raises(UnknownTimeframe, match="'5m'"):
        charting.figures(THREE, "5m", 2)
    with pytest.raises(UnknownTimeframe):
        charting.table(THREE, "5m", 2)
    with pytest.raises(UnknownTimeframe):
        charting.payload(THREE, Spec(), "5m", 2)
    with pytest.raises(UnknownTimeframe):
        picture(THREE, timeframe="5m")


# Words


def test_figures_of_a_daily_window() -> None:
    bars = (
        bar(utc(2008, 9, 2), "1287.83 1303.04 1272.20 1277.58"),
        bar(utc(2008, 10, 31), "953.11 984.38 839.80 968.75"),
    )
    assert charting.figures(bars, "1d", 2) == (
        "2 daily bars, 2 September to 31 October 2008. "
        "Open 1,287.83, high 1,303.04, low 839.80, close 968.75; change −24.8 %."
    )


def test_figures_of_an_hourly_window_name_utc() -> None:
    bars = (
        bar(utc(2017, 4, 20, 5), "1.07274 1.07280 1.07246 1.07266"),
        bar(utc(2017, 4, 24, 4), "1.08 1.09 1.08 1.08587"),
    )
    assert charting.figures(bars, "1h", 5) == (
        "2 hourly bars, 20 April 2017, 05:00 to 24 April 2017, 04:00 UTC. "
        "Open 1.07274, high 1.09000, low 1.07246, close 1.08587; change +1.2 %."
    )


@pytest.mark.parametrize(
    ("timeframe", "first", "last", "span"),
    [
        ("1d", utc(2008, 9, 2), utc(2008, 9, 2), "2 September 2008"),
        ("1d", utc(2008, 9, 2), utc(2008, 9, 30), "2 to 30 September 2008"),
        ("1w", utc(2008, 12, 29), utc(2009, 1, 5), "29 December 2008 to 5 January 2009"),
        ("1mo", utc(2017, 1, 31), utc(2017, 1, 31), "January 2017"),
        ("1mo", utc(2017, 1, 31), utc(2017, 3, 31), "January to March 2017"),
        ("1mo", utc(2017, 1, 31), utc(2024, 12, 31), "January 2017 to December 2024"),
        ("1h", utc(2017, 4, 20, 5), utc(2017, 4, 20, 5), "20 April 2017, 05:00 UTC"),
        ("1h", utc(2017, 4, 20, 5), utc(2017, 4, 20, 9), "20 April 2017, 05:00 to 09:00 UTC"),
    ],
)
def test_a_span_says_what_its_ends_share_once(
    timeframe: str, first: datetime, last: datetime, span: str
) -> None:
    assert charting.span((bar(first, "1 1 1 1"), bar(last, "1 1 1 1")), timeframe) == span


def test_one_bar_is_singular() -> None:
    assert charting.figures(THREE[:1], "1d", 0).startswith("1 daily bar, 2 September 2008.")


@pytest.mark.parametrize(
    ("first", "last", "change"),
    [
        ("100", "103", "+3.0"),
        ("100", "75.8", "−24.2"),
        ("100", "100", "0.0"),
        ("100", "99.99", "0.0"),
        ("1", "101", "+10,000.0"),
    ],
)
def test_the_change_is_signed_unless_it_rounds_to_nothing(first: str, last: str, change: str) -> None:
    low, high = sorted((first, last), key=Decimal)
    assert charting.figures(daily(f"{first} {high} {low} {last}"), "1d", 2).endswith(f"; change {change} %.")


def test_no_change_is_given_from_a_price_that_is_not_positive() -> None:
    words = charting.figures(daily("-37.63 10 -40.32 10"), "1d", 2)
    assert words.endswith("Open −37.63, high 10.00, low −40.32, close 10.00.")


def test_the_table_of_a_daily_window() -> None:
    table = charting.table(
        (bar(utc(2008, 9, 2), "1287.8 1303 1272 1277.58", "4783560000"),), "1d", 2, "shares"
    )
    assert table.columns == ("Date", "Open", "High", "Low", "Close", "Volume (shares)")
    assert table.rows == (("2 Sep 2008", "1,287.80", "1,303.00", "1,272.00", "1,277.58", "4,783,560,000"),)


def test_the_table_names_utc_for_hours_and_leaves_out_a_volume_that_nobody_has() -> None:
    table = charting.table((bar(utc(2017, 4, 20, 5), "1 1 1 1", "0"),), "1h", 5)
    assert table.columns == ("Time (UTC)", "Open", "High", "Low", "Close")
    assert table.rows == (("20 Apr 2017 05:00", "1.00000", "1.00000", "1.00000", "1.00000"),)


def test_months_have_no_day_and_coins_have_decimals() -> None:
    table = charting.table((bar(utc(2017, 1, 31), "1 1 1 1", "1234.50"),), "1mo", 0)
    assert table.columns[0] == "Month"
    assert table.rows == (("Jan 2017", "1", "1", "1", "1", "1,234.5"),)


# Data for the browser


def test_the_payload_has_the_bars_of_the_window_and_no_others() -> None:
    data = charting.payload(THREE[:2], Spec(volume=True), "1d", 2)
    assert data["bars"] == [[1220313600, 100, 110, 90, 105, 10], [1220400000, 105, 106, 95, 96, 10]]
    assert (data["timeframe"], data["decimals"], data["volume"]) == ("1d", 2, True)
    assert "118.5" not in json.dumps(data)


def test_the_payload_has_the_annotations_and_only_markers_of_the_window() -> None:
    spec = Spec(
        price_lines=(Line(Decimal("101.5"), "Entry"),),
        zones=(Zone(Decimal(90), Decimal(92), "Demand"),),
        markers=(
            Marker(utc(2008, 9, 3, 12), "Inside", "above"),
            Marker(utc(2008, 9, 1), "Before", "above"),
            Marker(utc(2008, 9, 4), "After", "below"),
        ),
    )
    data = charting.payload(THREE[:2], spec, "1d", 2)
    assert data["price_lines"] == [{"price": 101.5, "label": "Entry", "side": "start"}]
    assert data["zones"] == [{"low": 90.0, "high": 92.0, "label": "Demand", "side": "end"}]
    assert data["markers"] == [{"time": 1220400000, "label": "Inside", "side": "above"}]


def test_a_label_stands_on_the_emptier_side() -> None:
    falling = daily("100 110 99 100", "100 101 90 90", "90 91 80 80", "80 81 70 70")
    assert charting.label_side(falling, Decimal(105)) == "end"
    assert charting.label_side(falling, Decimal(72)) == "start"


@settings(deadline=None, max_examples=60)
@given(windows())
def test_the_payload_is_json_of_every_bar(made: tuple[str, tuple[Bar, ...]]) -> None:
    timeframe, bars = made
    data = json.loads(json.dumps(charting.payload(bars, Spec(), timeframe, 5), allow_nan=False))
    assert [row[0] for row in data["bars"]] == [bar.time.timestamp() for bar in bars]
    assert [[Decimal(repr(value)) for value in row[1:5]] for row in data["bars"]] == [
        [*bar.prices] for bar in bars
    ]


# The picture


def test_the_picture_is_named_and_described() -> None:
    spec = Spec(
        "It falls.",
        price_lines=(Line(Decimal(101), "Entry"),),
        zones=(Zone(Decimal(90), Decimal(92), "Demand"),),
        markers=(Marker(utc(2008, 9, 3), "Inside bar", "above"),),
    )
    root = parsed(picture(THREE, spec))
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "chart-1-name chart-1-desc")
    assert root.findtext(f"{SVG}title") == "Autumn"
    words = root.findtext(f"{SVG}desc") or ""
    assert words.startswith("It falls. 3 daily bars, 2 to 4 September 2008.")
    assert words.endswith(
        "Line at 101.00: Entry. Zone from 90.00 to 92.00: Demand. Marker at 3 Sep 2008: Inside bar."
    )


def test_rising_candles_are_hollow_and_falling_ones_filled() -> None:
    source = picture(daily("1 2 1 2", "2 2 1 1", "1 3 1 1", "3 3 2 2"))
    assert drawn(source, "chart-up").count("M") == drawn(source, "chart-up-wick").count("M") == 2
    assert drawn(source, "chart-down").count("M") == drawn(source, "chart-down-wick").count("M") == 2


def test_a_doji_is_a_line_and_volume_is_drawn_only_when_asked() -> None:
    source = picture(daily("5 6 4 5"))
    assert re.fullmatch(r"M[\d.]+ ([\d.]+)h[\d.]+V\1h-[\d.]+z", drawn(source, "chart-up"))
    assert not drawn(source, "chart-volume")
    assert drawn(picture(daily("5 6 4 5"), Spec(volume=True)), "chart-volume").count("M") == 1


def test_a_window_without_volume_can_be_asked_for_it() -> None:
    still = (bar(utc(2008, 9, 2), "5 6 4 5", "0"),)
    assert drawn(picture(still, Spec(volume=True)), "chart-volume").endswith("1000V1000")


@pytest.mark.parametrize(
    "prices", ["5 5 5 5", "0 0 0 0", "100000 100000 100000 100000", "0.00001 0.00001 0.00001 0.00001"]
)
def test_a_flat_window_has_a_height(prices: str) -> None:
    source = picture(daily(prices, prices), decimals=5)
    assert 4 <= len(texts(source, "chart-tick")) <= 6


@pytest.mark.parametrize(
    ("prices", "decimals", "ticks"),
    [
        ("60000 108364 15476 93381", 2, ["20,000", "40,000", "60,000", "80,000", "100,000"]),
        ("1.0700 1.0750 1.0680 1.0720", 5, ["1.068", "1.070", "1.072", "1.074"]),
        ("-37 10 -40 10", 2, ["−40", "−30", "−20", "−10", "0", "10"]),
    ],
)
def test_prices_of_the_axis_are_round(prices: str, decimals: int, ticks: list[str]) -> None:
    assert texts(picture(daily(prices), decimals=decimals), "chart-tick") == ticks


def test_the_axis_reserves_the_width_of_its_longest_price() -> None:
    wide = Spec(price_lines=(Line(Decimal("69000.00"), "Top"),))
    assert "chart-narrow" in picture(THREE)
    assert "chart-wide" in picture(daily("60000 108364 15476 93381"), wide)


def test_a_price_of_the_axis_makes_room_for_the_price_of_a_line() -> None:
    spec = Spec(price_lines=(Line(Decimal("100.50"), "Entry"),))
    assert "100" in texts(picture(THREE), "chart-tick")
    source = picture(THREE, spec)
    assert "100" not in texts(source, "chart-tick")
    assert texts(source, "chart-price") == ["100.50"]


def test_labels_of_neighbouring_lines_do_not_touch() -> None:
    lines = tuple(Line(Decimal(100) + Decimal(cent) / 100, f"Line {cent}") for cent in range(6))
    source = picture(THREE, Spec(price_lines=lines))
    for kind in ("chart-line-label", "chart-price"):
        ordered = sorted(heights(source, kind))
        assert len(ordered) == 6
        assert all(two - one >= charting_scale.LABEL_GAP - 0.11 for one, two in pairwise(ordered))


def test_hostile_labels_stay_text() -> None:
    hostile = '<script>alert("1")</script>&\x00\x1b\ud800'
    spec = Spec(
        hostile,
        price_lines=(Line(Decimal(101), hostile),),
        zones=(Zone(Decimal(90), Decimal(92), hostile),),
        markers=(Marker(utc(2008, 9, 3), hostile, "below"),),
    )
    source = charting_svg.svg(THREE, spec, "1d", 2, title=hostile, title_id='a" onload="x', desc_id="b")
    root = parsed(source)
    assert not list(root.iter(f"{SVG}script"))
    assert root.get("onload") is None
    assert texts(source, "chart-label") == ['<script>alert("1")</script>&'] * 3


def test_hours_are_labelled_with_their_date_where_it_changes() -> None:
    bars = tuple(bar(utc(2017, 4, 20, 5) + index * timedelta(hours=1), "1 1 1 1") for index in range(60))
    assert [tick.text for tick in charting_scale.time_ticks(bars, "1h")] == [
        "20 Apr 12:00", "21 Apr", "12:00", "22 Apr", "12:00",
    ]  # fmt: skip


def test_days_weeks_months_and_years_are_labelled_by_the_length_of_the_window() -> None:
    def labels(count: int, timeframe: str, start: datetime) -> list[str]:
        bars = tuple(bar(start + index * STEPS[timeframe], "1 1 1 1") for index in range(count))
        return [tick.text for tick in charting_scale.time_ticks(bars, timeframe)]

    assert labels(8, "1d", utc(2008, 9, 2)) == ["3 Sep", "5 Sep", "7 Sep", "9 Sep"]
    assert labels(30, "1d", utc(2008, 9, 1)) == ["1 Sep", "8 Sep", "15 Sep", "22 Sep", "29 Sep"]
    assert labels(200, "1d", utc(2008, 9, 15)) == ["Oct 2008", "Nov", "Dec", "2009", "Feb", "Mar", "Apr"]
    assert labels(94, "1mo", utc(2017, 1, 15)) == [str(year) for year in range(2017, 2025)]


def test_few_bars_stand_in_the_middle_and_are_not_wide() -> None:
    assert charting_scale.bar_x(0, 1) == 500
    assert [round(charting_scale.bar_x(index, 3)) for index in range(3)] == [417, 500, 583]
    assert charting_scale.body_width(1) == charting_scale.body_width(12) < 60


def test_a_narrow_box_has_fewer_times() -> None:
    bars = tuple(bar(FIRST + index * STEPS["1d"], "1 1 1 1") for index in range(44))
    ticks = charting_scale.time_ticks(bars, "1d")
    assert [tick.text for tick in ticks if tick.narrow] == ["2 Sep", "22 Sep", "6 Oct"]
    assert texts(picture(bars), "chart-second") == [tick.text for tick in ticks if not tick.narrow]


def test_a_window_of_120_bars_is_small() -> None:
    bars = tuple(
        bar(
            utc(2006, 1, 3) + index * timedelta(days=1),
            f"{400 + index}.5 {410 + index}.25 {390 + index} {395 + index}",
        )
        for index in range(120)
    )
    assert len(picture(bars)) <= 8_000


@settings(deadline=None, max_examples=60)
@given(windows(), st.booleans())
def test_every_picture_is_sound(made: tuple[str, tuple[Bar, ...]], volume: bool) -> None:
    timeframe, bars = made
    source = picture(bars, Spec(volume=volume), timeframe, 5)
    root = parsed(source)
    assert all(found.get("style") is None for found in root.iter())
    assert not re.search(r"nan|inf|\d\.\d\d", re.sub(r"<(desc|text|title).*?</\1>", "", source))
    assert 4 <= len(texts(source, "chart-tick")) <= 6
    count = sum(bar.rises for bar in bars)
    assert drawn(source, "chart-up").count("M") == count
    assert drawn(source, "chart-down").count("M") == len(bars) - count


@settings(deadline=None, max_examples=60)
@given(windows(), st.booleans())
def test_candles_go_right_with_time_and_up_with_price(
    made: tuple[str, tuple[Bar, ...]], volume: bool
) -> None:
    timeframe, bars = made
    scale = charting_scale.price_scale(bars, Spec(volume=volume))
    places = [charting_scale.bar_x(index, len(bars)) for index in range(len(bars))]
    assert places == sorted(set(places))
    assert all(0 < place < charting_scale.UNITS for place in places)
    prices = sorted(price for bar in bars for price in bar.prices)
    rows = [scale.y(price) for price in prices]
    assert rows == sorted(rows, reverse=True)
    assert all(0 <= row <= scale.floor for row in rows)
    ticks = [tick.index for tick in charting_scale.time_ticks(bars, timeframe)]
    assert ticks == sorted(set(ticks))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(min_value=-5, max_value=105), max_size=14))
def test_labels_keep_their_order_and_their_distance(tops: list[float]) -> None:
    notes = [charting_scale.Note(top, "start", str(index), "line") for index, top in enumerate(sorted(tops))]
    moved = charting_scale.spread(notes)
    assert [note.text for note in moved] == [note.text for note in notes]
    assert all(two.y - one.y >= charting_scale.LABEL_GAP - 1e-9 for one, two in pairwise(moved))
    assert all(note.y <= 97 for note in moved)


def test_labels_go_down_while_there_is_room_and_up_from_the_lower_edge() -> None:
    assert [note.y for note in charting_scale.spread([note_at(10), note_at(10)])] == [10, 16.5]
    assert [note.y for note in charting_scale.spread([note_at(96), note_at(97)])] == [90.5, 97]
    assert [note.y for note in charting_scale.spread([note_at(-3)])] == [4]


def note_at(y: float) -> charting_scale.Note:
    return charting_scale.Note(y, "end", "Stop", "line")


@pytest.mark.parametrize(
    ("ticks", "text"),
    [((0.0, 2.5), "2.5"), ((0.0, 0.2), "0.2"), ((1.065, 1.0675), "1.0675"), ((0.0, 20_000.0), "20,000")],
)
def test_a_tick_has_just_the_decimals_of_its_step(ticks: tuple[float, float], text: str) -> None:
    assert charting_scale.tick_text(ticks[1], ticks) == text


# What the page loads


def test_the_makers_of_the_charts_are_named() -> None:
    assert "TradingView, Inc." in (VENDOR / "lightweight-charts-5.2.1" / "NOTICE").read_text()
