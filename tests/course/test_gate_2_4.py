"""Level 2, gate 4: multiple time frames."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise

from learning.charting import Bar
from learning.indicators import Values, sma
from tests.course.claims import Claims, Near, closes, faults, gate, highest, lowest, obstacles, series
from tests.course.counting import crossings_of, higher_after, known, together, undone_within

GATE = gate(2, 4)
SP, GOOG, NASDAQ, WEEKLY, DAILY, HOURLY = (
    series(code)
    for code in ("sp500-daily", "goog-daily", "nasdaq-daily", "goog-weekly", "eurusd-daily", "eurusd-hourly")
)

# --- Larger bars --------------------------------------------------------------------------------------------


def grouped(bars: Sequence[Bar], key: Callable[[Bar], Hashable]) -> list[list[Bar]]:
    groups: dict[Hashable, list[Bar]] = {}
    for bar in bars:
        groups.setdefault(key(bar), []).append(bar)
    return list(groups.values())


def merged(bars: Sequence[Bar], time: dt.datetime) -> Bar:
    volume = sum(bar.volume for bar in bars)
    return Bar(time, bars[0].open, highest(bars), lowest(bars), bars[-1].close, volume)  # type: ignore[arg-type]


def week(bar: Bar) -> tuple[int, int]:
    return bar.time.isocalendar()[:2]


def trading_day(bar: Bar) -> dt.date:
    """The date in UTC; the evening of Sunday belongs to Monday."""
    date = bar.time.date()
    return date + dt.timedelta(days=date.isoweekday() == 7)


def weeks_of(bars: Sequence[Bar]) -> list[Bar]:
    return [merged(days, days[-1].time) for days in grouped(bars, week)]


# --- One evening in two frames ------------------------------------------------------------------------------

WEEKLY_20, DAILY_20 = sma(closes(WEEKLY.bars), 20), sma(closes(GOOG.bars), 20)
AUGUST = GOOG.between("2007-08-06", "2007-08-10")
SUMMER, WINTER = GOOG.index("2007-08-10"), GOOG.index("2008-01-04")
ONE_EVENING: Claims = {
    "515.75": (GOOG.bars[SUMMER].close, WEEKLY.at("2007-08-10").close),
    "498.05": known(WEEKLY_20, WEEKLY.index("2007-08-10")),
    "520.88": known(DAILY_20, SUMMER),
    "437.00": lowest(WEEKLY.between("2006-11-03", "2007-08-10")),
    "558.58": (
        highest(WEEKLY.between("2006-11-03", "2007-08-10")),
        highest(GOOG.between("2007-06-22", "2007-08-10")),
    ),
    "498.88": lowest(GOOG.between("2007-06-22", "2007-08-10")),
    "503.00": (AUGUST[0].open, WEEKLY.at("2007-08-10").open),
    "526.82": (highest(AUGUST), WEEKLY.at("2007-08-10").high),
    "502.50": (lowest(AUGUST), WEEKLY.at("2007-08-10").low),
    "11.05": AUGUST[2].close - AUGUST[3].close,
    "24.32": highest(AUGUST) - lowest(AUGUST),
    "609.62": GOOG.bars[SUMMER + 40].close,
    "18%": GOOG.bars[SUMMER + 40].close / GOOG.bars[SUMMER].close - 1,
    "657.00": (GOOG.bars[WINTER].close, WEEKLY.at("2008-01-04").close),
    "450": Near(WEEKLY.at("2007-03-30").close, 10),
    "747.24": highest(WEEKLY.between("2007-03-30", "2008-01-04")),
    "629.80": known(WEEKLY_20, WEEKLY.index("2008-01-04")),
    "495.43": (GOOG.bars[WINTER + 20].close, GOOG.at("2008-02-04").close),
    "25%": 1 - GOOG.bars[WINTER + 20].close / GOOG.bars[WINTER].close,
}
DAYS = together(
    *(
        dict(zip(row, (bar.open, bar.high, bar.low, bar.close), strict=True))
        for row, bar in zip(
            [
                ("503.00", "510.15", "502.50", "510.00"),
                ("509.75", "519.88", "509.04", "516.02"),
                ("519.34", "525.78", "517.09", "525.78"),
                ("520.80", "526.82", "514.63", "514.73"),
                ("510.18", "518.72", "505.63", "515.75"),
            ],
            AUGUST,
            strict=True,
        )
    )
)

# --- Unfinished weeks ---------------------------------------------------------------------------------------

UNFINISHED: Claims = {
    "574.88": highest(GOOG.between("2010-04-05", "2010-04-09")),
    "586.77": GOOG.at("2010-04-13").close,
    "589.00": GOOG.at("2010-04-14").close,
    "595.30": GOOG.at("2010-04-15").close,
    "563.00": GOOG.at("2010-04-16").open,
    "32.30": GOOG.at("2010-04-15").close - GOOG.at("2010-04-16").open,
    "550.15": GOOG.at("2010-04-16").close,
    "566.22": GOOG.at("2010-04-09").close,
}


def changed_sides(bars: Sequence[Bar]) -> tuple[int, int]:
    """Weeks of five days which were up on Wednesday and down on Friday or the other way, and all of them."""
    changed = weeks = 0
    for before, days in pairwise(grouped(bars, week)):
        wednesday, friday = days[2:3], days[4:5]
        if len(days) == 5 and before[-1].close not in (wednesday[0].close, friday[0].close):
            weeks += 1
            changed += (wednesday[0].close > before[-1].close) != (friday[0].close > before[-1].close)
    return changed, weeks


def gone_by_friday(bars: Sequence[Bar]) -> tuple[int, int]:
    """Wednesdays that closed above the high of the week before and Fridays that did not, and all of them."""
    above = [
        days[4].close <= highest(before)
        for before, days in pairwise(grouped(bars, week))
        if len(days) == 5 and days[2].close > highest(before)
    ]
    return sum(above), len(above)


def share(counted: tuple[int, int]) -> float:
    return counted[0] / counted[1]


WEEKS = together(
    {"194": changed_sides(SP.bars)[0], "862": changed_sides(SP.bars)[1]},
    {"190": changed_sides(NASDAQ.bars)[0], "861": changed_sides(NASDAQ.bars)[1]},
    {"67": changed_sides(GOOG.bars)[0], "368": changed_sides(GOOG.bars)[1]},
    {"23%": share(changed_sides(SP.bars)), "22%": share(changed_sides(NASDAQ.bars))},
    {"18%": share(changed_sides(GOOG.bars)), "22%": share(gone_by_friday(SP.bars))},
    {"52": gone_by_friday(SP.bars)[0], "236": gone_by_friday(SP.bars)[1]},
)

# --- The euro -----------------------------------------------------------------------------------------------

ENTRY = HOURLY.at("2017-07-20 15:00").open
TEN_HOURS = lowest(HOURLY.until("2017-07-20 14:00", 10))
TEN_DAYS = lowest(DAILY.until("2017-07-19", 10))
EURO: Claims = {
    "1.11191": (DAILY.at("2017-06-20").low, lowest(DAILY.between("2017-06-01", "2017-07-19"))),
    "1.15832": highest(DAILY.between("2017-05-25", "2017-07-19")),
    "1.15288": DAILY.at("2017-07-19").close,
    "1.13299": TEN_DAYS,
    "1.14794": (TEN_HOURS, HOURLY.at("2017-07-20 12:00").low),
    "1.16345": HOURLY.at("2017-07-20 14:00").close,
    "1.16348": ENTRY,
    "51.6": (ENTRY - highest(DAILY.between("2017-05-25", "2017-07-19"))) * 10_000,
    "6,435": int(100 / (ENTRY - TEN_HOURS)),
    "3,279": int(100 / (ENTRY - TEN_DAYS)),
    "0.03108": 2 * (ENTRY - TEN_HOURS),
    "0.06098": 2 * (ENTRY - TEN_DAYS),
    "1.20928": DAILY.at("2017-09-08").high,
    "1.20594": DAILY.at("2017-09-07").high,
}

# --- Weeks as context and as filter -------------------------------------------------------------------------


def complete_weeks(bars: Sequence[Bar]) -> tuple[list[Bar], list[int]]:
    """The weeks of a record, and for each day the place of the last week that is complete at its close."""
    weeks = weeks_of(bars)
    ends = [one.time for one in weeks]
    return weeks, [bisect_right(ends, bar.time) - 1 for bar in bars]


def _rising(values: Values, place: int) -> bool:
    now, before = values[place], values[place - 1] if place else None
    return now is not None and before is not None and now > before


def pullbacks(bars: Sequence[Bar]) -> tuple[int, int]:
    """First days down in weeks up: how often the close was higher 20 days later, and of how many."""
    weeks, last = complete_weeks(bars)
    weekly, daily, prices = sma(closes(weeks), 20), sma(closes(bars), 20), closes(bars)
    found = [
        _rising(weekly, last[n])
        and float(weeks[last[n]].close) > known(weekly, last[n])
        and prices[n] < known(daily, n) < known(daily, n - 1)
        for n in range(30, len(bars))
    ]
    first = [n + 31 for n, (before, now) in enumerate(pairwise(found)) if now and not before]
    return higher_after(bars, first, 20)


def filtered(bars: Sequence[Bar]) -> tuple[list[float], list[float], list[float]]:
    """Results of the daily crossings of SMA 20: all, with the weekly close above its SMA 20, and below."""
    weeks, last = complete_weeks(bars)
    weekly, prices = sma(closes(weeks), 20), closes(bars)
    kept: list[float] = []
    left: list[float] = []
    every = [(into, out) for (into, up), (out, _) in pairwise(crossings_of(bars, 1, 20)) if up]
    for into, out in every:
        line = weekly[last[into]] if last[into] >= 0 else None
        if line is not None:
            (kept if float(weeks[last[into]].close) > line else left).append(prices[out] / prices[into] - 1)
    return [prices[out] / prices[into] - 1 for into, out in every], kept, left


def average(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def rows(bars: Sequence[Bar], *numerals: str) -> Claims:
    values = [number for group in filtered(bars) for number in (len(group), average(group))]
    return dict(zip(numerals, values, strict=True))


FILTERED = together(
    rows(SP.bars, "312", "−0.03%", "177", "−0.12%", "126", "0.16%"),
    rows(NASDAQ.bars, "302", "0.35%", "174", "0.44%", "120", "0.31%"),
    rows(GOOG.bars, "98", "1.86%", "37", "1.34%", "58", "2.32%"),
)


def usual(bars: Sequence[Bar]) -> float:
    return share(higher_after(bars, range(130, len(bars)), 20))


PULLBACKS = together(
    {"95": pullbacks(SP.bars)[0], "144": pullbacks(SP.bars)[1], "66%": share(pullbacks(SP.bars))},
    {"88": pullbacks(NASDAQ.bars)[0], "130": pullbacks(NASDAQ.bars)[1], "68%": share(pullbacks(NASDAQ.bars))},
    {"17": pullbacks(GOOG.bars)[0], "43": pullbacks(GOOG.bars)[1], "40%": share(pullbacks(GOOG.bars))},
    {"61%": (usual(SP.bars), usual(NASDAQ.bars)), "59%": usual(GOOG.bars)},
)

# --- What waiting costs -------------------------------------------------------------------------------------

LOW = SP.at("2009-03-09").close
SP_CROSSINGS = crossings_of(SP.bars, 1, 20)
WAITING: Claims = {
    "676.53": (LOW, min(bar.close for bar in SP.between("2008-01-02", "2009-12-31"))),
    "750.74": SP.at("2009-03-12").close,
    "842.50": SP.at("2009-04-03").close,
    "919.14": SP.at("2009-05-29").close,
    "11%": SP.at("2009-03-12").close / LOW - 1,
    "25%": (SP.at("2009-04-03").close / LOW - 1, 1 - LOW / SP.at("2008-11-28").close),
    "36%": SP.at("2009-05-29").close / LOW - 1,
    "896.24": SP.at("2008-11-28").close,
    "60%": undone_within(SP_CROSSINGS, 5) / len(SP_CROSSINGS),
}

CLAIMS = together(ONE_EVENING, DAYS, UNFINISHED, WEEKS, EURO, FILTERED, PULLBACKS, WAITING)
# Lengths, lines of the plan, an account, and numbers of examples.
PLAIN = {
    "2", "3", "4", "1%", "10", "20", "24", "40", "100", "2009", "10,000", "0.0001", "0.01",
    "1.2000",     "1131.23", "1138.50", "1.20100", "1.20400", "1.20500", "1.20700",
}  # fmt: skip


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []


def test_the_weekly_and_daily_records_are_made_of_the_smaller_ones() -> None:
    assert list(WEEKLY.bars) == weeks_of(GOOG.bars)
    days = grouped(HOURLY.bars, trading_day)
    midnight = [dt.datetime.combine(trading_day(one[0]), dt.time(), dt.UTC) for one in days]
    made = [merged(hours, time) for hours, time in zip(days, midnight, strict=True)]
    # The first day and the last one are not whole.
    assert list(DAILY.bars) == made[1:-1]


def test_the_two_evenings_look_alike() -> None:
    for day in ("2007-08-10", "2008-01-04"):
        week_at, day_at = WEEKLY.index(day), GOOG.index(day)
        assert known(WEEKLY_20, week_at - 1) < known(WEEKLY_20, week_at) < float(WEEKLY.at(day).close)
        assert float(GOOG.at(day).close) < known(DAILY_20, day_at) < known(DAILY_20, day_at - 1)


def test_the_first_closes_above_the_averages_after_the_low_of_2009() -> None:
    weeks = weeks_of(SP.bars)
    low = SP.index("2009-03-09")
    assert next(n for n, up in SP_CROSSINGS if n > low and up) == SP.index("2009-03-12")
    assert (
        next(SP.bars[n].time for n, up in SP_CROSSINGS if n > SP.index("2008-11-20") and up)
        == SP.at("2008-11-28").time
    )
    for length, day in ((20, "2009-04-03"), (40, "2009-05-29")):
        line, prices = sma(closes(weeks), length), closes(weeks)
        autumn = next(n for n, one in enumerate(weeks) if one.time >= SP.at("2008-11-03").time)
        above = next(n for n in range(autumn, len(weeks)) if prices[n] > known(line, n))
        assert weeks[above].time == SP.at(day).time


def test_the_first_purchase_after_the_low_of_2009_was_filtered_out() -> None:
    weeks, last = complete_weeks(SP.bars)
    bought, line = SP.index("2009-03-12"), sma(closes(weeks), 20)
    assert (bought, True) in SP_CROSSINGS
    assert float(weeks[last[bought]].close) < known(line, last[bought])


def test_both_targets_of_the_euro_came_and_no_stop() -> None:
    later = HOURLY.bars[HOURLY.index("2017-07-20 15:00") :]
    for stop, day in ((TEN_HOURS, "2017-08-27"), (TEN_DAYS, "2018-01-15")):
        reached = next(bar for bar in later if bar.high >= ENTRY + 2 * (ENTRY - stop))
        assert f"{reached.time:%Y-%m-%d}" == day
        assert all(bar.low > stop for bar in later if bar.time <= reached.time)
