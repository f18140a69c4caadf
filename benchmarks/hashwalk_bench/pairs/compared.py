"""The hashes of a run by one format: every original against every item, as far as it is quick."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Format, Hash
from hashwalk_bench.pairs.blocks import Block, Counts, Nodes, add_block, blocks_of, count_pairs
from hashwalk_bench.pairs.collisions import Collisions
from hashwalk_bench.pairs.comparers import Comparer, comparer_of
from hashwalk_bench.pairs.scale import Distances, Scale, scale_of
from hashwalk_bench.pairs.sides import Side
from hashwalk_bench.pairs.units import Units

SLOW_PAIRS = 20_000
"""How many unrelated pairs of a format are compared one by one at most; others are drawn."""

Pairs = NDArray[np.int64]

_EDGES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


class Compared:
    """One format's hashes of a run's items; `kept` says which items unrelated pairs are made of."""

    def __init__(
        self, compared: Format, units: Units, reasons: tuple[str, ...], hashes: Mapping[int, Hash]
    ) -> None:
        """Take the format, the run's units, why items are not usable, and hashes by item number."""
        self.format, self.units, self.reasons = compared, units, reasons
        self.scale: Scale = scale_of(compared)
        self._hashes = hashes
        self._usable = np.array([not reason for reason in reasons], np.bool_)
        self._references = Side.of(units, units.originals[units.originals >= 0])
        self._queries = Side.of(units, np.arange(len(units.items)))
        self.kept = np.ones(len(units.items), np.bool_)
        if self._between(*self._usable_sides()).is_slow:
            self.kept = self._drawn()

    def source_reasons(self) -> tuple[str, ...]:
        """Return for each source why its original has no usable hash."""
        originals = self.units.originals.tolist()
        return tuple(self.reasons[item] if item >= 0 else "no original" for item in originals)

    def matching(self) -> Distances:
        """Return the distance of each item to its source's original, inf if not usable."""
        references, queries = self._references.where(self._usable), self._queries
        queries = queries.where(self._usable)
        found = np.full(len(self.units.items), np.inf, np.float32)
        comparer = self._between(references, queries)
        for block in _inside_clusters(references, queries, comparer):
            same = references.sources[block.rows][:, None] == queries.sources[block.columns]
            row, column = np.nonzero(same)
            found[queries.items[block.columns][column]] = block.distances[row, column]
        return found

    def non_matching(self) -> tuple[Counts, Pairs]:
        """Return counts of usable pairs (nodes, nodes, bins), and all pairs (nodes, nodes)."""
        references, queries = self._usable_sides()
        comparer, nodes = self._between(references, queries), self._nodes(references, queries)
        counts = count_pairs(comparer, self.scale, nodes)
        for block in _inside_clusters(references, queries, comparer):
            add_block(counts, block, self.scale, nodes, sign=-1)
        return counts, self._references.pairs_across(self._queries.where(self.kept))

    def originals(self) -> tuple[Counts, Pairs]:
        """Return the same of originals and originals, each pair once."""
        rows = self._references
        columns = rows.where(self.kept)
        usable = rows.where(self._usable), columns.where(self._usable)
        nodes = self._nodes(*usable)
        counts = np.zeros((nodes.count, nodes.count, len(self.scale)), np.int32)
        for block in self._blocks(*usable):
            once = usable[0].is_before(usable[1], block.rows, block.columns)
            distances = np.where(once, block.distances, np.float32(np.inf))
            once_only = Block(block.rows, block.columns, distances)
            add_block(counts, once_only, self.scale, nodes)
        return counts, rows.pairs_before(columns)

    def equal(self) -> Pairs:
        """Return how many unrelated pairs of each two nodes have equal hashes."""
        references, queries = self._usable_sides()
        found = np.zeros((references.nodes_in_all,) * 2, np.int64)
        of_value: dict[tuple[bytes, ...], list[int]] = {}
        for place, item in enumerate(references.items.tolist()):
            of_value.setdefault(self._values(item), []).append(place)
        for place, item in enumerate(queries.items.tolist()):
            rows = np.array(of_value.get(self._values(item), ()), np.intp)
            rows = rows[references.clusters[rows] != queries.clusters[place]]
            np.add.at(found, (references.nodes[rows], queries.nodes[place]), 1)
        return found

    def collisions(self, threshold: float) -> Collisions:
        """Return the unrelated pairs whose distance is at most `threshold`."""
        references, queries = self._usable_sides()
        count, keys, distances = len(self.units.items), [], []
        for block in self._blocks(references, queries):
            rows, columns = np.nonzero(block.distances <= np.float32(threshold))
            distances.append(block.distances[rows, columns])
            rows, columns = rows + block.rows.start, columns + block.columns.start
            apart = references.clusters[rows] != queries.clusters[columns]
            distances[-1] = distances[-1][apart]
            sources = references.sources[rows[apart]].astype(np.int64)
            keys.append(sources * count + queries.items[columns[apart]])
        return Collisions.of(keys, distances, count)

    def _usable_sides(self) -> tuple[Side, Side]:
        queries = self._queries.where(self._usable & self.kept)
        return self._references.where(self._usable), queries

    def _between(self, references: Side, queries: Side) -> Comparer:
        sides = (
            [self._hashes[item] for item in self.units.items[side.items].tolist()]
            for side in (references, queries)
        )
        return comparer_of(self.format, *sides)

    def _blocks(self, references: Side, queries: Side) -> Iterator[Block]:
        comparer = self._between(references, queries)
        return blocks_of(comparer, len(references.items), len(queries.items))

    def _nodes(self, references: Side, queries: Side) -> Nodes:
        return Nodes(references.nodes_in_all, references.nodes, queries.nodes)

    def _values(self, item: int) -> tuple[bytes, ...]:
        return tuple(part.value for part in self._hashes[int(self.units.items[item])].parts)

    def _drawn(self) -> NDArray[np.bool_]:
        """Draw as many items as make SLOW_PAIRS pairs; equal for one format and number of items."""
        count = len(self.units.items)
        size = min(count, max(1, SLOW_PAIRS // max(len(self._references.items), 1)))
        digest = hashlib.sha256(self.format.spec.id.encode()).digest()
        chosen = np.random.default_rng(list(digest)).permutation(count)[:size]
        kept = np.zeros(count, np.bool_)
        kept[chosen] = True
        return kept


def _inside_clusters(references: Side, queries: Side, comparer: Comparer) -> Iterator[Block]:
    """Yield the pairs inside each cluster, which are related."""
    keys = np.unique(references.order)
    edges = (np.searchsorted(s.order, keys, e) for s in (references, queries) for e in _EDGES)
    for start, end, first, last in zip(*(edge.tolist() for edge in edges), strict=True):
        if first < last:
            chosen = slice(start, end), slice(first, last)
            yield Block(*chosen, comparer.block(*chosen))
