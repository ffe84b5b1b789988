"""Level 1, gate 2: trend and range."""

from decimal import Decimal
from itertools import pairwise

from tests.course.claims import (
    Claims,
    Near,
    falls,
    faults,
    gate,
    highest,
    lowest,
    mean,
    obstacles,
    rises,
    series,
    swing_highs,
    swing_lows,
)

GATE = gate(1, 2)
SP = series("sp500-daily")
NASDAQ = series("nasdaq-daily")
GOOG = series("goog-daily")
EUR = series("eurusd-hourly")
STAIRS = NASDAQ.between("2009-07-13", "2009-10-21")
DOWN = GOOG.between("2007-12-10", "2008-03-20")
BOX = SP.between("2015-02-17", "2015-07-17")
TWENTY = NASDAQ.between("2002-03-14", "2002-04-12")
STEPS = [later.close - earlier.close for earlier, later in pairwise(TWENTY)]

CLAIMS: Claims = {
    "1736.95": NASDAQ.at("2009-07-13").low,
    "2190.64": NASDAQ.at("2009-10-21").high,
    "1958.04": NASDAQ.at("2009-09-03").low,
    "2040.73": NASDAQ.at("2009-10-02").low,
    "2015.59": NASDAQ.at("2009-08-04").high,
    "2167.70": NASDAQ.at("2009-09-23").high,
    "2015.26": NASDAQ.at("2009-08-12").high,
    "2017.98": NASDAQ.at("2009-08-24").close,
    "724.80": GOOG.at("2007-12-10").high,
    "412.11": GOOG.at("2008-03-17").low,
    "716.00": GOOG.at("2007-12-27").high,
    "541.04": GOOG.at("2008-02-14").high,
    "652.50": GOOG.at("2007-12-18").low,
    "519.00": GOOG.at("2008-01-23").low,
    "488.52": GOOG.at("2008-02-05").low,
    "2126.64": SP.at("2015-07-17").close,
    "2100.34": SP.at("2015-02-17").close,
    "2129.20": SP.at("2015-05-18").close,
    "2104.20": SP.at("2015-05-26").close,
    "1.19159": EUR.at("2018-01-09 13:00").low,
    "1.19235": EUR.at("2018-01-10 06:00").low,
    "1.20182": EUR.at("2018-01-10 12:00").high,
    "1.19295": EUR.at("2018-01-11 08:00").low,
    "1.20592": EUR.at("2018-01-11 15:00").high,
    "1.20276": EUR.at("2018-01-11 20:00").low,
    "3208.95": NASDAQ.at("2000-11-15").high,
    "1619.58": NASDAQ.at("2001-04-04").low,
    "2328.05": NASDAQ.at("2001-05-22").high,
    "2892.36": NASDAQ.at("2001-01-24").high,
    "2000.83": NASDAQ.at("2001-04-25").low,
    "2052.41": NASDAQ.at("2001-05-14").low,
    "1854.14": NASDAQ.at("2002-03-14").close,
    "1756.19": NASDAQ.at("2002-04-12").close,
    "2219.91": NASDAQ.at("2005-08-03").high,
    "2157.81": NASDAQ.at("2005-08-10").close,
    "1889.83": NASDAQ.at("2005-04-29").low,
    "1266.74": SP.at("2012-06-04").low,
    "1474.51": SP.at("2012-09-14").high,
    "1396.56": SP.at("2012-09-04").low,
    "363.36": GOOG.at("2006-08-03").low,
    "368.00": GOOG.at("2006-08-11").low,
    "372.26": GOOG.at("2006-08-24").low,
    "390.00": GOOG.at("2006-08-17").high,
    "384.36": GOOG.at("2006-09-05").close,
    "2059.48": NASDAQ.at("2009-08-28").high,
    "71": len(STAIRS) - 1,
    "45": rises(STAIRS),
    "26": falls(STAIRS),
    "101": NASDAQ.at("2009-08-28").high - lowest(NASDAQ.after("2009-08-28", 4)),
    "66": len(STAIRS) - 6,
    "1929.64": NASDAQ.at("2009-08-17").low,
    "88.34": NASDAQ.at("2009-08-24").close - NASDAQ.at("2009-08-17").low,
    "39.65%": 1 - DOWN[-1].close / DOWN[0].close,
    "29": rises(DOWN),
    "69": len(DOWN) - 1,
    "2040": Near(lowest(BOX), 5),
    "2135": highest(BOX),
    "2111.91": min(bar.high for bar in swing_highs(BOX)),
    "2134.72": max(bar.high for bar in swing_highs(BOX)),
    "2039.69": min(bar.low for bar in swing_lows(BOX)),
    "2072.37": max(bar.low for bar in swing_lows(BOX)),
    "22.81": max(bar.high for bar in swing_highs(BOX)) - min(bar.high for bar in swing_highs(BOX)),
    "32.68": max(bar.low for bar in swing_lows(BOX)) - min(bar.low for bar in swing_lows(BOX)),
    "1.25%": BOX[-1].close / BOX[0].close - 1,
    "1.19558": EUR.at("2018-01-08 19:00").low,
    "1.19756": EUR.at("2018-01-09 02:00").high,
    "1.19400": EUR.at("2018-01-10 19:00").low,
    "1.19706": EUR.at("2018-01-11 03:00").high,
    "34": len(NASDAQ.between("2001-04-04", "2001-05-22")),
    "12": rises(TWENTY),
    "20": len(TWENTY) - 1,
    "16": mean([step for step in STEPS if step > 0]),
    "36": -mean([step for step in STEPS if step < 0]),
    "2050.30": NASDAQ.at("2005-07-07").low,
    "268": NASDAQ.at("2005-08-10").close - NASDAQ.between("2005-04-28", "2005-08-10")[1].low,
    "0.20": Decimal("44.30") - Decimal("44.10"),
}
# Numbers of examples, lengths and counts of lists.
PLAIN = {
    "2000", "22", "23", "24", "1325", "1333", "1420", "1432", "1262", "1271", "40", "44", "43.60",
    "44.10", "44.30", "43.90",
}  # fmt: skip


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []


def test_the_swings_are_those_of_the_rule() -> None:
    box_highs, box_lows = swing_highs(BOX), swing_lows(BOX)
    assert (len(box_highs), len(box_lows)) == (6, 6)
    summer = SP.between("2012-06-01", "2012-09-14")
    assert [bar.low for bar in swing_lows(summer)][-1] == SP.at("2012-09-04").low
    assert NASDAQ.index("2009-08-24") - NASDAQ.index("2009-08-17") == 5
    assert NASDAQ.at("2009-08-17") in swing_lows(NASDAQ.between("2009-07-13", "2009-08-24"))
