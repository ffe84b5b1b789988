"""A CSV file of prices is bars, or errors that name line and reason; never anything else."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.charting import Bar
from learning.price_csv import COLUMNS, MOST_ERRORS, PriceErrors, read, written
from tests.amounts import amount
from tests.factories.fuzz import steady

HEADER = "time,open,high,low,close,volume\n"
GOOD = "2024-01-01,1.5,2,0.5,1,3\n"


def sentences(text: str | bytes, timeframe: str = "") -> tuple[str, ...]:
    with pytest.raises(PriceErrors) as caught:
        read(text if isinstance(text, bytes) else text.encode(), timeframe=timeframe)
    return caught.value.sentences


def outcome(data: bytes, timeframe: str) -> tuple[tuple[Bar, ...], tuple[str, ...]]:
    """Bars or sentences, whichever it is."""
    try:
        return read(data, timeframe=timeframe), ()
    except PriceErrors as error:
        return (), error.sentences


def test_a_date_is_midnight_and_a_time_is_utc() -> None:
    text = (
        HEADER
        + "2024-01-01,1,2,0.5,1,3\n2024-01-02T09:30:00Z,1,2,0.5,1,3\n2024-01-03 09:30+00:00,1,2,.5,1.,3e2\n"
    )
    bars = read(text.encode())
    assert [bar.time for bar in bars] == [
        dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        dt.datetime(2024, 1, 2, 9, 30, tzinfo=dt.UTC),
        dt.datetime(2024, 1, 3, 9, 30, tzinfo=dt.UTC),
    ]
    assert bars[2] == Bar(bars[2].time, Decimal(1), Decimal(2), Decimal("0.5"), Decimal(1), Decimal(300))


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEADER + GOOD,
        HEADER.replace("\n", "\r\n") + GOOD.replace("\n", "\r\n"),
        HEADER.upper() + GOOD,
        '"time","open","high","low","close","volume"\n"2024-01-01","1.5","2","0.5","1","3"\n',
        "close,adjusted,low,time,high,open,volume\n\n1,9,0.5,2024-01-01,2,1.5,3\n\n",
        " time , open , high , low , close , volume \n 2024-01-01 , 1.5 , 2 , 0.5 , 1 , 3",
    ],
)
def test_what_programs_write_is_read(text: str) -> None:
    midnight = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    expected = Bar(midnight, Decimal("1.5"), Decimal(2), Decimal("0.5"), Decimal(1), Decimal(3))
    assert read(text.encode()) == (expected,)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2024-01-01,1,2,0.5,one,3", "close “one” is no number"),
        ("2024-01-01,1,2,0.5,,3", "there is no close"),
        ("2024-01-01,nan,2,0.5,1,3", "open “nan” is no finite number"),
        ("2024-01-01,1,-inf,0.5,1,3", "high “-inf” is no finite number"),
        ("2024-01-01,1,Infinity,0.5,1,3", "high “Infinity” is no finite number"),
        ("2024-01-01,1_0,2,0.5,1,3", "open “1_0” is no number"),
        ("2024-01-01,١,2,0.5,1,3", "open “١” is no number"),
        ("2024-01-01,0x1,2,0.5,1,3", "open “0x1” is no number"),
        ('2024-01-01,"1,5",2,0.5,1,3', "open “1,5” is no number; a decimal has a point"),
        ("2024-01-01,1,2,0.5,1,-3", "volume -3 is negative"),
        ("2024-01-01,1,2,3,1,3", "low 3 is above high 2"),
        ("2024-01-01,1,2,1.5,1.7,3", "low 1.5 is above open 1"),
        ("2024-01-01,1,2,0.5,2.5,3", "high 2 is below close 2.5"),
        ("2024-01-01,1.123456789,2,0.5,1,3", "open “1.123456789” has more than 12 digits, or 8 decimals"),
        ("2024-01-01,1,1234567890123,0.5,1,3", "has more than 12 digits"),
        ("2024-01-01,1,2,0.5,1,0.00001", "volume “0.00001” has more than 20 digits, or 4 decimals"),
        ("2024-01-01,1,2,0.5,1,1e99", "volume “1e99” has more than 20 digits"),
        ("2024-01-01,1,2,0.5,1," + "9" * 500, "has more than 20 digits"),
        ("soon,1,2,0.5,1,3", "“soon” is no time; write 2017-06-01 or 2017-06-01T09:00:00Z"),
        ("2024-13-01,1,2,0.5,1,3", "“2024-13-01” is no time"),
        ("2024-01-01T25:00Z,1,2,0.5,1,3", "is no time"),
        ("01.02.2024,1,2,0.5,1,3", "is no time"),
        ("1704067200,1,2,0.5,1,3", "is no time"),
        ("2024-01-01T09:00:00,1,2,0.5,1,3", "names no zone; write times in UTC: 2024-01-01T09:00:00Z"),
        ("2024-01-01T09:00:00+02:00,1,2,0.5,1,3", "is not in UTC"),
        ("2024-01-01,1,2,0.5,1", "there are 5 values for 6 columns"),
        ("2024-01-01,1,2,0.5,1,3,4", "there are 7 values for 6 columns"),
        ("2024-01-01,\0,2,0.5,1,3", "open “�” is no number"),
        (f"2024-01-01,{'x' * 200_000},2,0.5,1,3", "one value is far too long"),
        ('2024-01-01,"1', "the quotation marks do not fit"),
    ],
)
def test_a_wrong_line_is_named_with_its_reason(row: str, reason: str) -> None:
    (said,) = sentences(HEADER + "2023-12-31,1,2,0.5,1,3\n" + row)
    assert said.startswith("Line 3: ")
    assert reason[1:] in said
    assert len(said) < 200


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("2024-01-01", "the time “2024-01-01” is that of line 2 again"),
        ("2024-01-01T00:00:00Z", "is that of line 2 again"),
        ("2023-12-31", "the time “2023-12-31” is before that of line 2; the oldest comes first"),
    ],
)
def test_times_rise(second: str, reason: str) -> None:
    (said,) = sentences(HEADER + GOOD + f"{second},1,2,0.5,1,3\n")
    assert reason in said


def test_bars_of_days_start_at_midnight() -> None:
    text = HEADER + "2024-01-01T09:00:00Z,1,2,0.5,1,3\n"
    assert read(text.encode(), timeframe="1h")
    for timeframe in ("1d", "1w", "1mo"):
        assert "starts at midnight UTC, not at 09:00" in sentences(text, timeframe=timeframe)[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty."),
        ("\ufeff \n\n", "The file is empty."),
        (HEADER, "There is no bar below the names of the columns."),
        (
            HEADER.replace(",", ";"),
            "Line 1: values are parted by semicolons; part them by commas, and decimals",
        ),
        (HEADER.replace(",", "\t"), "Line 1: values are parted by tabs; part them by commas, and decimals"),
        (
            "time,open,high,low,close\n",
            "Line 1: the column volume is missing; the first line has to name time,",
        ),
        ("\n\nopen,high,close,volume\n", "Line 3: the columns time, low are missing"),
        ("time,time,open,high,low,close,volume\n", "Line 1: the column time is there twice."),
        (GOOD, "Line 1: the columns time, open, high, low, close, volume are missing"),
        (b"time,open\n\xff\xfe", "Line 2: this is no text in UTF-8. Save the file as “CSV UTF-8”"),
        (HEADER.encode("utf-16"), "Line 1: this is no text in UTF-8."),
        (b"PK\x03\x04\xff" + bytes(50), "Line 1: this is no text in UTF-8."),
    ],
)
def test_a_file_that_is_something_else_says_what(text: str | bytes, said: str) -> None:
    assert sentences(text)[0].startswith(said)


def test_twenty_errors_are_told_and_the_rest_counted() -> None:
    told = sentences(HEADER + "x,1,2,0.5,1,3\n" * 1_500)
    assert len(told) == MOST_ERRORS + 1
    assert told[-1] == "… and 1,480 more."


def test_one_bar_too_many_is_told_once() -> None:
    rows = "".join(f"2024-01-0{n},1,2,0.5,1,3\n" for n in range(1, 6))
    assert len(read((HEADER + rows).encode(), most_bars=5)) == 5
    with pytest.raises(PriceErrors, match="Line 5: there are more than 3 bars") as caught:
        read((HEADER + rows).encode(), most_bars=3)
    assert len(caught.value.sentences) == 1


cells = (
    st.sampled_from(
        [
            "",
            "1",
            "2.5",
            "-1",
            "nan",
            "1e9",
            "2024-01-01",
            "2024-01-02T10:00Z",
            '"',
            "\0",
            "\ud7ff",
            ";",
            "=1+1",
        ]
    )
    | st.text(max_size=8)
    | st.decimals().map(str)
    | st.datetimes().map(str)
)
tables = st.lists(st.lists(cells, max_size=7).map(",".join), max_size=8).map("\n".join)
files = (
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    | tables.map(lambda rows: (HEADER + rows).encode("utf-8", "replace"))
)


@steady(amount(400, 20_000))
@given(files, st.sampled_from(["", "1h", "1d"]))
def test_whatever_is_sent_is_bars_or_errors(data: bytes, timeframe: str) -> None:
    bars, said = outcome(data, timeframe)
    assert bool(bars) != bool(said)
    assert len(said) <= MOST_ERRORS + 1
    assert all(0 < len(sentence) < 400 for sentence in said)
    assert not bars or read("".join(written(bars)).encode()) == bars


prices = st.decimals(Decimal(-99), Decimal(99), places=4)


@steady(amount(100, 2_000))
@given(
    st.lists(
        st.tuples(st.lists(prices, min_size=4, max_size=4), st.integers(0, 10**12)), min_size=1, max_size=9
    )
)
def test_bars_that_are_written_read_the_same(rows: list[tuple[list[Decimal], int]]) -> None:
    first = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    bars = []
    for number, (values, volume) in enumerate(rows):
        low, opened, close, high = sorted(values)
        bars.append(Bar(first + dt.timedelta(hours=number), opened, high, low, close, Decimal(volume)))
    text = "".join(written(bars))
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert read(text.encode(), timeframe="1h") == tuple(bars)
