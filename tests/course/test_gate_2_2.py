"""Level 2, gate 2: candlestick reading."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import comb

from learning.charting import Bar
from tests.course.claims import (
    Claims,
    Near,
    body,
    faults,
    gate,
    highest,
    lower_wick,
    lowest,
    mean_reach,
    obstacles,
    reach,
    series,
    upper_wick,
)

GATE = gate(2, 2)
SP = series("sp500-daily")
NASDAQ = series("nasdaq-daily")
GOOG = series("goog-daily")
EUR = series("eurusd-hourly")
DAY = EUR.between("2017-11-07 00:00", "2017-11-07 23:00")

Rule = Callable[[Sequence[Bar], int], bool]


def merged(bars: Sequence[Bar]) -> Bar:
    """The bars as one."""
    return Bar(bars[0].time, bars[0].open, highest(bars), lowest(bars), bars[-1].close, Decimal(0))


def until(hour: int) -> Bar:
    """The day of 7 November 2017 up to the end of this hour."""
    return merged(DAY[: hour + 1])


CUT_EARLY = merged(EUR.between("2017-11-06 22:00", "2017-11-07 21:00"))


def doji(bars: Sequence[Bar], n: int) -> bool:
    return 0 < 20 * body(bars[n]) <= reach(bars[n]) or body(bars[n]) == 0 < reach(bars[n])


def hammer(bars: Sequence[Bar], n: int) -> bool:
    bar = bars[n]
    shaped = 3 * lower_wick(bar) >= 2 * reach(bar) > 0 and 10 * upper_wick(bar) <= reach(bar)
    return shaped and bar.low <= lowest(bars[n - 10 : n])


def star(bars: Sequence[Bar], n: int) -> bool:
    bar = bars[n]
    shaped = 3 * upper_wick(bar) >= 2 * reach(bar) > 0 and 10 * lower_wick(bar) <= reach(bar)
    return shaped and bar.high >= highest(bars[n - 10 : n])


def rising_engulfing(bars: Sequence[Bar], n: int) -> bool:
    before, bar = bars[n - 1], bars[n]
    covers = before.close < before.open < bar.close and bar.open < before.close
    return covers and bar.low <= lowest(bars[n - 10 : n])


def falling_engulfing(bars: Sequence[Bar], n: int) -> bool:
    before, bar = bars[n - 1], bars[n]
    covers = bar.close < before.open < before.close < bar.open
    return covers and bar.high >= highest(bars[n - 10 : n])


EVERY = range(10, len(NASDAQ.bars) - 5)


def cases(bars: Sequence[Bar], rule: Rule) -> list[int]:
    """Bars with ten before and five after them to which the rule applies."""
    return [n for n in range(10, len(bars) - 5) if rule(bars, n)]


def share(bars: Sequence[Bar], found: Sequence[int], later: int) -> float:
    """How often the close so many bars later is higher."""
    return sum(bars[n + later].close > bars[n].close for n in found) / len(found)


CLAIMS: Claims = {
    "2673.97": NASDAQ.at("2011-08-03").open,
    "2695.37": NASDAQ.at("2011-08-03").high,
    "2621.67": NASDAQ.at("2011-08-03").low,
    "2693.07": NASDAQ.at("2011-08-03").close,
    "2100.17": NASDAQ.at("2010-02-05").low,
    "2141.12": NASDAQ.at("2010-02-05").close,
    "2126.05": NASDAQ.at("2010-02-08").close,
    "2367.66": NASDAQ.at("2010-03-12").close,
    "1.15664": EUR.at("2017-11-07 10:00").close,
    "1.15823": EUR.at("2017-11-07 17:00").close,
    "1.16008": EUR.at("2017-11-07 23:00").close,
    "1478.15": NASDAQ.at("2003-05-21").low,
    "1489.87": NASDAQ.at("2003-05-21").close,
    "625.70": GOOG.at("2012-03-01").high,
    "625.04": GOOG.at("2012-03-16").close,
    "593.84": GOOG.at("2012-03-06").low,
    "608.05": GOOG.at("2012-03-06").open,
    "604.96": GOOG.at("2012-03-06").close,
    "1917.64": NASDAQ.at("2005-04-29").open,
    "1889.83": NASDAQ.at("2005-04-29").low,
    "1921.65": NASDAQ.at("2005-04-29").close,
    "1921.77": NASDAQ.at("2005-04-29").high,
    "5016": len(EVERY),
    "54%": share(NASDAQ.bars, EVERY, 1),
    "56%": (
        share(NASDAQ.bars, EVERY, 5),
        share(NASDAQ.bars, cases(NASDAQ.bars, doji), 1),
        share(NASDAQ.bars, cases(NASDAQ.bars, falling_engulfing), 1),
        share(NASDAQ.bars, cases(NASDAQ.bars, falling_engulfing), 5),
    ),
    "31": len(cases(NASDAQ.bars, hammer)),
    "45%": share(NASDAQ.bars, cases(NASDAQ.bars, hammer), 1),
    "52%": share(NASDAQ.bars, cases(NASDAQ.bars, hammer), 5),
    "22": len(cases(NASDAQ.bars, star)),
    "50%": (
        share(NASDAQ.bars, cases(NASDAQ.bars, star), 1),
        Near(share(NASDAQ.bars, cases(NASDAQ.bars, hammer), 5), 2),
    ),
    "41%": share(NASDAQ.bars, cases(NASDAQ.bars, star), 5),
    "205": len(cases(NASDAQ.bars, doji)),
    "59%": share(NASDAQ.bars, cases(NASDAQ.bars, doji), 5),
    "17": len(cases(NASDAQ.bars, rising_engulfing)),
    "47%": share(NASDAQ.bars, cases(NASDAQ.bars, rising_engulfing), 1),
    "65%": share(NASDAQ.bars, cases(NASDAQ.bars, rising_engulfing), 5),
    "70": len(cases(NASDAQ.bars, falling_engulfing)),
    "45": len(cases(SP.bars, hammer)),
    "40%": share(SP.bars, cases(SP.bars, hammer), 1),
    "53%": (
        share(SP.bars, range(10, len(SP.bars) - 5), 1),
        lower_wick(CUT_EARLY) / reach(CUT_EARLY),
        lower_wick(until(21)) / reach(until(21)),
    ),
    "5%": (
        Near(sum(comb(45, n) * 0.53**n * 0.47 ** (45 - n) for n in range(19)), 1),
        upper_wick(GOOG.at("2012-03-06")) / reach(GOOG.at("2012-03-06")),
    ),
    "2668.68": lowest(NASDAQ.before("2011-08-03", 10)),
    "41.07": mean_reach(NASDAQ.before("2011-08-03", 20)),
    "2556.39": NASDAQ.at("2011-08-04").close,
    "2381.05": NASDAQ.after("2011-08-04", 4)[-1].close,
    "312.02": NASDAQ.at("2011-08-03").close - NASDAQ.at("2011-08-10").close,
    "12%": (
        1 - NASDAQ.at("2011-08-10").close / NASDAQ.at("2011-08-03").close,
        upper_wick(GOOG.at("2012-02-23")) / reach(GOOG.at("2012-02-23")),
    ),
    "1.16108": DAY[0].open,
    "1.16154": highest(DAY),
    "1.15539": (lowest(DAY), CUT_EARLY.low),
    "1.16115": CUT_EARLY.open,
    "1.16157": CUT_EARLY.high,
    "1.15867": CUT_EARLY.close,
    "0.00615": reach(until(10)),
    "0.00125": lower_wick(until(10)),
    "20%": lower_wick(until(10)) / reach(until(10)),
    "0.00284": lower_wick(until(17)),
    "46%": lower_wick(until(17)) / reach(until(17)),
    "0.00469": lower_wick(until(23)),
    "76%": lower_wick(until(23)) / reach(until(23)),
    "0.00046": upper_wick(until(23)),
    "7%": upper_wick(until(23)) / reach(until(23)),
    "12.67": reach(NASDAQ.at("2003-05-21")),
    "23.34": mean_reach(NASDAQ.before("2003-05-21", 20)),
    "608.81": GOOG.at("2012-03-06").high,
    "2020": Near(highest(NASDAQ.between("2005-03-22", "2005-04-29")), 5),
    "575": Near(GOOG.at("2012-01-30").open, 5),
    "600": Near(GOOG.at("2012-03-06").low, 10),
    "2300": Near(highest(NASDAQ.between("2010-01-04", "2010-02-05")), 30),
    "2850": Near(highest(NASDAQ.between("2011-07-01", "2011-08-03")), 30),
}
# Numbers of examples, lengths and counts of lists.
PLAIN = {
    "1999", "2018", "70%", "60%", "10%", "2010", "2011", "1998", "1992", "1996", "1%", "2006",
    "2002", "2008", "100", "4", "50", "46", "24", "5", "71", "10", "20", "72", "8",
}  # fmt: skip


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []


def test_the_candles_are_what_the_texts_call_them() -> None:
    for day in ("2010-02-05", "2011-08-03", "2003-05-21", "2005-04-29"):
        assert hammer(NASDAQ.bars, NASDAQ.index(day)), day
    spring = range(GOOG.index("2012-02-14"), GOOG.index("2012-03-16") + 1)
    assert [n for n in spring if hammer(GOOG.bars, n)] == [GOOG.index("2012-03-06")]
    assert lowest(NASDAQ.after("2010-02-05", 24)) > NASDAQ.at("2010-02-05").low
    assert NASDAQ.at("2011-08-04").low < NASDAQ.at("2011-08-03").low
