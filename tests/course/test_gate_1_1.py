"""Level 1, gate 1: what a market and a price bar are."""

from tests.course.claims import Claims, faults, gate, obstacles, series

GATE = gate(1, 1)
SP, GOOG, EUR, NASDAQ = (
    series(f"{code}") for code in ("sp500-daily", "goog-daily", "eurusd-hourly", "nasdaq-daily")
)

CLAIMS: Claims = {}
PLAIN: set[str] = set()


def test_every_number_is_true() -> None:
    assert faults(GATE, CLAIMS, PLAIN) == []


def test_it_can_be_published() -> None:
    assert obstacles(GATE) == []
