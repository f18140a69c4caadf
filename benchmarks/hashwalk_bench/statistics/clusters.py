"""Rates over several trials of each independent source: sources vary, not trials."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.statistics.effective_trials import effective_interval
from hashwalk_bench.statistics.model import Interval, Rate
from hashwalk_bench.statistics.proportions import no_trials

Counts = NDArray[np.integer]
Reals = NDArray[np.float64]

DRAWS = 2000
METHOD = "effective number of trials, of variance between sources"
DIFFERENCE = "bootstrap of sources, paired"


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
    influence = ((of_kind - rates[:, None] * of_source) / totals[:, None]).mean(axis=0)
    units = int((of_source.sum(axis=0) > 0).sum())
    variance = float(influence @ influence) * units / max(units - 1, 1)
    value = float(rates.mean())
    return Rate(
        hits=int(of_kind.sum()),
        trials=int(totals.sum()),
        value=value,
        interval=effective_interval(value, variance, units, totals.sum(), METHOD),
    )


def cluster_difference(
    before: tuple[Counts, Counts], after: tuple[Counts, Counts], seed: int = 0
) -> Rate:
    """Return rate `after` less rate `before`, each (hits, trials) of the same sources.

    The interval is by percentiles of draws of sources, which take both sides together. `hits` of
    the result is the difference of hits, `trials` those of `after`.
    """
    sides = np.stack([np.asarray(s, np.float64) for s in (*before, *after)])
    totals = sides.sum(axis=1)
    if not totals[1] or not totals[3]:
        return no_trials()
    units = sides[:, (sides[[1, 3]] > 0).any(axis=0)]
    low, high = np.nanquantile(_differences(_draws(units, seed)), [0.025, 0.975])
    return Rate(
        hits=int(totals[2] - totals[0]),
        trials=int(totals[3]),
        value=float(_differences(totals[None])[0]),
        interval=Interval(low=float(low), high=float(high), method=DIFFERENCE),
    )


def _draws(units: Reals, seed: int) -> Reals:
    """Return the sums of each row of `units` (rows, sources) in draws of sources: (draws, rows)."""
    count = units.shape[1]
    weights = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), DRAWS)
    drawn: Reals = weights @ units.T
    return drawn


def _differences(sums: Reals) -> Reals:
    with np.errstate(invalid="ignore", divide="ignore"):
        difference: Reals = sums[:, 2] / sums[:, 3] - sums[:, 0] / sums[:, 1]
    return difference
