"""Rates over several trials of each independent source: sources vary, not trials."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from hashwalk_bench.statistics.effective_trials import effective_interval
from hashwalk_bench.statistics.model import Interval, Rate
from hashwalk_bench.statistics.proportions import CONFIDENCE, no_trials, zero_bound

Counts = NDArray[np.integer]
Reals = NDArray[np.float64]

METHOD = "between sources, exact binomial of the effective number of trials"
DIFFERENCE = "between sources, paired"

_ROUNDING = 1e-24


def cluster_rate(hits: Counts, trials: Counts) -> Rate:
    """Return a rate whose trials belong to sources, with an interval for the choice of sources.

    `hits` and `trials` are (sources,), or (kinds, sources): then the value is the mean of the
    rates of the kinds that have trials, each of equal weight.
    """
    of_kind, of_source = np.atleast_2d(hits), np.atleast_2d(trials)
    told = of_source.sum(axis=1) > 0
    of_kind, of_source = of_kind[told].astype(np.float64), of_source[told].astype(np.float64)
    if not told.any():
        return no_trials()
    totals = of_source.sum(axis=1)
    rates = of_kind.sum(axis=1) / totals
    influence = np.mean(
        [_influence(*kind) for kind in zip(of_kind, of_source, strict=True)], axis=0
    )
    units = int((of_source.sum(axis=0) > 0).sum())
    variance = float(influence @ influence) * units / max(units - 1, 1)
    value = float(rates.mean())
    return Rate(
        hits=int(of_kind.sum()),
        trials=int(totals.sum()),
        value=value,
        interval=effective_interval(value, variance, units, totals.sum(), METHOD),
    )


def cluster_difference(before: tuple[Counts, Counts], after: tuple[Counts, Counts]) -> Rate:
    """Return rate `after` less rate `before`, each (hits, trials) by the same sources.

    They are (sources,), or (kinds, sources): then the value is the mean over the kinds that have
    trials on both sides. The interval is Student's, with the variance that a bootstrap of sources
    taking both sides together has, without its draws; where no source differs, the exact bound
    for that. `hits` of the result is the difference of hits, `trials` those of `after`.
    """
    counts = [np.atleast_2d(side) for side in (*before, *after)]
    told = (counts[1].sum(axis=1) > 0) & (counts[3].sum(axis=1) > 0)
    if not told.any():
        return no_trials()
    was, of_was, now, of_now = (side[told] for side in counts)
    units = int(((of_was + of_now).sum(axis=0) > 0).sum())
    changes = now.sum(axis=1) / of_now.sum(axis=1) - was.sum(axis=1) / of_was.sum(axis=1)
    sides = zip(was, of_was, now, of_now, strict=True)
    influence = np.mean([_influence(n, of) - _influence(w, f) for w, f, n, of in sides], axis=0)
    value, reach = float(changes.mean()), _reach(influence, units)
    ends = max(value - reach, -1.0), min(value + reach, 1.0)
    return Rate(
        hits=int(now.sum() - was.sum()),
        trials=int(of_now.sum()),
        value=value,
        interval=Interval(low=ends[0], high=ends[1], method=DIFFERENCE),
    )


def _reach(influence: Reals, units: int) -> float:
    spread = float(influence @ influence) * units / max(units - 1, 1)
    quantile = float(t.ppf((1 + CONFIDENCE) / 2, max(units - 1, 1)))
    return quantile * spread**0.5 if spread > _ROUNDING else zero_bound(units)


def _influence(hits: Counts, trials: Counts) -> Reals:
    """Return how far each source moves the rate."""
    total = trials.sum()
    return np.asarray((hits - trials * (hits.sum() / total)) / total, np.float64)
