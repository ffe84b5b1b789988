"""Level 1, gate 4: risk per trade and position size."""

from decimal import Decimal

from tests.course.claims import Claims, Near, faults, gate, mean, mean_reach, obstacles, reach, series

GATE = gate(1, 4)
SP = series("sp500-daily")
NASDAQ = series("nasdaq-daily")
GOOG = series("goog-daily")
EUR = series("eurusd-hourly")
BTC = series("btcusd-monthly")
CALM = SP.between("2017-09-01", "2017-10-31")
WILD = NASDAQ.between("2000-04-03", "2000-05-31")


def losing_run(length: int, trades: int = 100) -> float:
    """The chance of a row of at least so many losses in so many even trades."""
    # open[n]: the chance that no such row has come and the last n trades were losses.
    open_ = [1.0] + [0.0] * (length - 1)
    for _ in range(trades):
        open_ = [sum(open_) / 2, *(chance / 2 for chance in open_[:-1])]
    return 1 - sum(open_)


CLAIMS: Claims = {
    "2446.55": SP.at("2017-09-05").low,
    "2582.98": SP.at("2017-10-27").high,
    "4572.84": NASDAQ.at("2000-04-03").high,
    "3042.66": NASDAQ.at("2000-05-24").low,
    "513.00": GOOG.at("2006-11-22").high,
    "460.72": GOOG.at("2006-12-18").low,
    "460.48": GOOG.at("2006-12-29").close,
    "1.17644": EUR.at("2017-12-14 22:00").low,
    "1.18628": EUR.at("2017-12-14 13:00").high,
    "462.07": GOOG.at("2008-09-19").high,
    "247.30": GOOG.at("2008-11-21").low,
    "292.96": GOOG.at("2008-11-28").close,
    "7,500": 10_000 * Decimal("0.5") * Decimal("1.5"),
    "5,000": 10_000 / 2,
    "2,500": 5_000 / 2,
    "100": (10_000 * Decimal("0.01"), 100 * (Decimal("25.00") - Decimal("24.00"))),
    "9.65": mean_reach(CALM),
    "0.38%": mean([reach(bar) / bar.close for bar in CALM]),
    "1.03%": max(reach(bar) / bar.close for bar in CALM),
    "42": len(CALM),
    "184.79": mean_reach(WILD),
    "5%": mean([reach(bar) / bar.close for bar in WILD]),
    "15%": reach(NASDAQ.at("2000-04-04")) / NASDAQ.at("2000-04-04").close,
    "41": len(WILD),
    "50": (Near(Decimal("0.02") * CALM[-1].close, 2), 100 / Decimal("2.00")),
    "200": (100 / Decimal("0.50"), 200),
    "47.60": Decimal("476.00") / 10,
    "476": Near(GOOG.at("2006-10-30").close, 1),
    "485": Near(GOOG.at("2006-12-15").low, 10),
    "465.06": GOOG.at("2006-11-03").low,
    "488.00": Decimal("476.00") + 12,
    "500.00": Decimal("476.00") + 24,
    "512.00": Decimal("476.00") + 36,
    "55%": (losing_run(6), 1 - Decimal("0.45")),
    "17%": losing_run(8),
    "94%": 0.99**6,
    "90%": 0.99**10,
    "89%": 0.98**6,
    "82%": (0.98**10, 45 / 55),
    "74%": 0.95**6,
    "60%": 0.95**10,
    "53%": 0.9**6,
    "35%": 0.9**10,
    "19666.00": BTC.at("2017-12-31").high,
    "3122.28": BTC.at("2018-12-31").low,
    "84%": 1 - BTC.at("2018-12-31").low / BTC.at("2017-12-31").high,
    "530%": BTC.at("2017-12-31").high / BTC.at("2018-12-31").low - 1,
    "35": BTC.index("2020-11-30") - BTC.index("2017-12-31"),
    "11%": 1 / Decimal("0.9") - 1,
    "25%": 1 / Decimal("0.8") - 1,
    "100%": 1 / Decimal("0.5") - 1,
    "400%": 1 / Decimal("0.2") - 1,
    "39.47": 630 - GOOG.at("2012-01-20").open,
    "15.00": Decimal("630.00") - Decimal("615.00"),
    "360": 60 * Decimal("6.00"),
    "1.18015": EUR.at("2017-12-15 12:00").close,
    "40": 10_000 * (Decimal("1.18015") - Decimal("1.17615")),
    "4": 10_000 * (Decimal("1.18015") - Decimal("1.17975")),
    "15": 10_000 * mean_reach(EUR.until("2017-12-15 12:00", 24)),
    "80,000": 80 / Decimal("0.0010"),
    "200,000": 80 / Decimal("0.0004"),
    "20.50": mean_reach(GOOG.until("2008-11-28", 20)),
    "97%": losing_run(4),
    "97": 100 * losing_run(4),
    "1.05": Decimal("24.05") - Decimal("23.00"),
    "45": 100 - 55,
    "55": 100 - 45,
}
# Numbers of examples, lengths and counts of lists.
PLAIN = {
    "10,000", "50%", "12,500", "1", "1%", "−100", "−1", "−40", "−0.4", "2", "−260", "−2.6", "2%",
    "0.50", "2.00", "5.00", "15,000", "476.00", "464.00", "0.01", "12.9", "10%", "15000", "464",
    "6,000", "24.00", "23.25", "3", "22", "6", "20%", "80%", "30%", "3%", "120", "40.00", "38.00",
    "34.00", "6.00", "1.17615", "24", "1.17975", "0.0040", "30", "10.00", "300", "8", "30.00",
    "8.00", "25.00", "24.05", "23.00", "8%", "45%",
}  # fmt: skip


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []


def test_what_the_texts_say_of_the_markets() -> None:
    assert sum(reach(bar) / bar.close > Decimal("0.02") for bar in WILD) == 40
    assert min(map(reach, GOOG.until("2008-11-28", 20))) > 8
