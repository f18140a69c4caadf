"""One side of all pairs: items in the order of nodes and clusters, and how many pairs they make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.pairs.units import Numbers, Units

Pairs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Side:
    """Indices of items, and the source, cluster and node of each; a cluster is one run of them.

    `order` grows with node and cluster, and names the cluster.
    """

    items: NDArray[np.intp]
    sources: Numbers
    clusters: Numbers
    nodes: Numbers
    order: NDArray[np.int64]
    nodes_in_all: int

    @classmethod
    def of(cls, units: Units, items: NDArray[np.intp] | Numbers) -> Side:
        """Put items in order."""
        clusters, nodes = units.cluster_of_item[items], units.node_of_item[items]
        key = nodes.astype(np.int64) * (int(units.clusters.max(initial=0)) + 1) + clusters
        place = np.lexsort((items, units.source_of[items], key))
        chosen = np.asarray(items, np.intp)[place]
        sources = units.source_of[chosen]
        nodes_in_all = len(units.halves)
        return cls(chosen, sources, clusters[place], nodes[place], key[place], nodes_in_all)

    def where(self, chosen: NDArray[np.bool_]) -> Side:
        """Return the side of those items that are `chosen` among all of the run."""
        keep = chosen[self.items]
        return Side(
            self.items[keep],
            self.sources[keep],
            self.clusters[keep],
            self.nodes[keep],
            self.order[keep],
            self.nodes_in_all,
        )

    def pairs_across(self, queries: Side) -> Pairs:
        """Return the number of pairs of different clusters, (nodes, nodes)."""
        pairs = np.outer(self._by_node(), queries._by_node())
        keys, counts = np.unique(self.order, return_counts=True)
        others = np.searchsorted(queries.order, keys, "right")
        others = others - np.searchsorted(queries.order, keys, "left")
        first = np.searchsorted(self.order, keys)
        np.subtract.at(pairs, (self.nodes[first], self.nodes[first]), counts * others)
        return pairs

    def pairs_before(self, queries: Side) -> Pairs:
        """Return the number of pairs whose query's cluster comes after the reference's."""
        pairs = np.zeros((self.nodes_in_all,) * 2, np.int64)
        before = np.searchsorted(self.order, queries.order)
        rows = np.cumsum(np.bincount(self.nodes, minlength=self.nodes_in_all))
        for node, count in zip(queries.nodes.tolist(), before.tolist(), strict=True):
            reached = np.minimum(rows, count)
            pairs[:, node] += np.diff(reached, prepend=0)
        return pairs

    def is_before(self, queries: Side, rows: slice, columns: slice) -> NDArray[np.bool_]:
        """Tell for pairs whether the query's cluster comes after the reference's."""
        before: NDArray[np.bool_] = self.order[rows][:, None] < queries.order[columns][None]
        return before

    def _by_node(self) -> Pairs:
        return np.bincount(self.nodes, minlength=self.nodes_in_all).astype(np.int64)
