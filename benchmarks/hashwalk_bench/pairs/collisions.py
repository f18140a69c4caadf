"""Which unrelated pairs collide, so that formats can be compared pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.pairs.scale import Distances
from hashwalk_bench.pairs.units import Units

Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Collisions:
    """The unrelated pairs within a distance, and their distances; keys ascend.

    A key is the index of the reference's source * `items` + the index of the item in the run's
    units: it means the same for all formats of a run and medium, so that ``np.intersect1d`` and
    ``np.union1d`` of keys tell which pairs collide in both formats or in either.
    """

    keys: Keys
    distances: Distances
    items: int

    @classmethod
    def of(cls, keys: Sequence[Keys], distances: Sequence[Distances], items: int) -> Collisions:
        """Join pairs found block by block."""
        found = np.concatenate([np.zeros(0, np.int64), *keys])
        order = np.argsort(found)
        far = np.concatenate([np.zeros(0, np.float32), *distances])
        return cls(found[order], far[order], items)

    def within(self, threshold: float) -> Keys:
        """Return the keys of those within `threshold`, ascending."""
        return self.keys[self.distances <= np.float32(threshold)]


def counts_by_node(keys: Keys, units: Units) -> NDArray[np.int64]:
    """Return how many of the pairs with these keys are of each two nodes: (nodes, nodes)."""
    nodes, items = len(units.halves), max(len(units.items), 1)
    rows = units.nodes[keys // items].astype(np.int64)
    cells = rows * nodes + units.node_of_item[keys % items]
    return np.bincount(cells, minlength=nodes * nodes).reshape(nodes, nodes)
