"""How much the rate of unrelated pairs depends on single sources, in sums that members can add."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.sharing.model import SharedPairs

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """The sums of several members; see :class:`~hashwalk_bench.sharing.model.SharedPairs`."""

    reached: Reals
    trials: float
    sources: int
    node: tuple[Reals, Reals, float]
    pair: tuple[Reals, Reals, float]

    @classmethod
    def of(cls, shared: Iterable[SharedPairs]) -> Spread:
        """Return the sums over members: no source of one is in a pair of another."""
        given = [*shared]
        return cls(
            reached=np.cumsum(np.sum([s.counts for s in given], axis=0, dtype=np.float64)),
            trials=float(sum(s.trials for s in given)),
            sources=sum(s.sources for s in given),
            node=(
                np.sum([s.node_squares for s in given], axis=0, dtype=np.float64),
                np.sum([s.node_products for s in given], axis=0, dtype=np.float64),
                float(sum(s.node_trials for s in given)),
            ),
            pair=(
                np.sum([s.pair_squares for s in given], axis=0, dtype=np.float64),
                np.sum([s.pair_products for s in given], axis=0, dtype=np.float64),
                float(sum(s.pair_trials for s in given)),
            ),
        )

    def variances(self) -> Reals:
        """Return the variance of the rate up to each bin: that of statistics.node_variances."""
        rates = self.reached / self.trials
        of_nodes, of_pairs = (
            squares - 2 * rates * products + rates**2 * trials
            for squares, products, trials in (self.node, self.pair)
        )
        nodes = max(self.sources, 3)
        of_few = (nodes - 1) / nodes * (nodes / (nodes - 2)) ** 2
        variance: Reals = np.maximum(of_few * (of_nodes - of_pairs), of_pairs) / self.trials**2
        return np.maximum(variance, 0.0)


class Sums(TypedDict):
    """The sums that SharedPairs has."""

    node_squares: tuple[int, ...]
    node_products: tuple[int, ...]
    node_trials: int
    pair_squares: tuple[int, ...]
    pair_products: tuple[int, ...]
    pair_trials: int


def spread_of(
    counts: NDArray[np.integer], trials: NDArray[np.integer], told_up_to: NDArray[np.intp]
) -> Sums:
    """Return the sums of (nodes, nodes, bins) counts, where the counts up to a bin are told.

    `told_up_to` is that bin for each bin of what is told, -1 where nothing is told yet.
    """
    told = told_up_to >= 0
    reached = np.cumsum(counts, axis=2, dtype=np.float64)[:, :, told_up_to] * told
    flat = trials.astype(np.float64)
    pairs = np.triu(np.ones(trials.shape, np.bool_), 1)
    single, single_trials = reached + reached.transpose(1, 0, 2), flat + flat.T
    node = single.sum(axis=1) - np.einsum("iik->ik", reached)
    node_trials = single_trials.sum(axis=1) - np.diagonal(flat)
    squares, products, all_of = _sums(node, node_trials)
    pair_squares, pair_products, pair_all = _sums(single[pairs], single_trials[pairs])
    return Sums(
        node_squares=squares,
        node_products=products,
        node_trials=all_of,
        pair_squares=pair_squares,
        pair_products=pair_products,
        pair_trials=pair_all,
    )


def _sums(hits: Reals, trials: Reals) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    squares = np.rint((hits**2).sum(axis=0))
    products = np.rint((hits * trials[:, None]).sum(axis=0))
    return tuple(map(int, squares)), tuple(map(int, products)), int(np.rint((trials**2).sum()))
