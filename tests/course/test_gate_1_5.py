"""Level 1, gate 5: the trading plan."""

from collections.abc import Sequence
from decimal import Decimal
from math import comb

from learning.charting import Bar
from tests.course.claims import Claims, faults, gate, highest, lowest, mean, obstacles, series

GATE = gate(1, 5)
SP = series("sp500-daily")
NASDAQ = series("nasdaq-daily")
GOOG = series("goog-daily")
WAITING = SP.between("2010-05-10", "2010-09-10")


def plan(bars: Sequence[Bar]) -> list[Decimal]:
    """The results in R of the gate's plan, one trade at a time; an unclear bar counts as the worse case."""
    results: list[Decimal] = []
    n = 40
    while n < len(bars) - 1:
        if bars[n].close <= highest(bars[n - 40 : n]):
            n += 1
            continue
        entry, stop = bars[n + 1].open, lowest(bars[n - 9 : n + 1])
        days = bars[n + 1 : n + 21]
        last, leave = next(
            (
                (day, min(bar.open, stop) if bar.low <= stop else max(bar.open, 3 * entry - 2 * stop))
                for day, bar in enumerate(days)
                if bar.low <= stop or bar.high >= 3 * entry - 2 * stop
            ),
            (len(days) - 1, days[-1].close),
        )
        results.append((leave - entry) / (entry - stop))
        n += 2 + last  # the next setup is looked for after the day of the exit
    return results


def drawdown(results: Sequence[Decimal], risk: Decimal) -> Decimal:
    """The deepest fall below the highest point so far, as a share of it."""
    account = peak = Decimal(1)
    deepest = Decimal(0)
    for result in results:
        account *= 1 + risk * result
        peak = max(peak, account)
        deepest = max(deepest, 1 - account / peak)
    return deepest


TRADES = plan(SP.bars)


CLAIMS: Claims = {
    "475.12": GOOG.at("2009-09-14").close,
    "475.08": GOOG.at("2009-09-15").open,
    "472.71": GOOG.at("2009-09-15").low,
    "523.25": GOOG.at("2009-10-08").high,
    "482.60": GOOG.at("2009-10-02").low,
    "505.89": GOOG.at("2010-08-05").open,
    "506.32": GOOG.at("2010-08-04").close,
    "482.15": GOOG.at("2010-08-18").close,
    "1010.91": SP.at("2010-07-01").low,
    "1173.57": SP.at("2010-05-13").high,
    "1131.23": SP.at("2010-06-21").high,
    "1129.24": SP.at("2010-08-09").high,
    "2401.33": NASDAQ.at("2006-11-09").high,
    "2376.01": NASDAQ.at("2006-11-09").close,
    "2202.93": NASDAQ.at("2006-09-19").low,
    "420.50": GOOG.at("2006-10-06").close,
    "1686.15": SP.at("2013-07-19").open,
    "1614.71": SP.at("2013-07-05").low,
    "1661.32": SP.at("2013-08-15").close,
    "1560.33": SP.at("2013-06-24").low,
    "1709.67": (SP.at("2013-08-02").high, SP.at("2013-08-02").close),
    "474.35": highest(GOOG.before("2009-09-14", 40)),
    "452.59": lowest(GOOG.until("2009-09-14", 10)),
    "0.77": GOOG.at("2009-09-14").close - highest(GOOG.before("2009-09-14", 40)),
    "507.00": GOOG.at("2009-09-23").high,
    "505.87": highest(GOOG.before("2010-08-04", 40)),
    "479.14": lowest(GOOG.until("2010-08-04", 10)),
    "26.75": GOOG.at("2010-08-05").open - lowest(GOOG.until("2010-08-04", 10)),
    "559.39": 3 * GOOG.at("2010-08-05").open - 2 * lowest(GOOG.until("2010-08-04", 10)),
    "450.00": lowest(GOOG.between("2010-08-19", "2010-08-25")),
    "0.20": Decimal("0.40") * 2 - Decimal("0.60"),
    "−0.01": Decimal("0.90") * Decimal("0.1") - Decimal("0.10"),
    "−0.07": Decimal("0.70") * Decimal("0.4") - Decimal("0.30") - Decimal("0.05"),
    "0.15": Decimal("0.40") * 2 - Decimal("0.60") - Decimal("0.05"),
    "103": len(TRADES),
    "55": sum(result > 0 for result in TRADES),
    "48": sum(result <= 0 for result in TRADES),
    "0.07": (
        mean(TRADES),
        mean(TRADES[60:80]),
        Decimal("0.35") * Decimal("2.2") - Decimal("0.65") - Decimal("0.05"),
    ),
    "−0.15": mean(TRADES[:20]),
    "−0.06": mean(TRADES[20:40]),
    "0.21": mean(TRADES[40:60]),
    "0.22": mean(TRADES[80:100]),
    "8": (sum(result > 0 for result in TRADES[:20]), 200 // Decimal("22.49")),
    "10": sum(result > 0 for result in TRADES[20:40]),
    "12": (sum(result > 0 for result in TRADES[40:60]), sum(result > 0 for result in TRADES[60:80])),
    "11": sum(result > 0 for result in TRADES[80:100]),
    "6%": drawdown(TRADES, Decimal("0.01")),
    "48%": drawdown(TRADES, Decimal("0.10")),
    "87": len(WAITING),
    "2393.47": highest(NASDAQ.before("2006-11-09", 40)),
    "418.69": highest(GOOG.before("2006-10-06", 40)),
    "398.19": lowest(GOOG.until("2006-10-06", 10)),
    "368.00": lowest(GOOG.between("2006-08-10", "2006-10-06")),
    "45.00": 2 * (Decimal("420.50") - Decimal("398.00")),
    "0.9": 3 * Decimal("0.3"),
    "65%": 1 - Decimal("0.35"),
    "19%": sum(comb(12, heads) for heads in range(8, 13)) / 2**12,
    "71.44": Decimal("1686.15") - Decimal("1614.71"),
    "−0.35": (SP.at("2013-08-15").close - Decimal("1686.15")) / Decimal("71.44"),
}
# Numbers of examples, lengths and counts of lists.
PLAIN = {
    "−1", "1", "2", "3", "4", "5", "6", "7", "40", "20,000", "1%", "465", "70%", "0.4", "40%",
    "90%", "0.1", "0.70", "0.30", "0.05", "1999", "2018", "20", "21", "41", "60", "61", "80", "81",
    "100", "2008", "10%", "20000", "426.00", "398.20", "0.5", "398.00", "0.01", "75%", "0.3", "35%",
    "2.2", "0.35", "0.65", "0.75", "0.25",
}  # fmt: skip


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []


def test_no_setup_in_the_months_of_waiting() -> None:
    first = SP.index("2010-05-10")
    assert not any(bar.close > highest(SP.bars[n - 40 : n]) for n, bar in enumerate(WAITING, start=first))


def test_the_longest_row_of_losses_was_seven() -> None:
    rows = "".join("-" if result <= 0 else "+" for result in TRADES).split("+")
    assert max(map(len, rows)) == 7
