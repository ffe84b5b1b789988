"""Made-up prices from a seed, for showing what no real market shows on order. Pure.

Prices follow a geometric Brownian motion, dS = μS dt + σS dW (Hull, Options, Futures, and Other Derivatives,
on the behaviour of stock prices), walked in small steps within each bar by Euler's scheme with simplified
noise (Kloeden and Platen, Numerical Solution of Stochastic Differential Equations, 1992, section 14.1): the
noise is the sum of twelve uniform numbers less six, with mean 0 and variance 1. With regimes, drift and
volatility change at random times, each state lasting a geometric number of bars (Hamilton, Econometrica 57,
1989).

Only + − × ÷ and roots are taken, which every machine rounds alike: the same recipe gives the same bars to the
byte.
"""

import datetime as dt
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from learning.charting import Bar
from learning.price_csv import PRICE_DIGITS
from learning.texts import Price, Strict

STEPS = 16  # within a bar
GAP = 0.25  # of a bar's volatility, from one close to the next open
LEAST_TICKS = 20  # a price of fewer ticks moves in stairs
# The share of a year that a bar is.
_YEARS = {"1h": 1 / (252 * 24), "1d": 1 / 252, "1w": 1 / 52, "1mo": 1 / 12}
# What a regime makes of drift and volatility.
_REGIMES = ((1.0, 0.8), (-1.0, 1.4), (0.0, 0.6))


class Recipe(Strict):
    """All that the bars depend on. Drift and volatility are shares of the price a year: 0.2 is 20 %."""

    formula: Literal[1] = 1
    seed: Annotated[int, Field(ge=0, lt=2**32)]
    timeframe: Literal["1h", "1d", "1w", "1mo"]
    bars: Annotated[int, Field(ge=2, le=10_000)]
    start: dt.date
    start_price: Price
    price_decimals: Annotated[int, Field(ge=0, le=8)]
    drift: Annotated[Decimal, Field(ge=-1, le=1)] = Decimal(0)
    volatility: Annotated[Decimal, Field(gt=0, le=1)]
    regime_bars: Annotated[int, Field(ge=0, le=1000)] = (
        0  # how long a regime lasts on average; 0: there are none
    )
    volume: Annotated[int, Field(ge=0, le=10**12)] = 0  # of a usual bar; 0: there is none


class CannotBeMade(ValueError):
    """The recipe leads out of what a chart or the table can hold; the message says what to change."""


def make(recipe: Recipe) -> tuple[Bar, ...]:
    """The bars of a recipe, oldest first. Raises CannotBeMade."""
    return tuple(_walk(recipe))


@dataclass(slots=True)
class _Motion:
    """Where the price is, and how it moves."""

    chance: random.Random
    price: float
    drift: float
    volatility: float

    def noise(self) -> float:
        total = 0.0
        # Not sum(): from Python 3.12 on it rounds otherwise.
        for _ in range(12):
            total += self.chance.random()
        return total - 6

    def step(self, years: float) -> float:
        moved = self.drift * years + self.volatility * math.sqrt(years) * self.noise()
        self.price *= 1 + moved
        return self.price


def _walk(recipe: Recipe) -> Iterator[Bar]:
    # Only random() is promised to stay the same in later versions of Python.
    chance = random.Random(recipe.seed)  # noqa: S311
    drift, volatility, years = float(recipe.drift), float(recipe.volatility), _YEARS[recipe.timeframe]
    motion = _Motion(chance, float(recipe.start_price), drift, volatility)
    times = _times(recipe.start, recipe.timeframe)
    for number in range(recipe.bars):
        if recipe.regime_bars and chance.random() * recipe.regime_bars < 1:
            towards, wildness = _REGIMES[int(chance.random() * len(_REGIMES))]
            motion.drift, motion.volatility = drift * towards, volatility * wildness
        if number:
            motion.price *= 1 + GAP * motion.volatility * math.sqrt(years) * motion.noise()
        path = [motion.price, *(motion.step(years / STEPS) for _ in range(STEPS))]
        yield _bar(_next(times), path, recipe, _volume(recipe, path, years, chance))


def _bar(time: dt.datetime, path: list[float], recipe: Recipe, volume: Decimal) -> Bar:
    tick = Decimal(1).scaleb(-recipe.price_decimals)
    if min(path) < LEAST_TICKS * tick:
        raise CannotBeMade(
            "The price comes too close to nothing for its decimals. Take a higher start, more decimals, "
            "fewer bars or more drift."
        )
    if max(path) >= 10 ** PRICE_DIGITS[0] - 1:
        raise CannotBeMade("The price grows beyond what can be kept. Take fewer bars or less drift.")
    opened, high, low, close = (
        Decimal(price).quantize(tick) for price in (path[0], max(path), min(path), path[-1])
    )
    return Bar(time, opened, high, low, close, volume)


def _volume(recipe: Recipe, path: list[float], years: float, chance: random.Random) -> Decimal:
    """More is traded where the price moves more; drawn also for none, so that the prices stay the same."""
    share = 0.6 + 0.6 * chance.random()
    moved = abs(path[-1] - path[0]) / (path[0] * float(recipe.volatility) * math.sqrt(years))
    return Decimal(int(recipe.volume * share * (0.7 + 0.4 * moved)))


def _times(start: dt.date, timeframe: str) -> Iterator[dt.datetime]:
    """Starts of bars, UTC: weekdays, around the clock by the hour; Mondays; the first of each month."""
    time = dt.datetime.combine(start, dt.time(), dt.UTC)
    if timeframe == "1mo":
        yield from _months(time)
    step = {"1h": dt.timedelta(hours=1), "1d": dt.timedelta(days=1), "1w": dt.timedelta(days=1)}[timeframe]
    while True:
        if time.weekday() == 0 if timeframe == "1w" else time.weekday() < 5:
            yield time
        time += step


def _months(first: dt.datetime) -> Iterator[dt.datetime]:
    year, month = first.year, first.month
    while True:
        yield dt.datetime(year, month, 1, tzinfo=dt.UTC)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _next(times: Iterator[dt.datetime]) -> dt.datetime:
    try:
        return next(times)
    except (ValueError, OverflowError) as error:
        raise CannotBeMade("The bars go beyond the year 9999. Take fewer, or begin earlier.") from error
