"""Level 2, gate 3: moving averages and momentum."""

from math import prod

from learning.charting import Bar
from learning.indicators import rsi, sma
from tests.course.claims import Claims, Near, closes, faults, gate, highest, lowest, mean, obstacles, series
from tests.course.counting import (
    crossings,
    crossings_of,
    higher_after,
    known,
    results,
    together,
    undone_within,
)

GATE = gate(2, 3)
SP, GOOG, NASDAQ = (series(code) for code in ("sp500-daily", "goog-daily", "nasdaq-daily"))

# --- Averages by hand ---------------------------------------------------------------------------------------

FIVE = [bar.close for bar in GOOG.between("2009-07-08", "2009-07-14")]
NEW = [bar.close for bar in GOOG.after("2009-07-14", 3)]
SIMPLE = [mean([*FIVE, *NEW][n : n + 5]) for n in range(4)]
SMOOTHED = [mean(FIVE)]
for _close in NEW:
    SMOOTHED.append(SMOOTHED[-1] + (_close - SMOOTHED[-1]) / 3)

BY_HAND: Claims = {
    "402.49": FIVE[0],
    "410.39": FIVE[1],
    "414.40": FIVE[2],
    "424.30": FIVE[3],
    "424.69": FIVE[4],
    "438.17": NEW[0],
    "442.60": NEW[1],
    "430.25": NEW[2],
    "422.39": SIMPLE[1],
    "428.83": SIMPLE[2],
    "432.00": SIMPLE[3],
    "422.89": SMOOTHED[1],
    "429.46": SMOOTHED[2],
    "429.72": SMOOTHED[3],
    "6.57": SMOOTHED[2] - SMOOTHED[1],
    "12.35": NEW[1] - NEW[2],
    "0.26": SMOOTHED[3] - SMOOTHED[2],
    "4.5": (10 - 1) / 2,
    "9.5": (20 - 1) / 2,
    "24.5": (50 - 1) / 2,
    "99.5": (200 - 1) / 2,
}

# --- The top of 2000 ----------------------------------------------------------------------------------------

TOP = NASDAQ.at("2000-03-10").close
FALLEN = [1 - NASDAQ.at(f"2000-{day}").close / TOP for day in ("03-15", "03-30", "04-11")]
THE_TOP: Claims = {
    "5048.62": (TOP, max(bar.close for bar in NASDAQ.between("2000-02-14", "2000-04-28"))),
    "4582.62": NASDAQ.at("2000-03-15").close,
    "4457.89": NASDAQ.at("2000-03-30").close,
    "4055.90": NASDAQ.at("2000-04-11").close,
    "9%": FALLEN[0],
    "12%": FALLEN[1],
    "20%": FALLEN[2],
}

# --- Crossings ----------------------------------------------------------------------------------------------

CLOSE_20, CLOSE_50, CLOSE_200, SHORT, GOLDEN = (
    crossings_of(SP.bars, *lengths) for lengths in ((1, 20), (1, 50), (1, 200), (20, 50), (50, 200))
)
TRADES = results(SP.bars, CLOSE_20)
GAINS, LOSSES = [r for r in TRADES if r > 0], [r for r in TRADES if r <= 0]
TREND, BOX = SP.between("2010-08-19", "2010-11-11"), SP.between("2015-03-17", "2015-06-10")

COUNTED: Claims = {
    "625": len(CLOSE_20),
    "375": undone_within(CLOSE_20, 5),
    "60%": undone_within(CLOSE_20, 5) / len(CLOSE_20),
    "363": len(CLOSE_50),
    "206": undone_within(CLOSE_50, 5),
    "148": len(CLOSE_200),
    "85": undone_within(CLOSE_200, 5),
    "57%": (
        undone_within(CLOSE_50, 5) / len(CLOSE_50),
        undone_within(CLOSE_200, 5) / len(CLOSE_200),
    ),
    "115": len(SHORT),
    "8": undone_within(SHORT, 5),
    "19": len(GOLDEN),
    "312": len(TRADES),
    "93": len(GAINS),
    "29.8%": len(GAINS) / len(TRADES),
    "29.8": 100 * len(GAINS) / len(TRADES),
    "2.86%": sum(GAINS) / len(GAINS),
    "2.86": 100 * sum(GAINS) / len(GAINS),
    "1.25%": -sum(LOSSES) / len(LOSSES),
    "1.25": -100 * sum(LOSSES) / len(LOSSES),
    "−0.03": (0.298 * 2.86 - 0.702 * 1.25, 100 * sum(TRADES) / len(TRADES)),
    "1075.63": TREND[0].close,
    "1213.54": TREND[-1].close,
    "13%": TREND[-1].close / TREND[0].close - 1,
    "2074.28": BOX[0].close,
    "2105.20": BOX[-1].close,
    "1%": BOX[-1].close / BOX[0].close - 1,
    "60": (len(TREND), len(BOX)),
}


def crossings_in(first: str, last: str) -> int:
    """Crossings of the close and its average of 20 on the S&P 500 after the first bar of a window."""
    inside = range(SP.index(first) + 1, SP.index(last) + 1)
    return sum(place in inside for place, _ in CLOSE_20)


