"""How far two formats agree beyond chance, and what a rate of collisions does to a list."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.statistics.model import Interval

Reals = NDArray[np.float64]


def kappa(both: float, only_a: float, only_b: float, neither: float) -> float:
    """Return Cohen's κ (1960) of a table of counts; NaN where chance alone explains all."""
    total = both + only_a + only_b + neither
    observed = (both + neither) / total if total else math.nan
    a, b = (both + only_a) / max(total, 1), (both + only_b) / max(total, 1)
    expected = a * b + (1 - a) * (1 - b)
    return (observed - expected) / (1 - expected) if expected < 1 else math.nan


def lookup_false_alarm(rate: float, size: float) -> float:
    """Return 1 - (1 - rate) ** size, exact for tiny rates and long lists.

    The probability that one look-up of an unrelated item in a list of `size` raises an alarm.
    """
    return 1.0 if rate >= 1 and size > 0 else -math.expm1(size * math.log1p(-rate))


def lookup_interval(interval: Interval, size: float) -> Interval:
    """Return the same of both ends of a rate's interval."""
    low, high = (lookup_false_alarm(end, size) for end in (interval.low, interval.high))
    return Interval(low=low, high=high, method=interval.method)
