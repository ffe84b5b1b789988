"""Indicators against figures worked out by hand, and against looking ahead."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.charting import Bar
from learning.indicators import Values, atr, ema, rsi, sma

CLOSES = [10.0, 11.0, 12.0, 11.0, 10.0, 12.0]


def bar(day: int, low: str, high: str, close: str) -> Bar:
    opened, top, bottom, closed = (Decimal(one) for one in (close, high, low, close))
    return Bar(dt.datetime(2024, 1, day, tzinfo=dt.UTC), opened, top, bottom, closed, Decimal(1))


def test_a_simple_average() -> None:
    assert sma(CLOSES, 3) == [None, None, 11.0, pytest.approx(34 / 3), 11.0, 11.0]


def test_an_exponential_average_begins_with_a_mean() -> None:
    # Weight 2 ÷ 4: each time half of the way to the new value.
    assert ema(CLOSES, 3) == [None, None, 11.0, 11.0, 10.5, 11.25]


def test_relative_strength() -> None:
    # Rises 1, 1, 0, 0, 2 and falls 0, 0, 1, 1, 0. First averages over three: 2/3 and 1/3.
    second = 100 * (4 / 9) / (4 / 9 + 5 / 9)
    third = 100 * (26 / 27) / (26 / 27 + 10 / 27)
    assert rsi(CLOSES, 3) == [None, None, None, *map(pytest.approx, (100 * 2 / 3, second, third))]


def test_nothing_moved() -> None:
    assert rsi([5.0] * 5, 3) == [None, None, None, 50.0, 50.0]


def test_a_true_range_counts_the_gap() -> None:
    bars = [
        bar(1, "9", "11", "10"),
        bar(2, "14", "15", "14"),
        bar(3, "13", "14", "13"),
        bar(4, "5", "6", "6"),
    ]
    # 2; up to 15 from a close of 10: 5; 1; down to 5 from a close of 13: 8.
    assert atr(bars, 2) == [None, 3.5, 2.25, 5.125]


@pytest.mark.parametrize("length", [1, 2, 14])
@pytest.mark.parametrize("indicator", [sma, ema, rsi])
@given(st.lists(st.floats(1, 1000), max_size=40), st.data())
def test_one_value_a_bar_and_none_looks_ahead(
    indicator: Callable[[Sequence[float], int], Values], length: int, values: list[float], data: st.DataObject
) -> None:
    whole = indicator(values, length)
    seen = data.draw(st.integers(0, len(values)))
    assert len(whole) == len(values)
    assert indicator(values[:seen], length) == whole[:seen]