def golden(bars: tuple[Bar, ...]) -> tuple[int, float, float]:
    """Of SMA 50 and SMA 200: the trades, their result one after the other, and that of holding to the end."""
    found = crossings_of(bars, 50, 200)
    first = next(place for place, up in found if up)
    trades = results(bars, found)
    held = float(bars[-1].close / bars[first].close) - 1
    return len(trades), prod(1 + trade for trade in trades) - 1, held


BOUGHT = [n for n, (_, up) in enumerate(GOLDEN) if up and n + 1 < len(GOLDEN)]
GOLDEN_PRICES = [(SP.bars[GOLDEN[n][0]].close, SP.bars[GOLDEN[n + 1][0]].close) for n in BOUGHT]
GOLDEN_ROWS = [
    ("1381.46", "1398.66", "1.2%"),
    ("939.28", "1095.17", "16.6%"),
    ("1166.17", "1259.81", "8.0%"),
    ("1313.00", "1484.46", "13.1%"),
    ("895.10", "1022.58", "14.2%"),
    ("1183.08", "1178.81", "−0.4%"),
    ("1312.41", "1988.87", "51.5%"),
    ("2021.15", "1923.67", "−4.8%"),
    ("2087.79", "2633.08", "26.1%"),
]
GOLDEN_CLAIMS = together(
    *(
        {row[0]: into, row[1]: out, row[2]: out / into - 1}
        for row, (into, out) in zip(GOLDEN_ROWS, GOLDEN_PRICES, strict=True)
    ),
    {
        "199%": golden(SP.bars)[1],
        "81%": golden(SP.bars)[2],
        "11": golden(NASDAQ.bars)[0],
        "213%": golden(NASDAQ.bars)[1],
        "228%": golden(NASDAQ.bars)[2],
        "4": golden(GOOG.bars)[0],
        "3%": golden(GOOG.bars)[1],
        "91%": golden(GOOG.bars)[2],
    },
)

# --- RSI ----------------------------------------------------------------------------------------------------

STRENGTH = rsi(closes(GOOG.bars), 14)


def strength(day: str) -> float:
    return known(STRENGTH, GOOG.index(day))


def change(first: str, last: str) -> float:
    return float(GOOG.at(last).close / GOOG.at(first).close) - 1


def after(bars: tuple[Bar, ...], line: float, *, rising: bool) -> tuple[int, int]:
    """How often the close was higher 20 bars after the RSI of 14 closed across a line, and of how many."""
    found = crossings(rsi(closes(bars), 14), [line] * len(bars))
    return higher_after(bars, [place for place, up in found if up is rising], 20)


def usual(bars: tuple[Bar, ...]) -> float:
    higher, days = higher_after(bars, range(15, len(bars)), 20)
    return higher / days


HIGH = {name: after(one.bars, 70, rising=True) for name, one in (("sp", SP), ("n", NASDAQ), ("g", GOOG))}
LOW = {name: after(one.bars, 30, rising=False) for name, one in (("sp", SP), ("n", NASDAQ), ("g", GOOG))}
STRONG: Claims = {
    "75": 100 * 1.5 / (1.5 + 0.5),
    "215.81": GOOG.at("2005-04-22").close,
    "76.5": strength("2005-04-22"),
    "228.72": GOOG.at("2005-05-12").close,
    "70.8": strength("2005-05-12"),
    "6%": change("2005-04-22", "2005-05-12"),
    "255.45": GOOG.at("2005-05-23").close,
    "85.6": strength("2005-05-23"),
    "18%": change("2005-04-22", "2005-05-23"),
    "293.12": GOOG.at("2005-06-07").close,
    "83.3": strength("2005-06-07"),
    "32": len(GOOG.between("2005-04-22", "2005-06-07")),
    "36%": change("2005-04-22", "2005-06-07"),
    "279.56": GOOG.at("2005-06-08").close,
    "30%": change("2005-04-22", "2005-06-08"),
    "420": Near(GOOG.at("2008-09-08").close, 1),
    "257": GOOG.at("2008-11-24").close,
    "483.01": GOOG.at("2008-08-25").close,
    "292.96": GOOG.at("2008-11-28").close,
    "419.95": GOOG.at("2008-09-08").close,
    "346.01": GOOG.at("2008-10-07").close,
    "257.44": GOOG.at("2008-11-24").close,
    "24.2": strength("2008-09-08"),
    "29.0": strength("2008-10-07"),
    "29.4": strength("2008-11-24"),
    "39%": -change("2008-09-08", "2008-11-24"),
}
RSI_COUNTED = together(
    {"61%": (usual(SP.bars), usual(NASDAQ.bars)), "59%": usual(GOOG.bars)},
    {"61": HIGH["sp"][0], "87": HIGH["sp"][1], "70%": HIGH["sp"][0] / HIGH["sp"][1]},
    {"67": HIGH["n"][0], "108": HIGH["n"][1], "62%": HIGH["n"][0] / HIGH["n"][1]},
    {"36": HIGH["g"][0], "57": HIGH["g"][1], "63%": HIGH["g"][0] / HIGH["g"][1]},
    {"36": LOW["sp"][0], "50": LOW["sp"][1], "72%": LOW["sp"][0] / LOW["sp"][1]},
    {"25": LOW["n"][0], "43": LOW["n"][1], "58%": LOW["n"][0] / LOW["n"][1]},
    {"18": LOW["g"][0], "27": LOW["g"][1], "67%": LOW["g"][0] / LOW["g"][1]},
)

