"""Level 2, gate 5: stops and targets in practice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import stdev

from learning.charting import Bar
from learning.indicators import atr
from tests.course.claims import (
    Claims,
    faults,
    gate,
    highest,
    lowest,
    obstacles,
    reach,
    series,
    swing_highs,
    swing_lows,
)
from tests.course.counting import known, together

GATE = gate(2, 5)
SP, GOOG = series("sp500-daily"), series("goog-daily")
SP_ATR, GOOG_ATR = atr(SP.bars), atr(GOOG.bars)

# --- The reach of a day -------------------------------------------------------------------------------------

AUTUMN = SP.between("2008-08-01", "2008-11-28")
BEFORE, GAPPED = GOOG.at("2006-01-31"), GOOG.at("2006-02-01")
OLD_ATR, NEW_ATR = (known(GOOG_ATR, GOOG.index(day)) for day in ("2006-01-31", "2006-02-01"))
REACH: Claims = {
    "1313.15": highest(AUTUMN),
    "741.02": lowest(AUTUMN),
    "22.42": known(SP_ATR, SP.index("2008-08-01")),
    "24.98": known(SP_ATR, SP.index("2008-09-12")),
    "62.69": known(SP_ATR, SP.index("2008-10-28")),
    "432.66": BEFORE.close,
    "389.03": GAPPED.open,
    "402.00": GAPPED.high,
    "387.52": GAPPED.low,
    "14.48": reach(GAPPED),
    "45.14": BEFORE.close - GAPPED.low,
    "15.13": OLD_ATR,
    "17.27": NEW_ATR,
    "14%": NEW_ATR / OLD_ATR - 1,
}


def dips(distance: float) -> tuple[int, int]:
    """Days after whose close the price came so many ATR lower within ten days, and all days."""
    days = range(14, len(SP.bars) - 10)
    touched = [
        float(SP.bars[n].close - lowest(SP.bars[n + 1 : n + 11])) > distance * known(SP_ATR, n) for n in days
    ]
    return sum(touched), len(touched)


def dipped(distance: float, count: str, share: str) -> Claims:
    touched, days = dips(distance)
    return {count: touched, share: touched / days, "5,007": days}


DIPS = together(
    dipped(0.5, "3,876", "77%"), dipped(1, "3,076", "61%"), dipped(2, "1,803", "36%"), dipped(3, "977", "20%")
)

# --- Gaps ---------------------------------------------------------------------------------------------------


def jumps() -> list[tuple[Bar, float]]:
    """Each opening and how many ATR of the evening before it is above the last close."""
    return [
        (GOOG.bars[n], float(GOOG.bars[n].open - GOOG.bars[n - 1].close) / known(GOOG_ATR, n - 1))
        for n in range(15, len(GOOG.bars))
    ]


FAR = [bar for bar, far in jumps() if abs(far) > 1]
GAPS: Claims = {
    "435.00": GOOG.at("2006-01-27").open,
    "455.63": GOOG.at("2008-04-17").open,
    "449.54": GOOG.at("2008-04-17").close,
    "535.21": GOOG.at("2008-04-18").open,
    "470.63": GOOG.at("2008-04-17").open + 15,
    "3.1": (GOOG.at("2006-01-27").open - GAPPED.open) / 15,
    "5.3": (GOOG.at("2008-04-18").open - GOOG.at("2008-04-17").open) / 15,
    "2,133": len(jumps()),
    "30": sum(far > 1 for _, far in jumps()),
    "24": sum(far < -1 for _, far in jumps()),
    "2,079": len(jumps()) - len(FAR),
    "54": len(FAR),
    "34": sum(bar.time.month in (1, 4, 7, 10) for bar in FAR),
}

# --- Targets ------------------------------------------------------------------------------------------------


def came_first(stop: float, target: float) -> float:
    """Of purchases at every close, the share whose target was touched first. Both in a bar: the stop."""
    reached = missed = 0
    for n in range(13, len(SP.bars)):
        price, unit = float(SP.bars[n].close), known(SP_ATR, n)
        for bar in SP.bars[n + 1 :]:
            if float(bar.low) <= price - stop * unit:
                missed += 1
                break
            if float(bar.high) >= price + target * unit:
                reached += 1
                break
    return reached / (reached + missed)


TARGETS = together(
    {"51%": came_first(1, 1), "35%": came_first(1, 2), "27%": came_first(1, 3)},
    {"52%": came_first(2, 2), "36%": came_first(2, 4)},
    {"67%": 1 / 1.5, "50%": 1 / 2, "33%": 1 / 3, "25%": 1 / 4, "17%": 1 / 6, "0.2": 0.4 * 2 - 0.6 * 1},
)

# --- One entry and its exits --------------------------------------------------------------------------------


@dataclass
class Trade:
    """An open trade of the plan. `stop` is where it stands for the next bar."""

    entry: float
    stop: float
    risk: float
    highest_close: float


@dataclass(frozen=True)
class Exit:
    """How a trade ends besides at its first stop: a limit in R, after so many days, by a stop that moves."""

    limit: float | None = None
    days: int | None = None
    moved: Callable[[Trade, Bar, float], float] | None = None

    def price(self, trade: Trade, bar: Bar, day: int) -> float | None:
        """The price at which the trade ends in this bar; None for not yet. The worse case where unclear."""
        opened = float(bar.open)
        if day > 1 and opened <= trade.stop:
            return opened
        if float(bar.low) <= trade.stop:
            return trade.stop
        limit = None if self.limit is None else trade.entry + self.limit * trade.risk
        if limit is not None and float(bar.high) >= limit:
            return max(limit, opened) if day > 1 else limit
        return float(bar.close) if day == self.days else None


def trailing(distance: float) -> Exit:
    return Exit(moved=lambda trade, _bar, unit: trade.highest_close - distance * unit)


def to_the_entry(trade: Trade, bar: Bar, _unit: float) -> float:
    return trade.entry if float(bar.high) >= trade.entry + trade.risk else trade.stop


def trades(bars: Sequence[Bar], way_out: Exit) -> list[tuple[Bar, float]]:
    """The bar of each entry and the result in R of the plan of the first level, one trade at a time."""
    units, found, n = atr(bars), [], 40
    while n < len(bars) - 1:
        if bars[n].close > highest(bars[n - 40 : n]):
            entry, stop = float(bars[n + 1].open), float(lowest(bars[n - 9 : n + 1]))
            trade = Trade(entry, stop, entry - stop, float(bars[n].close))
            ended = _ended(
                bars, n + 1, trade, way_out, [known(units, place) for place in range(n, len(bars))]
            )
            if ended is None:
                break
            found.append((bars[n + 1], (ended[1] - entry) / trade.risk))
            n = ended[0]
        n += 1
    return found


def _ended(
    bars: Sequence[Bar], first: int, trade: Trade, way_out: Exit, units: Sequence[float]
) -> tuple[int, float] | None:
    """The place of the bar in which a trade ends, and the price."""
    for day, bar in enumerate(bars[first:], 1):
        price = way_out.price(trade, bar, day)
        if price is not None:
            return first + day - 1, price
        trade.highest_close = max(trade.highest_close, float(bar.close))
        if way_out.moved:
            trade.stop = max(trade.stop, way_out.moved(trade, bar, units[day]))
    return None


def exit_row(way_out: Exit, count: str, gains: str, average: str) -> Claims:
    found = [result for _, result in trades(SP.bars, way_out)]
    return {count: len(found), gains: sum(one > 0 for one in found), average: sum(found) / len(found)}


def uncertain(way_out: Exit) -> float:
    """The standard error of the average result."""
    found = [result for _, result in trades(SP.bars, way_out)]
    return float(stdev(found) / len(found) ** 0.5)


EXITS = together(
    exit_row(Exit(limit=1, days=20), "106", "58", "0.07"),
    exit_row(Exit(limit=2, days=20), "103", "55", "0.07"),
    exit_row(Exit(limit=3, days=20), "103", "55", "0.07"),
    exit_row(Exit(days=20), "102", "55", "0.11"),
    exit_row(Exit(limit=2, days=20, moved=to_the_entry), "103", "53", "0.07"),
    exit_row(trailing(2), "102", "40", "−0.02"),
    exit_row(trailing(3), "69", "28", "0.10"),
    exit_row(trailing(4), "53", "24", "0.15"),
    {"0.07": uncertain(Exit(limit=2, days=20)), "0.16": uncertain(trailing(4))},
)


def of(day: str, way_out: Exit) -> float:
    """The result of the trade in Alphabet shares that was entered on this day."""
    return next(result for bar, result in trades(GOOG.bars, way_out) if bar.time == GOOG.at(day).time)


ENTRY, FIRST_STOP = GOOG.at("2010-09-22").open, lowest(GOOG.until("2010-09-21", 10))


def trailed(day: str) -> float:
    """Where the trailing stop of three ATR stood after the close of a day."""
    first = GOOG.index("2010-09-21")
    places = range(first + 1, GOOG.index(day) + 1)
    stops = [
        float(max(bar.close for bar in GOOG.bars[first : n + 1])) - 3 * known(GOOG_ATR, n) for n in places
    ]
    return max(float(FIRST_STOP), *stops)


TRAILED: Claims = {
    "512.86": ENTRY,
    "464.51": FIRST_STOP,
    "48.35": ENTRY - FIRST_STOP,
    "609.56": ENTRY + 2 * (ENTRY - FIRST_STOP),
    "530.41": max(bar.close for bar in GOOG.between("2010-09-21", "2010-09-28")),
    "502.26": trailed("2010-09-28"),
    "540.93": GOOG.at("2010-10-14").close,
    "514.87": trailed("2010-10-14"),
    "58.34": GOOG.at("2010-10-15").open - GOOG.at("2010-10-14").close,
    "577.02": trailed("2010-10-18"),
    "597.95": trailed("2010-11-12"),
    "1.76": of("2010-09-22", trailing(3)),
    "2": (of("2010-09-22", Exit(limit=2, days=20)), of("2007-09-19", Exit(limit=2, days=20))),
    "5.5": of("2007-09-19", trailing(3)),
}

# --- Plans --------------------------------------------------------------------------------------------------

BOX, LONG = SP.between("2016-09-01", "2016-10-28"), SP.between("2015-04-01", "2015-06-09")
SHORT, SETUP = SP.between("2007-05-15", "2007-07-06"), GOOG.index("2006-10-06")
PLANS: Claims = {
    "2114.72": (lowest(BOX), swing_lows(BOX)[-1].low),
    "2119.12": swing_lows(BOX)[-2].low,
    "2154.79": SP.at("2016-10-24").high,
    "2187.87": highest(BOX),
    "2126.41": BOX[-1].close,
    "2097.85": SP.at("2016-11-01").low,
    "2083.79": (SP.at("2016-11-04").low, lowest(SP.between("2016-10-28", "2016-11-18"))),
    "2170.10": SP.at("2016-11-09").high,
    "2048.38": lowest(LONG),
    "2134.72": (highest(LONG), swing_highs(LONG)[-1].high),
    "2125.92": swing_highs(LONG)[-2].high,
    "2072.37": swing_lows(LONG)[0].low,
    "2067.93": swing_lows(LONG)[1].low,
    "2080.15": LONG[-1].close,
    "16.34": known(SP_ATR, SP.index("2015-06-09")),
    "1540.56": (highest(SHORT), swing_highs(SHORT)[0].high),
    "1538.71": swing_highs(SHORT)[1].high,
    "1487.41": swing_lows(SHORT)[-2].low,
    "1484.18": (lowest(SHORT), swing_lows(SHORT)[-1].low),
    "1530.44": SHORT[-1].close,
    "1547.92": SP.at("2007-07-12").high,
    "1427.39": SP.at("2007-08-06").low,
    "398.19": lowest(GOOG.bars[SETUP - 9 : SETUP + 1]),
    "424.80": GOOG.bars[SETUP + 1].open,
    "8": int(120 / 14.48),
    "18": int(250 / (2126.50 - 2113)),
    "23": int(300 / (1543 - 1530)),
}

CLAIMS = together(REACH, DIPS, GAPS, TARGETS, EXITS, TRAILED, PLANS)
# Lengths, multiples, years, and the accounts, prices and limits of examples and of plans.
PLAIN = {
    "−1", "0.5", "0.5%", "1", "1%", "1.5", "3", "4", "5", "5%", "6", "7", "10", "10%", "14", "15.00",
    "20", "40%", "60%", "120", "200", "250", "300", "360.00", "374.00", "400.00", "410.00", "420.00",
    "425.00", "1526", "1530", "1535", "1541", "1999", "2018", "2075", "2080", "2086", "2120", "2132",
    "20000", "20,000", "25000", "25,000", "30000", "30,000", "1490.00", "1530.00", "1543.00", "2066.00",
    "2080.00", "2113.00", "2124.00", "2126.50", "2152.00", "2180.00",
}  # fmt: skip


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []


def test_the_trade_that_is_followed_ends_as_it_is_told() -> None:
    limit = ENTRY + 2 * (ENTRY - FIRST_STOP)
    held = GOOG.between("2010-09-22", "2010-11-15")
    assert next(bar for bar in held if bar.high >= limit).time == GOOG.at("2010-10-18").time
    assert GOOG.at("2010-09-21").close > highest(GOOG.before("2010-09-21", 40))
    assert lowest(held[:-1]) > FIRST_STOP
    assert float(GOOG.at("2010-11-12").low) > trailed("2010-11-11")
    assert float(GOOG.at("2010-11-15").low) < trailed("2010-11-12")


def test_the_plans_end_as_they_are_told() -> None:
    assert (
        lowest(SP.between("2016-10-31", "2016-11-01")) < 2113 < lowest(SP.between("2016-10-31", "2016-10-31"))
    )
    assert (
        highest(SP.between("2007-07-09", "2007-07-12"))
        > 1543
        > highest(SP.between("2007-07-09", "2007-07-11"))
    )
    setup = GOOG.bars[SETUP]
    assert setup.close > highest(GOOG.bars[SETUP - 40 : SETUP])
