"""Level 1, gate 1: what a market and a price bar are."""

from decimal import Decimal

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
)

GATE = gate(1, 1)
SP = series("sp500-daily")
NASDAQ = series("nasdaq-daily")
GOOG = series("goog-daily")
EUR = series("eurusd-hourly")
DAY = EUR.between("2017-09-20 00:00", "2017-09-20 23:00")

CLAIMS: Claims = {
    "597.62": GOOG.at("2011-07-15").close,
    "2009.08": (SP.at("2014-09-22").open, SP.at("2014-09-22").high),
    "1820.66": SP.at("2014-10-15").low,
    "2018.05": SP.at("2014-10-31").close,
    "1874.18": (SP.at("2014-10-15").open, SP.at("2014-10-15").high),
    "1862.49": SP.at("2014-10-15").close,
    "1877.70": SP.at("2014-10-14").close,
    "1.18745": EUR.at("2017-09-20 23:00").close,
    "528.94": GOOG.at("2011-07-14").close,
    "597.50": GOOG.at("2011-07-15").open,
    "588.16": GOOG.at("2011-07-15").low,
    "600.25": GOOG.at("2011-07-15").high,
    "542.00": GOOG.at("2011-07-14").high,
    "511.90": GOOG.at("2007-07-20").open,
    "520.12": GOOG.at("2007-07-20").close,
    "548.59": GOOG.at("2007-07-19").close,
    "558.58": GOOG.at("2007-07-16").high,
    "2183.53": NASDAQ.at("2010-02-12").close,
    "2141.12": NASDAQ.at("2010-02-05").close,
    "2131.92": NASDAQ.at("2010-02-05").open,
    "1.17905": EUR.at("2017-11-15 00:00").open,
    "1.17698": EUR.at("2017-11-15 23:00").open,
    "1.17825": EUR.at("2017-11-15 23:00").close,
    "1.17832": EUR.at("2017-11-15 23:00").high,
    "303.20": GOOG.at("2005-10-20").close,
    "345.80": GOOG.at("2005-10-21").open,
    "339.90": GOOG.at("2005-10-21").close,
    "333.00": GOOG.at("2005-10-21").low,
    "1.19922": EUR.at("2017-09-20 00:00").open,
    "17": len(SP.between("2014-09-22", "2014-10-14")),
    "26.11": mean_reach(SP.between("2014-09-22", "2014-10-14")),
    "24": (len(DAY), len(EUR.between("2017-11-15 00:00", "2017-11-15 23:00"))),
    "18": len(EUR.between("2017-09-20 00:00", "2017-09-20 17:00")),
    "1.19840": lowest(EUR.between("2017-09-20 00:00", "2017-09-20 17:00")),
    "1.20220": highest(EUR.between("2017-09-20 00:00", "2017-09-20 17:00")),
    "1.20353": (highest(DAY), EUR.at("2017-09-20 18:00").high),
    "1.18616": (lowest(DAY), EUR.at("2017-09-20 18:00").low),
    "0.01737": reach(EUR.at("2017-09-20 18:00")),
    "173.7": reach(EUR.at("2017-09-20 18:00")) * 10_000,
    "68.56": GOOG.at("2011-07-15").open - GOOG.at("2011-07-14").close,
    "12.96%": GOOG.at("2011-07-15").open / GOOG.at("2011-07-14").close - 1,
    "28.47": GOOG.at("2007-07-19").close - GOOG.at("2007-07-20").close,
    "8.22": body(GOOG.at("2007-07-20")),
    "52.82": reach(NASDAQ.at("2010-02-04")),
    "22.57": lower_wick(NASDAQ.at("2010-01-20")),
    "2325": NASDAQ.at("2010-01-11").open,
    "2100.17": lowest(NASDAQ.between("2010-01-11", "2010-02-12")),
    "60.81": reach(NASDAQ.at("2000-06-16")),
    "128": mean_reach(NASDAQ.between("2000-05-12", "2000-06-15")),
    "3,860": Near(NASDAQ.at("2000-06-16").close, 5),
    "1.6%": reach(NASDAQ.at("2000-06-16")) / NASDAQ.at("2000-06-16").close,
    "290": Near(lowest(GOOG.between("2005-09-22", "2005-10-20")), 5),
    "320": Near(highest(GOOG.between("2005-09-22", "2005-10-20")), 5),
    "1.18612": highest(EUR.between("2017-11-15 00:00", "2017-11-15 23:00")),
    "1.17684": lowest(EUR.between("2017-11-15 00:00", "2017-11-15 23:00")),
    "1.40": Decimal("101.20") - Decimal("99.80"),
    "9.00": Decimal("104.00") - Decimal("95.00"),
    "1.00": Decimal("101.00") - Decimal("100.00"),
    "1%": Decimal("101.00") / Decimal("100.00") - 1,
    "5%": 1 - Decimal("95.00") / Decimal("100.00"),
}
# Numbers of examples, lengths and counts of lists.
PLAIN = {
    "99.98", "300", "100.01", "200", "99.97", "800", "100.02", "500", "99.95", "400", "100.04",
    "900", "700", "3", "0.0001", "100", "103", "98", "104", "97", "14", "15", "4", "3%", "50.00",
    "52.00", "48.00", "52.40", "47.80", "51.60", "60", "100.00", "101.00", "99.80", "101.20",
    "95.00", "104.00",
}  # fmt: skip


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []
