"""The node bootstrap: histograms of draws of nodes, for what is no simple rate (AUC, EER, bits)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from hashwalk_bench.statistics.model import Interval, Rate
from hashwalk_bench.statistics.proportions import CONFIDENCE

Reals = NDArray[np.float64]
Counts = NDArray[np.integer]

DRAWS = 200
METHOD = "node bootstrap"


@dataclass(frozen=True, slots=True)
class Draws:
    """Weights of nodes (draws, nodes): how often each node was drawn, with replacement."""

    weights: Reals

    @classmethod
    def of(cls, nodes: int, seed: int, draws: int = DRAWS) -> Draws:
        """Draw `nodes` of as many nodes, `draws` times; equal for an equal seed."""
        even = np.full(nodes, 1 / nodes)
        return cls(np.random.default_rng(seed).multinomial(nodes, even, draws).astype(np.float64))

    def of_nodes(self, counts: Counts) -> Reals:
        """Return the sums of (nodes, …) counts, one of each draw: (draws, …)."""
        flat = counts.reshape(len(counts), -1).astype(np.float64)
        return np.asarray((self.weights @ flat).reshape(-1, *counts.shape[1:]), np.float64)

    def of_pairs(self, counts: Counts) -> Reals:
        """Return the sums of (nodes, nodes, …) counts, one of each draw: (draws, …).

        A pair of two nodes is taken w_i w_j times, one inside a node (the diagonal) w_i times.
        Pairs of two copies of one node are none, and take part in no sum.
        """
        nodes = len(counts)
        flat = counts.reshape(nodes, nodes, -1)
        sums = self.of_nodes(np.einsum("iik->ik", flat))
        for node in range(nodes):
            row = flat[node].astype(np.float64)
            row[node] = 0
            sums += self.weights[:, node, None] * (self.weights @ row)
        return sums.reshape(-1, *counts.shape[2:])


def drawn_share(value: float, draws: Reals, hits: int, trials: int) -> Rate:
    """Return a share (0 to 1) with a normal interval of its logit, as wide as the draws say.

    Shares nearer to 0 or 1 than half a trial count as that far: the logit has no end.
    """
    edge = 0.5 / max(trials, 1)
    kept = np.clip(draws[np.isfinite(draws)], edge, 1 - edge)
    centre = float(logit(np.clip(value, edge, 1 - edge)))
    reach = _reach(logit(kept))
    low, high = float(expit(centre - reach)), float(expit(centre + reach))
    interval = Interval(low=min(low, value), high=max(high, value), method=f"{METHOD}, logit")
    return Rate(hits=hits, trials=trials, value=value, interval=interval)


def drawn_quantity(value: float, draws: Reals, trials: int) -> Rate:
    """Return a positive quantity with a normal interval of its logarithm, likewise."""
    reach = _reach(np.log(draws[np.isfinite(draws) & (draws > 0)]))
    low, high = value * float(np.exp(-reach)), value * float(np.exp(reach))
    interval = Interval(low=low, high=high, method=f"{METHOD}, logarithm")
    return Rate(hits=0, trials=trials, value=value, interval=interval)


def _reach(draws: Reals) -> float:
    spread = float(draws.std(ddof=1)) if len(draws) > 1 else 0.0
    return float(ndtri((1 + CONFIDENCE) / 2)) * spread
