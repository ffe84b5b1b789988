"""Indicators of price bars: pure functions of the bars given, oldest first; none looks ahead.

Each gives one value a bar, None where there are not yet bars enough. Values are floats in the unit of the
price, RSI from 0 to 100.
"""

from collections.abc import Sequence
from itertools import pairwise

from learning.charting import Bar

Values = list[float | None]


def sma(values: Sequence[float], length: int) -> Values:
    """Simple moving average: the mean of the last `length` values."""
    begun: Values = [None] * min(len(values), length - 1)
    return begun + [sum(values[n : n + length]) / length for n in range(len(values) - length + 1)]


def ema(values: Sequence[float], length: int) -> Values:
    """Exponential moving average with the weight 2 ÷ (length + 1), begun by the mean of the first values.

    Appel, Technical Analysis: Power Tools for Active Investors (2005), chapter 8.
    """
    return _smoothed(values, length, 2 / (length + 1))


def rsi(values: Sequence[float], length: int = 14) -> Values:
    """Relative strength index: 100 × average rise ÷ (average rise + average fall), smoothed by 1 ÷ length.

    Wilder, New Concepts in Technical Trading Systems (1978), section VI. 50 where nothing moved.
    """
    moves = [later - earlier for earlier, later in pairwise(values)]
    rises = _smoothed([max(move, 0.0) for move in moves], length, 1 / length)
    falls = _smoothed([max(-move, 0.0) for move in moves], length, 1 / length)
    return [None, *map(_strength, rises, falls)][: len(values)]


def atr(bars: Sequence[Bar], length: int = 14) -> Values:
    """Average true range: how far a bar reaches, the gap before it included, smoothed by 1 ÷ length.

    Wilder (1978), section III; the first bar has no close before it, so its range is its own.
    """
    ranges = [float(bar.high - bar.low) for bar in bars[:1]]
    ranges += [
        float(max(bar.high, before.close) - min(bar.low, before.close)) for before, bar in pairwise(bars)
    ]
    return _smoothed(ranges, length, 1 / length)


def _smoothed(values: Sequence[float], length: int, weight: float) -> Values:
    found: Values = [None] * min(len(values), length - 1)
    if len(values) < length:
        return found
    average = sum(values[:length]) / length
    found.append(average)
    for value in values[length:]:
        average += weight * (value - average)
        found.append(average)
    return found


def _strength(rise: float | None, fall: float | None) -> float | None:
    if rise is None or fall is None:
        return None
    return 50.0 if rise + fall == 0 else 100 * rise / (rise + fall)
