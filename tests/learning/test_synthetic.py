"""Made-up prices: well-formed bars, the same for the same recipe to the byte, near what was asked."""

import datetime as dt
import hashlib
import math
import statistics
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.price_csv import read, written
from learning.synthetic import CannotBeMade, Recipe, make
from tests.amounts import amount
from tests.factories.fuzz import steady

YEAR = 252


def recipe(**changes: Any) -> Recipe:
    usual = {
        "seed": 7,
        "timeframe": "1d",
        "bars": 250,
        "start": dt.date(2024, 1, 1),
        "start_price": Decimal(100),
        "price_decimals": 2,
        "drift": Decimal("0.05"),
        "volatility": Decimal("0.2"),
    }
    return Recipe.model_validate({**usual, **changes})


recipes = st.builds(
    recipe,
    seed=st.integers(0, 2**32 - 1),
    timeframe=st.sampled_from(["1h", "1d", "1w", "1mo"]),
    bars=st.integers(2, 80),
    start=st.dates(dt.date(1, 1, 1), dt.date(9990, 1, 1)),
    start_price=st.decimals(1, 100_000, places=2),
    price_decimals=st.integers(0, 8),
    drift=st.decimals(-1, 1, places=2),
    volatility=st.decimals(Decimal("0.01"), 1, places=2),
    regime_bars=st.integers(0, 50),
    volume=st.integers(0, 10**12),
)


@steady(amount(100, 3_000))
@given(recipes)
def test_every_recipe_makes_well_formed_bars_or_says_why_not(asked: Recipe) -> None:
    try:
        bars = make(asked)
    except CannotBeMade:
        return
    assert len(bars) == asked.bars
    times = [bar.time for bar in bars]
    assert times == sorted(set(times))
    for bar in bars:
        assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
        assert bar.volume >= 0
        assert all(price.as_tuple().exponent == -asked.price_decimals for price in bar.prices)
        assert asked.timeframe == "1mo" or bar.time.weekday() < 5
        assert asked.timeframe == "1h" or bar.time.time() == dt.time()
    assert make(asked) == bars
    assert read("".join(written(bars)).encode(), timeframe=asked.timeframe) == bars


def test_the_same_recipe_is_the_same_file_to_the_byte_for_good() -> None:
    """A changed formula would change what a seed means: give it another number in `Recipe.formula`."""
    made = make(recipe(regime_bars=30, volume=1000))
    digest = hashlib.sha256("".join(written(made)).encode()).hexdigest()
    assert digest == "af064181818390cb69fdda2d847ccb42f4d0a5cdfffeb5c28e6242a24d8c7e12"


def test_another_seed_is_another_market() -> None:
    assert make(recipe(seed=1)) != make(recipe(seed=2))


def test_volume_does_not_move_the_price() -> None:
    with_volume, without = make(recipe(volume=5000)), make(recipe(volume=0))
    assert [bar.prices for bar in with_volume] == [bar.prices for bar in without]
    assert any(bar.volume for bar in with_volume)
    assert not any(bar.volume for bar in without)


def test_volatility_and_drift_are_about_what_was_asked() -> None:
    asked = recipe(bars=10_000, start_price=Decimal(1000), drift=Decimal("0.1"), volatility=Decimal("0.2"))
    bars = make(asked)
    steps = [math.log(bar.close / bar.open) for bar in bars]
    assert statistics.stdev(steps) * math.sqrt(YEAR) == pytest.approx(0.2, rel=0.05)
    # The mean of a lognormal step is drift less half the variance; its error over 40 years is 0.03 a year.
    assert statistics.fmean(steps) * YEAR == pytest.approx(0.1 - 0.02, abs=0.1)


def test_regimes_change_how_wild_the_market_is() -> None:
    def wildness(regime_bars: int) -> float:
        bars = make(recipe(bars=4000, regime_bars=regime_bars, drift=Decimal(0)))
        moves = [math.log(bar.close / bar.open) for bar in bars]
        months = [statistics.stdev(moves[at : at + 20]) for at in range(0, 4000, 20)]
        return statistics.stdev(months) / statistics.fmean(months)

    assert wildness(100) > 1.5 * wildness(0)


def test_days_are_weekdays_weeks_begin_on_monday_and_months_on_the_first() -> None:
    def times(timeframe: str) -> list[str]:
        made = make(recipe(timeframe=timeframe, bars=3, start=dt.date(2024, 1, 5)))
        return [f"{bar.time:%a %Y-%m-%d %H:%M}" for bar in made]

    assert times("1d") == ["Fri 2024-01-05 00:00", "Mon 2024-01-08 00:00", "Tue 2024-01-09 00:00"]
    assert times("1h")[:2] == ["Fri 2024-01-05 00:00", "Fri 2024-01-05 01:00"]
    assert times("1w")[:2] == ["Mon 2024-01-08 00:00", "Mon 2024-01-15 00:00"]
    assert times("1mo")[:2] == ["Mon 2024-01-01 00:00", "Thu 2024-02-01 00:00"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"start_price": Decimal("0.1")}, "too close to nothing"),
        ({"drift": Decimal(-1), "bars": 9000}, "too close to nothing"),
        ({"start_price": Decimal(999999999999)}, "beyond what can be kept"),
        ({"drift": Decimal(1), "bars": 10_000, "timeframe": "1w"}, "beyond what can be kept"),
        ({"start": dt.date(9999, 12, 1)}, "beyond the year 9999"),
        ({"start": dt.date(9999, 12, 1), "timeframe": "1mo"}, "beyond the year 9999"),
        ({"start": dt.date(9999, 12, 30), "timeframe": "1h"}, "beyond the year 9999"),
    ],
)
def test_what_leads_too_far_says_what_to_change(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(CannotBeMade, match=reason):
        make(recipe(**changes))
