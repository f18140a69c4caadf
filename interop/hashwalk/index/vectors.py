"""Formats of vectors: faiss finds who may be near, in float32; the format's distance decides."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import faiss
import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Format, Hash
from hashwalk.index.engine import Engine
from hashwalk.index.hits import Hits
from hashwalk.index.store import Store
from hashwalk.searchable import CosineBounded

Vectors = NDArray[np.float32]

_LEAST = 1e-30
"""More than 0: what faiss returns is nearer than the limit."""
_ROUNDING = 1e-4
"""How far float32 can be off, of vectors of length 1; measured 1e-6 at 256 dimensions."""


class VectorEngine(Engine):
    """Takes from faiss all that may be within a radius, and measures the distance of those."""

    def __init__(self, store: Store, searched: Format) -> None:
        """Take the hashes and their format."""
        self._store = store
        self._format = searched
        hashes = [value for _, value in store.items()]
        self._vectors = self._filled(self._rows(hashes)) if hashes else None

    def within(self, queries: Sequence[Hash], radius: float) -> Hits:
        """Measure whose vector may be near, and who is equal."""
        if self._vectors is None or not queries:
            return Hits.of([], [], [])
        rows = self._rows(queries)
        limits, _, items = self._vectors.range_search(rows, self._bound(rows, radius))
        query = np.repeat(np.arange(len(queries)), np.diff(limits.astype(np.int64)))
        equal = self._store.equal_to(queries)
        found = self._measured(queries, Hits.joined([equal, Hits.of(query, items, query)]).least())
        return found.where(found.distance <= radius).least()

    def nearest(self, queries: Sequence[Hash], count: int) -> Hits:
        """Measure the nearest vectors, and then all that may be as near as the farthest of them."""
        count = min(count, len(self._store))
        if self._vectors is None or not queries or not count:
            return Hits.of([], [], [])
        _, items = self._vectors.search(self._rows(queries), count)
        query = np.repeat(np.arange(len(queries)), count)
        measured = self._measured(queries, Hits.of(query, items.ravel(), query))
        farthest = measured.distance.reshape(len(queries), count).max(axis=1)
        found = [
            self.within([queries[number]], float(radius)).first(count).shifted(number)
            for number, radius in enumerate(farthest)
        ]
        return Hits.joined(found)

    @abstractmethod
    def _rows(self, hashes: Sequence[Hash]) -> Vectors:
        """Return the vectors of hashes."""

    @abstractmethod
    def _filled(self, rows: Vectors) -> faiss.Index:
        """Return an index of vectors."""

    @abstractmethod
    def _bound(self, rows: Vectors, radius: float) -> float:
        """Return what faiss measures, at the limit, between queries and what is in the radius."""

    def _measured(self, queries: Sequence[Hash], pairs: Hits) -> Hits:
        distance = self._format.distance_of_own
        measured = [
            distance(queries[query], self._store.hash_at(item))
            for query, item in zip(pairs.query.tolist(), pairs.item.tolist(), strict=True)
        ]
        return Hits.of(pairs.query, pairs.item, measured)


class Cosines(VectorEngine):
    """Formats whose distance is at least 1 less a cosine, as TMK+PDQF's: level 1 first."""

    def __init__(self, store: Store, searched: Format, bounded: CosineBounded) -> None:
        """Take the hashes, their format, and what gives their vectors."""
        self._bounded = bounded
        super().__init__(store, searched)

    def _rows(self, hashes: Sequence[Hash]) -> Vectors:
        return np.stack(list(map(self._bounded.vector, hashes)))

    def _filled(self, rows: Vectors) -> faiss.Index:
        index = faiss.IndexFlatIP(rows.shape[1])
        index.add(rows)
        return index

    def _bound(self, rows: Vectors, radius: float) -> float:
        return 1 - radius - _ROUNDING


class Euclideans(VectorEngine):
    """Formats of little-endian float64 vectors, by their Euclidean distance."""

    _largest = 0.0
    """The greatest squared length of a vector in the index."""

    def _rows(self, hashes: Sequence[Hash]) -> Vectors:
        return np.stack([np.frombuffer(value.value, "<f8") for value in hashes]).astype(np.float32)

    def _filled(self, rows: Vectors) -> faiss.Index:
        self._largest = _squared_lengths(rows).max()
        index = faiss.IndexFlatL2(rows.shape[1])
        index.add(rows)
        return index

    def _bound(self, rows: Vectors, radius: float) -> float:
        lengths = self._largest + float(_squared_lengths(rows).max())
        return float(radius * radius * (1 + _ROUNDING) + _ROUNDING * lengths) + _LEAST


def _squared_lengths(rows: Vectors) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = (rows.astype(np.float64) ** 2).sum(axis=1)
    return lengths
