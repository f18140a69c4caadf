"""Rates over pairs: pairs share pictures, so that pictures vary, not pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.statistics.effective_trials import effective_interval
from hashwalk_bench.statistics.model import Rate
from hashwalk_bench.statistics.proportions import no_trials

Counts = NDArray[np.integer]
Reals = NDArray[np.float64]

METHOD = "effective number of pairs, of the node bootstrap's variance"


def node_rates(counts: Counts, trials: Counts) -> list[Rate]:
    """Return the rate of events among pairs of nodes, one for each threshold.

    `counts` is (nodes, nodes, thresholds), `trials` (nodes, nodes): row the node of the
    reference, column that of the query. The diagonal (pairs inside one node) counts as trials of
    that node alone.
    """
    total = int(trials.sum())
    if not total:
        return [no_trials()] * counts.shape[2]
    units = int(((trials.sum(axis=0) + trials.sum(axis=1)) > 0).sum())
    hits = counts.sum(axis=(0, 1))
    variances = node_variances(counts, trials)
    return [
        Rate(
            hits=int(hit),
            trials=total,
            value=int(hit) / total,
            interval=effective_interval(int(hit) / total, float(var), units, total, METHOD),
        )
        for hit, var in zip(hits, variances, strict=True)
    ]


def node_rate(counts: Counts, trials: Counts) -> Rate:
    """Return the rate of one kind of event among pairs; `counts` is (nodes, nodes)."""
    return node_rates(counts[:, :, None], trials)[0]


def node_variances(counts: Counts, trials: Counts) -> Reals:
    """Return the variance of each threshold's rate, for the choice of nodes.

    With weights of mean and variance 1 on the nodes, and w_i w_j on pairs, the bootstrap's
    variance is that of the nodes' sums plus that of the single pairs; each pair's own share is
    counted three times, and two are taken off (Fafchamps and Gubert 2007; Aronow, Samii and
    Assenova 2015). Never less than that of independent pairs.
    """
    total = trials.sum()
    rates = counts.sum(axis=(0, 1)) / total
    left = counts - trials[:, :, None] * rates
    own = np.einsum("iik->ik", left)
    single = left + left.transpose(1, 0, 2)
    of_nodes = single.sum(axis=1) - own
    pairs = np.triu(np.ones(trials.shape, np.bool_), 1)
    of_pairs = (single[pairs] ** 2).sum(axis=0)
    variance: Reals = np.maximum((of_nodes**2).sum(axis=0) - of_pairs, of_pairs) / total**2
    return variance
