"""Rates over pairs: pairs share pictures, so that pictures vary, not pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.statistics.effective_trials import effective_interval
from hashwalk_bench.statistics.model import Rate
from hashwalk_bench.statistics.proportions import no_trials

Counts = NDArray[np.integer]
Reals = NDArray[np.float64]
Indices = NDArray[np.intp]

METHOD = "node jackknife, exact binomial of the effective number of pairs"


def node_rates(counts: Counts, trials: Counts) -> list[Rate]:
    """Return the rate of events among pairs of nodes, one for each threshold.

    `counts` is (nodes, nodes, thresholds), `trials` (nodes, nodes): row the node of the
    reference, column that of the query. Pairs inside one node, on the diagonal, belong to that
    node alone. Measured on simulated pairs that share latent traits, of 30 to 120 nodes and rates
    of 1e-1 to 1e-3, 500 times each, the intervals cover in 91 to 99 % (in the median 95 %), where
    Wilson's on pairs cover in 8 to 96 %, and the node bootstrap's own variance gives 92 to 100 %.
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

    It is that of the delete-one-node jackknife (Frank and Snijders 1994), which like the node
    bootstrap without its draws adds up the squared sums of nodes. In those a pair's own variance
    is counted twice, so that it is taken off once (Fafchamps and Gubert 2007; Aronow, Samii and
    Assenova 2015): otherwise intervals of nearly independent pairs are too wide by 1.4 to 1.7.
    Never less than the variance of independent pairs.
    """
    upper = np.triu_indices(len(trials), 1)
    found = [_variance(counts[:, :, at], trials, upper) for at in range(counts.shape[2])]
    return np.array(found, np.float64)


def _variance(counts: Counts, trials: Counts, upper: tuple[Indices, Indices]) -> float:
    total, nodes = int(trials.sum()), max(len(trials), 3)
    left = counts - trials * (counts.sum() / total)
    sums = left.sum(axis=0) + left.sum(axis=1) - np.diagonal(left)
    of_pairs = float(((left[upper] + left.T[upper]) ** 2).sum())
    of_few = (nodes - 1) / nodes * (nodes / (nodes - 2)) ** 2
    return max(of_few * (float(sums @ sums) - of_pairs), of_pairs) / total**2
