"""Level 1, gate 3: orders and the spread."""

from decimal import Decimal

from tests.course.claims import Claims, Near, faults, gate, highest, mean_reach, obstacles, reach, series

GATE = gate(1, 3)
GOOG = series("goog-daily")
EUR = series("eurusd-hourly")

CLAIMS: Claims = {
    "1.18052": EUR.at("2017-11-14 18:00").high,
    "522.82": GOOG.at("2010-05-10").high,
    "464.01": GOOG.at("2010-05-25").low,
    "509.25": GOOG.at("2010-06-04").high,
    "472.00": GOOG.at("2010-06-09").low,
    "497.99": GOOG.at("2010-06-15").close,
    "639.57": GOOG.at("2012-01-19").close,
    "590.53": GOOG.at("2012-01-20").open,
    "1.18136": EUR.at("2017-11-23 00:00").low,
    "1.18550": EUR.at("2017-11-24 00:00").high,
    "1.19400": EUR.at("2017-09-21 23:00").low,
    "1.18660": EUR.at("2017-09-21 00:00").low,
    "1.20044": EUR.at("2017-09-22 10:00").high,
    "1.19478": EUR.at("2017-09-22 20:00").close,
    "619.22": GOOG.at("2011-03-01").high,
    "551.28": GOOG.at("2011-03-16").low,
    "578.51": GOOG.at("2011-04-14").close,
    "1.18500": EUR.at("2017-11-24 00:00").open,
    "0.04": Decimal("50.02") - Decimal("49.98"),
    "8": 200 * (Decimal("50.02") - Decimal("49.98")),
    "3.8": 10_000 * reach(EUR.at("2017-11-14 03:00")),
    "30.6": 10_000 * reach(EUR.at("2017-11-14 07:00")),
    "1.16654": EUR.at("2017-11-14 07:00").open,
    "7.5": 10_000 * mean_reach([bar for bar in EUR.bars if bar.time.hour == 4]),
    "24.1": 10_000 * mean_reach([bar for bar in EUR.bars if bar.time.hour == 14]),
    "39.47": 630 - GOOG.at("2012-01-20").open,
    "15.00": Decimal("630.00") - Decimal("615.00"),
    "15": Decimal("630.00") - Decimal("615.00"),
    "616.91": GOOG.at("2012-01-10").low,
    "0.02": Decimal("50.02") - Decimal("50.00"),
    "1.18519": EUR.at("2017-11-24 05:00").close,
    "1.18592": highest(EUR.between("2017-11-22 20:00", "2017-11-24 05:00")),
    "30": 10_000 * (Decimal("1.19400") - Decimal("1.19100")),
    "7.8": 10_000 * (EUR.at("2017-09-22 20:00").close - Decimal("1.19400")),
    "0.60": Decimal("30.60") - Decimal("30.00"),
    "1.55": Decimal("30.55") - Decimal("29.00"),
    "1.45": Decimal("32.00") - Decimal("30.55"),
    "595": Near(highest(GOOG.between("2011-03-17", "2011-04-14")), 2),
    "90,020": 200 * Decimal("100.01") + 500 * Decimal("100.02") + 200 * Decimal("100.04"),
}
# Numbers of examples, lengths and counts of lists.
PLAIN = {
    "50.00", "200", "50.02", "400", "49.98", "300", "2", "1", "40", "471.50", "20", "615.00",
    "630.00", "48.50", "1.00", "300.00", "48.41", "2.00", "1.2", "6", "60", "1.18600", "1.1853",
    "40.00", "39.00", "41.00", "42.00", "38.00", "1.19100", "30.00", "29.00", "32.00", "30.02",
    "30.60", "30.55", "560.00", "550.00", "545.00", "100.01", "100.02", "500", "100.04", "900",
    "100.00", "1.18495", "0.8", "0.00008", "5",
}  # fmt: skip


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []
