"""Level 2, gate 1: support and resistance."""

from collections.abc import Sequence
from decimal import Decimal

from learning.charting import Bar
from learning.indicators import Values, atr
from tests.course.claims import (
    Claims,
    Near,
    falls,
    faults,
    gate,
    highest,
    lowest,
    obstacles,
    rises,
    series,
    swing_highs,
    swing_lows,
)

GATE = gate(2, 1)
SP = series("sp500-daily")
NASDAQ = series("nasdaq-daily")
GOOG = series("goog-daily")
SP_ATR, NASDAQ_ATR = atr(SP.bars), atr(NASDAQ.bars)


def third_visits(bars: Sequence[Bar], ranges: Values, down: int = 0) -> list[bool]:
    """For each area of two swing lows that was visited a third time: whether it held, by the gate's rule.

    `down` moves every area down by so many ATR, to a place that the rule had not chosen.
    """
    low_at = {id(bar) for bar in swing_lows(bars)}
    lows = [n for n, bar in enumerate(bars) if id(bar) in low_at]
    found = (_visit(bars, ranges, lows[:place], second, down) for place, second in enumerate(lows))
    return [held for held in found if held is not None]


def _visit(bars: Sequence[Bar], ranges: Values, earlier: list[int], second: int, down: int) -> bool | None:
    known = second + 5
    reaches = Decimal(str(ranges[known] or 0))
    for first in reversed([n for n in earlier if second - n <= 120]):
        low, high = sorted((bars[first].low, bars[second].low))
        if high - low <= reaches / 2 and lowest(bars[first + 1 : second]) >= low - reaches / 2:
            return _held(bars, known, second + 120, (low - down * reaches, high - down * reaches), reaches)
    return None


def _held(
    bars: Sequence[Bar], known: int, last: int, area: tuple[Decimal, Decimal], reaches: Decimal
) -> bool | None:
    low, high = area
    if bars[known].low <= high:
        return None
    visit = next((n for n in range(known + 1, min(last + 1, len(bars))) if bars[n].low <= high), None)
    if visit is None:
        return None
    ends = (bar for bar in bars[visit:] if bar.close > high + reaches or bar.close < low - reaches)
    return next((bar.close > high for bar in ends), None)


HELD_SP, HELD_NASDAQ = third_visits(SP.bars, SP_ATR), third_visits(NASDAQ.bars, NASDAQ_ATR)
MOVED_SP, MOVED_NASDAQ = third_visits(SP.bars, SP_ATR, down=1), third_visits(NASDAQ.bars, NASDAQ_ATR, down=1)


CLAIMS: Claims = {
    "1040.78": SP.at("2010-05-25").low,
    "1042.17": SP.at("2010-06-08").low,
    "1115.23": SP.at("2010-06-15").close,
    "1428.59": SP.at("2012-10-12").close,
    "1470.96": SP.at("2012-10-05").high,
    "1474.51": SP.at("2012-09-14").high,
    "2837.72": NASDAQ.at("2012-07-12").low,
    "2836.94": NASDAQ.at("2012-11-15").close,
    "593.84": GOOG.at("2012-03-06").low,
    "590.20": GOOG.at("2012-04-23").low,
    "658.59": GOOG.at("2012-03-28").high,
    "637.85": GOOG.at("2012-05-17").high,
    "591.53": GOOG.at("2012-05-25").close,
    "588.28": GOOG.at("2012-05-25").low,
    "2603.50": NASDAQ.at("2011-03-16").low,
    "2556.39": NASDAQ.at("2011-08-04").close,
    "2621.67": NASDAQ.at("2011-08-03").low,
    "2693.07": NASDAQ.at("2011-08-03").close,
    "2648.38": NASDAQ.at("2011-08-04").open,
    "2331.65": NASDAQ.at("2011-08-09").low,
    "2611.58": NASDAQ.at("2011-08-31").high,
    "2579.46": NASDAQ.at("2011-08-31").close,
    "2607.07": NASDAQ.at("2011-09-15").close,
    "1010.91": SP.at("2010-07-01").low,
    "1060.27": SP.at("2010-07-07").close,
    "1041.24": SP.at("2010-06-29").close,
    "1030.71": SP.at("2010-06-30").close,
    "1027.37": SP.at("2010-07-01").close,
    "1022.58": SP.at("2010-07-02").close,
    "1028.06": SP.at("2010-07-06").close,
    "4843.55": NASDAQ.at("2016-06-14").close,
    "4969.32": NASDAQ.at("2016-04-20").high,
    "4980.14": NASDAQ.at("2016-06-06").high,
    "1035.18": SP.at("2010-06-29").low,
    "53": (len(HELD_SP), Decimal(53)),
    "29": sum(HELD_SP),
    "24": len(HELD_SP) - sum(HELD_SP),
    "55%": sum(HELD_SP) / len(HELD_SP),
    "48": (len(HELD_NASDAQ), 48),
    "23": sum(HELD_NASDAQ),
    "48%": sum(HELD_NASDAQ) / len(HELD_NASDAQ),
    "51": (len(MOVED_SP), 51),
    "34": sum(MOVED_SP),
    "67%": sum(MOVED_SP) / len(MOVED_SP),
    "39": len(MOVED_NASDAQ),
    "25": (sum(MOVED_NASDAQ), SP_ATR[SP.index("2010-06-15")] or 0),
    "64%": sum(MOVED_NASDAQ) / len(MOVED_NASDAQ),
    "1041": SP.at("2010-05-25").low,
    "25.19": SP_ATR[SP.index("2010-06-15")] or 0,
    "6": (SP_ATR[SP.index("2012-10-12")] or 0) / 2,
    "2818.19": NASDAQ.at("2012-06-28").low,
    "2810.80": NASDAQ.at("2012-11-16").low,
    "2916.07": NASDAQ.at("2012-11-19").close,
    "3.64": NASDAQ.at("2011-03-16").low - NASDAQ.at("2011-06-16").low,
    "38.42": NASDAQ_ATR[NASDAQ.index("2011-06-23")] or 0,
    "19.21": (NASDAQ_ATR[NASDAQ.index("2011-06-23")] or 0) / 2,
    "18.17": NASDAQ.at("2011-08-03").low - NASDAQ.at("2011-03-16").low,
    "29.87": SP.at("2010-05-25").low - SP.at("2010-07-01").low,
    "1028": SP.at("2010-05-25").low - Decimal("12.60"),
    "1105": Near(SP.at("2010-06-03").high, 1),
    "1170": Near(highest(SP.between("2010-05-13", "2010-06-21")), 5),
    "1400": Near(lowest(SP.between("2012-08-20", "2012-10-12")), 5),
    "4700": Near(lowest(NASDAQ.between("2016-03-28", "2016-06-14")), 25),
    "10.82": NASDAQ.at("2016-06-06").high - NASDAQ.at("2016-04-20").high,
    "1131.23": highest(SP.between("2010-06-08", "2010-06-21")),
    "2599.86": NASDAQ.at("2011-06-16").low,
    "3196.93": highest(NASDAQ.between("2012-06-04", "2012-11-15")),
}
# Numbers of examples, lengths and counts of lists.
PLAIN = {
    "1999", "2018", "45", "38", "2000", "1996", "1998", "14", "2", "1420", "1440", "1450", "1466",
    "120", "2599", "1", "4", "5", "1048", "1070", "4670", "4690", "4880", "4960", "590", "594",
    "578", "580", "620", "50", "49.40", "50.60", "48.20", "49.50", "53.20", "50.20", "47.10",
    "50.70", "48.30",
}  # fmt: skip


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []


def test_what_the_texts_say_of_the_cases() -> None:
    lower = NASDAQ.between("2011-07-22", "2011-08-03")
    assert (falls(lower), rises(lower)) == (6, 2)
    after = [bar.close for bar in NASDAQ.between("2011-10-12", "2011-10-31")]
    assert sum(close < Decimal("2599.86") for close in after) == 1
    week = [bar.close for bar in GOOG.after("2012-05-25", 5)]
    assert min(week) < Decimal("590.20") - Decimal(str(atr(GOOG.bars)[GOOG.index("2012-04-30")]))
    closes = [bar.close for bar in SP.between("2010-06-29", "2010-07-07")]
    assert [close < Decimal("1040.78") for close in closes] == [False, True, True, True, True, False]
    assert min(closes) > Decimal("1015.59")


def test_the_areas_are_those_of_the_rule() -> None:
    for bars, code in (
        (SP.between("2012-08-20", "2012-10-12"), "sp"),
        (NASDAQ.between("2016-03-28", "2016-06-14"), "n"),
    ):
        first, second = [bar for bar in swing_highs(bars) if bar.high > highest(bars) * Decimal("0.99")]
        assert abs(first.high - second.high) < Decimal(str(atr(bars)[-1])) / 2, code
