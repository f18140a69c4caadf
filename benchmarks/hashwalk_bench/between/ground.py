"""The trials and pairs that formats of one medium are compared on, the same for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.between.levels import NEVER, Ints, Levels, Near
from hashwalk_bench.pairs.collisions import Collisions, counts_by_node
from hashwalk_bench.pairs.scale import Distances, Scale
from hashwalk_bench.pairs.sides import Side
from hashwalk_bench.pairs.trials import Trials
from hashwalk_bench.pairs.units import Units
from hashwalk_bench.statistics.thresholds import chosen_bin

Mask = NDArray[np.bool_]

LOOSEST = 0.02
"""Up to this rate of collisions the pairs are kept, twice the loosest target."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a format says of the trials and pairs of its medium.

    `distances` are those of each item to its original, `collisions` the unrelated pairs up to
    the distance `limit`, `compared` the items that those are made of.
    """

    format: str
    scale: Scale
    distances: Distances
    collisions: Collisions
    limit: float
    compared: Mask


def loosest(trials: Trials) -> float:
    """Return up to what distance the unrelated pairs of a format are wanted; under 0 for none."""
    counts, pairs = trials.of_half("choose")
    at = chosen_bin(LOOSEST, counts.sum(axis=(0, 1)), int(pairs.sum()))
    return float(trials.scale.grid[at]) if at >= 0 else -1.0


class Ground:
    """The variants of a medium, and its unrelated pairs, of those items that all formats compare.

    A trial is a variant whose original exists; those of the half ``report`` are counted.
    """

    def __init__(self, units: Units, compared: Mask) -> None:
        """Take the units and the items that all formats compare."""
        self._units = units
        self._trials = units.is_variant()
        self._compared = compared
        self.report: Mask = units.in_half("report")[self._trials]
        self._cluster = units.cluster_of_item[self._trials][self.report]
        pairs = _pairs(units, compared)
        self.choose_pairs = int(_among(pairs, units, "choose").sum())
        self.report_pairs = _among(pairs, units, "report")

    @classmethod
    def of(cls, units: Units, several: Iterable[Seen]) -> Ground:
        """Return what formats have in common."""
        compared = np.ones(len(units.items), np.bool_)
        for seen in several:
            compared &= seen.compared
        return cls(units, compared)

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self._units.halves)

    @property
    def clusters(self) -> int:
        """How many clusters of near-duplicates there are."""
        return int(self._units.clusters.max(initial=-1)) + 1

    def levels(self, seen: Seen) -> Levels:
        """Return what a format says on the scale of levels."""
        collisions = seen.collisions
        own = self._compared[collisions.keys % max(collisions.items, 1)]
        pair, bins = collisions.keys[own], seen.scale.bins(collisions.distances[own])
        chosen, told = (self._inside(pair, half) for half in ("choose", "report"))
        count = np.bincount(bins[chosen], minlength=len(seen.scale)).cumsum()
        level = np.full(len(seen.scale) + 1, NEVER, np.int64)
        known = seen.scale.bin_of(seen.limit) + 1
        level[:known] = count[:known]
        return Levels(
            format=seen.format,
            matching=level[seen.scale.bins(seen.distances[self._trials])],
            choose=Near(pair[chosen], level[bins[chosen]]),
            report=Near(pair[told], level[bins[told]]),
        )

    def found(self, levels: Levels, level: int) -> Mask:
        """Tell which trials of the half ``report`` are found at a level."""
        return levels.matching[self.report] <= level

    def by_cluster(self, trials: Mask) -> Ints:
        """Return how many chosen trials of the half ``report`` each cluster has."""
        return np.bincount(self._cluster[trials], minlength=self.clusters).astype(np.int64)

    def by_nodes(self, pair: Ints) -> Ints:
        """Return how many of some pairs are of each two nodes: (nodes, nodes)."""
        return counts_by_node(pair, self._units)

    def ends(self, pair: Ints) -> tuple[Ints, Ints]:
        """Return the nodes of the reference and of the query of each pair."""
        source, item = np.divmod(pair, max(len(self._units.items), 1))
        nodes = self._units.nodes[source], self._units.node_of_item[item]
        return nodes[0].astype(np.int64), nodes[1].astype(np.int64)

    def allowed(self, target: float) -> float:
        """Return how many pairs of the half ``choose`` may collide at a target rate."""
        return target * self.choose_pairs

    def _inside(self, pair: Ints, half: str) -> Mask:
        """Tell which pairs lie in a half on both sides."""
        nodes = self._units.nodes_of(half)
        reference, query = self.ends(pair)
        return np.isin(reference, nodes) & np.isin(query, nodes)


def _pairs(units: Units, compared: Mask) -> Ints:
    """Return how many unrelated pairs there are of each two nodes."""
    references = Side.of(units, units.originals[units.originals >= 0])
    queries = Side.of(units, np.arange(len(units.items)))
    return references.pairs_across(queries.where(compared))


def _among(pairs: Ints, units: Units, half: str) -> Ints:
    """Return the pairs of two nodes of a half, nothing for others."""
    nodes = np.isin(np.arange(len(pairs)), units.nodes_of(half))
    return np.where(np.outer(nodes, nodes), pairs, 0)