# --- Questions ----------------------------------------------------------------------------------------------

NASDAQ_20, GOOG_20 = (sma(closes(one.bars), 20) for one in (NASDAQ, GOOG))
MAY_3 = NASDAQ.index("2010-05-03")
ASKED: Claims = {
    "2535.28": highest(NASDAQ.between("2010-03-15", "2010-05-05")),
    "2466.53": NASDAQ.at("2010-04-27").low,
    "2456.63": NASDAQ.at("2010-04-28").low,
    "2461.19": NASDAQ.at("2010-04-30").close,
    "2479.38": known(NASDAQ_20, NASDAQ.index("2010-04-30")),
    "15.90": float(NASDAQ.bars[MAY_3].close) - known(NASDAQ_20, MAY_3),
    "741.79": max(bar.close for bar in GOOG.bars if bar.time.year < 2012),
    "663.97": GOOG.at("2007-11-09").close,
    "629.65": GOOG.at("2007-11-15").close,
    "653.20": GOOG.at("2008-01-09").close,
    "444.60": GOOG.at("2008-03-04").close,
    "556.52": lowest(GOOG.between("2012-05-02", "2012-07-13")),
    "637.85": highest(GOOG.between("2012-05-02", "2012-07-13")),
    "576.52": GOOG.at("2012-07-13").close,
    "96": 100 - 5 + 1,
}

CLAIMS = together(BY_HAND, THE_TOP, COUNTED, GOLDEN_CLAIMS, STRONG, RSI_COUNTED, ASKED)
# Lengths, lines of the RSI, years, and numbers of examples.
PLAIN = {
    "0", "1", "2", "3", "5", "10", "14", "15", "20", "21", "22", "24", "30", "37", "38", "40", "64", "70",
    "71", "78", "100", "200", "380", "380.00", "414.00", "480", "0.50", "1.50", "17", "1978", "1999", "2007",
    "2008", "2018",
}  # fmt: skip


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []


def test_the_two_windows_cross_as_often_as_they_say() -> None:
    assert crossings_in("2010-08-19", "2010-11-11") == 1
    assert crossings_in("2015-03-17", "2015-06-10") == 20


def test_the_witnesses_of_the_two_tops_come_on_the_days_that_are_told() -> None:
    prices = closes(NASDAQ.bars)
    below = [
        place for place, up in crossings(sma(prices, 1), NASDAQ_20) if place > NASDAQ.index("2000-03-10")
    ]
    assert [f"{NASDAQ.bars[place].time:%d %b}" for place in below[:5]] == [
        "15 Mar", "17 Mar", "20 Mar", "22 Mar", "28 Mar",
    ]  # fmt: skip
    after_top = NASDAQ.index("2000-03-10")
    assert _first(prices, 1, 50, after_top) == NASDAQ.index("2000-03-30")
    assert _first(prices, 20, 50, after_top) == NASDAQ.index("2000-04-11")
    prices, top = closes(GOOG.bars), GOOG.index("2007-11-06")
    turned = next(n for n in range(top, len(prices)) if known(GOOG_20, n) < known(GOOG_20, n - 1))
    assert [
        _first(prices, 1, 20, top),
        turned,
        _first(prices, 20, 50, top),
        _first(prices, 50, 200, top),
    ] == [GOOG.index(day) for day in ("2007-11-09", "2007-11-15", "2008-01-09", "2008-03-04")]


def test_the_first_close_below_is_the_one_asked_for() -> None:
    prices, start = closes(NASDAQ.bars), NASDAQ.index("2010-03-15")
    assert _first(prices, 1, 20, start) == NASDAQ.index("2010-04-30")


def test_the_rsi_stays_above_its_line_and_the_box_is_crossed_again_the_next_days() -> None:
    run = range(GOOG.index("2005-04-22"), GOOG.index("2005-06-07") + 1)
    assert all(known(STRENGTH, place) > 70 for place in run)
    assert known(STRENGTH, run.start - 1) < 70 > known(STRENGTH, run.stop)
    sides = [
        float(GOOG.at(day).close) > known(GOOG_20, GOOG.index(day))
        for day in ("2012-07-12", "2012-07-13", "2012-07-16", "2012-07-17")
    ]
    assert sides == [False, True, False, True]


def _first(prices: list[float], short: int, long: int, after: int) -> int:
    """The first downward crossing of two averages after a place."""
    found = crossings(sma(prices, short), sma(prices, long))
    return next(place for place, up in found if place > after and not up)
