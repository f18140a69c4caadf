"""Intervals of rates over dependent trials: as of so many independent ones as vary as much."""

from __future__ import annotations

from scipy.stats import beta, norm, t

from hashwalk_bench.statistics.model import Interval
from hashwalk_bench.statistics.proportions import CONFIDENCE, ZERO, zero_bound

_TAIL = (1 - CONFIDENCE) / 2


def effective_interval(
    value: float, variance: float, units: int, trials: float, method: str
) -> Interval:
    """Return an interval of `value`, estimated with `variance` over independent `units`.

    The number of independent trials with this variance, p (1 - p) / variance, lessened by the
    ratio of the normal to Student's quantile at units - 1, gives an exact binomial interval (Korn
    and Graubard 1998). No event among `trials` gives the one-sided exact bound.
    """
    if value <= 0:
        return Interval(low=0.0, high=zero_bound(trials), method=ZERO)
    effective = _effective(value, variance, units, trials)
    hits, misses = value * effective, (1 - value) * effective
    low = float(beta.ppf(_TAIL, hits, misses + 1))
    high = 1.0 if misses <= 0 else float(beta.ppf(1 - _TAIL, hits + 1, misses))
    return Interval(low=min(low, value), high=max(high, value), method=method)


def _effective(value: float, variance: float, units: int, trials: float) -> float:
    if variance <= 0 or value >= 1:
        return float(min(units, trials))
    quantiles = float(norm.ppf(_TAIL) / t.ppf(_TAIL, max(units - 1, 1)))
    return min(trials, value * (1 - value) / variance) * quantiles**2
