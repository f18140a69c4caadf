"""What a run compares: the sources of one medium, their items, and the nodes they make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hashwalk_bench.run.storage import read_table
from hashwalk_bench.run.tables import ORIGINAL, Table

MOST_NODES = 256

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Units:
    """The sources of one medium by number, and the items that exist of them by number.

    `sources`, `clusters` (0, 1, 2, …), `nodes`, `originals` (an index of `items`, -1 if there is
    none) are by source; `items`, `source_of`
    (an index of `sources`), `transforms` by item; `halves` (``choose``, ``report``) by node.
    A node is a cluster of near-duplicates, or where there are more than 256 a group of clusters
    of one half, drawn with a fixed seed.
    """

    medium: str
    sources: Numbers
    clusters: Numbers
    nodes: Numbers
    originals: Numbers
    items: Numbers
    source_of: Numbers
    transforms: NDArray[np.object_]
    halves: NDArray[np.object_]

    @property
    def node_of_item(self) -> Numbers:
        """The node of each item."""
        return self.nodes[self.source_of]

    @property
    def cluster_of_item(self) -> Numbers:
        """The cluster of each item."""
        return self.clusters[self.source_of]

    def is_variant(self) -> NDArray[np.bool_]:
        """Tell for each item whether it is a variant of a source whose original exists."""
        is_edited = np.asarray(self.transforms != ORIGINAL, np.bool_)
        return is_edited & (self.originals[self.source_of] >= 0)

    def nodes_of(self, half: str | None) -> NDArray[np.intp]:
        """Return the nodes of a half, of None all."""
        return np.flatnonzero([half in {None, name} for name in self.halves])

    def in_half(self, half: str | None) -> NDArray[np.bool_]:
        """Tell for each item whether it belongs to a half, of None any."""
        return np.isin(self.node_of_item, self.nodes_of(half))


def read_units(folder: Path, medium: str) -> Units:
    """Return the units of ``picture`` or ``video`` of a run; raises RunError."""
    table = read_table(folder, Table.SOURCES)
    table = table.filter(pa.compute.equal(table["medium"], medium)).sort_by("source")
    sources = _numbers(table, "source")
    _, clusters = np.unique(_numbers(table, "cluster"), return_inverse=True)
    nodes, halves = _nodes(clusters, np.array(table["half"].to_pylist(), object))
    items = read_table(folder, Table.ITEMS, columns=["item", "source", "transform", "sha256"])
    known = pa.compute.is_in(items["source"], pa.array(sources, pa.int32()))
    items = items.filter(pa.compute.and_(known, items["sha256"].is_valid())).sort_by("item")
    source_of = np.searchsorted(sources, _numbers(items, "source")).astype(np.int32)
    transforms = np.array(items["transform"].to_pylist(), object)
    originals = np.full(len(sources), -1, np.int32)
    found = np.flatnonzero(transforms == ORIGINAL)
    originals[source_of[found]] = found
    return Units(
        medium=medium,
        sources=sources,
        clusters=clusters.astype(np.int32),
        nodes=nodes,
        originals=originals,
        items=_numbers(items, "item"),
        source_of=source_of,
        transforms=transforms,
        halves=halves,
    )


def _nodes(
    clusters: NDArray[np.intp], halves: NDArray[np.object_]
) -> tuple[Numbers, NDArray[np.object_]]:
    """Return the node of each source, and the half of each node."""
    count = int(clusters.max(initial=-1)) + 1
    half_of = np.empty(count, object)
    half_of[clusters] = halves
    node_of, of_node = np.arange(count), half_of
    if count > MOST_NODES:
        order = np.random.default_rng(0).permutation(count)
        order = order[np.argsort([str(half_of[c]) for c in order], kind="stable")]
        names, sizes = np.unique(half_of[order].astype(str), return_counts=True)
        shares = np.maximum(MOST_NODES * sizes // count, 1)
        groups = [np.arange(size) % share for size, share in zip(sizes, shares, strict=True)]
        first = np.cumsum([0, *shares[:-1]])
        node_of[order] = np.concatenate([g + f for g, f in zip(groups, first, strict=True)])
        of_node = np.repeat(names, shares).astype(object)
    return node_of[clusters].astype(np.int32), of_node


def _numbers(table: pa.Table, name: str) -> Numbers:
    return np.asarray(table[name].to_numpy(), np.int32)
