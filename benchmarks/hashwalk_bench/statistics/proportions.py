"""Rates over independent trials: exact intervals, and which rates a number of trials resolves."""

from __future__ import annotations

from scipy.special import expm1, log1p
from scipy.stats import binomtest

from hashwalk_bench.statistics.model import Interval, Rate

CONFIDENCE = 0.95
EVENTS_NEEDED = 10
"""How many events a target rate must make one expect, as a rule, before it is told."""
EXACT = "exact binomial (Clopper-Pearson)"
ZERO = "one-sided exact bound for zero events"


def zero_bound(trials: float) -> float:
    """Return the largest rate that gives no event in `trials` with probability 5 % or more.

    It is 1 - 0.05 ** (1 / trials), about 3 / trials; 1 for no trials.
    """
    return float(-expm1(log1p(-CONFIDENCE) / trials)) if trials > 0 else 1.0


def exact_interval(hits: int, trials: int) -> Interval:
    """Return the Clopper-Pearson interval; for no hits the one-sided bound."""
    if hits == 0:
        return Interval(low=0.0, high=zero_bound(trials), method=ZERO)
    found = binomtest(hits, trials).proportion_ci(CONFIDENCE, method="exact")
    return Interval(low=float(found.low), high=float(found.high), method=EXACT)


def exact_rate(hits: int, trials: int) -> Rate:
    """Return the rate of independent trials; without trials it has no value and a note."""
    if trials == 0:
        return no_trials()
    interval = exact_interval(hits, trials)
    return Rate(hits=hits, trials=trials, value=hits / trials, interval=interval)


def no_trials(note: str = "no trials") -> Rate:
    """Return the rate of which nothing is known."""
    return Rate(hits=0, trials=0, value=None, interval=None, note=note)


def trials_needed(target: float) -> float:
    """Return how many trials resolve the rate `target`: those in which 10 events are expected."""
    return EVENTS_NEEDED / target


def unresolved(target: float, trials: int) -> str:
    """Return why `trials` pairs do not resolve the rate `target`, nothing if they do.

    The text has the upper bound that no event at all would give.
    """
    if trials >= trials_needed(target) * (1 - 1e-9):
        return ""
    return (
        f"{target:.0e} is not resolvable with {trials:,} pairs: at least "
        f"{trials_needed(target):,.0f} are needed; no event among them says no more than "
        f"a rate under {zero_bound(trials):.1e}"
    )
