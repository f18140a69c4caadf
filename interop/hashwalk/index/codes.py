"""Bit codes searched by Hamming distance, exactly.

For small radii by multi-index hashing (Norouzi, Punjani, Fleet 2012): codes are cut into chunks
of 16 bits; of two codes within the radius at least one chunk differs in few bits, so only the
codes with such a chunk are compared. Wide radii, few codes, and codes too alike to be told apart
by a chunk are left to faiss, which compares with all.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb

import faiss
import numpy as np
from numpy.typing import NDArray

from hashwalk.index.chunk_table import CHUNK_BITS, Chunks, ChunkTable
from hashwalk.index.hits import Hits, Ints

Codes = NDArray[np.uint8]
"""One packed code a row, all of one length."""

_FEWEST = 20_000
"""Below this number of codes comparing with all of them is as quick."""
_WORST_SHARE = 0.05
"""The share of codes that a query may be compared with before comparing with all is quicker."""
_PAIRS_AT_ONCE = 1 << 18
"""About how many candidates are compared at a time: 20 MB."""
_QUERIES_AT_ONCE = 1024


class CodeSearch:
    """Finds the codes near others; built once, for the codes it is given."""

    def __init__(self, codes: Codes) -> None:
        """Take codes, which must not change afterwards."""
        self._codes = np.ascontiguousarray(codes)
        self._words = _words(self._codes)
        self._flat: faiss.IndexBinaryFlat | None = None
        self._tables: dict[int, ChunkTable] = {}

    def within(self, queries: Codes, radius: int) -> Hits:
        """Return every pair of a query and a code that differ in at most `radius` bits, once.

        The order is by query, then distance, then code.
        """
        if not len(queries) or not len(self._codes) or radius < 0:
            return Hits.of([], [], [])
        flips = chunk_flips(self._codes.shape[1] * 8 // CHUNK_BITS, radius)
        if not self._is_selective(flips):
            return self._compare_with_all(queries, radius)
        blocks = range(0, len(queries), _QUERIES_AT_ONCE)
        found = (self._probe(queries[at : at + _QUERIES_AT_ONCE], radius, flips) for at in blocks)
        return Hits.joined([hits.shifted(at) for at, hits in zip(blocks, found, strict=True)])

    def nearest(self, queries: Codes, count: int) -> Hits:
        """Return, for each query, the pairs that are as near as its `count`-th nearest code."""
        count = min(count, len(self._codes))
        if not count or not len(queries):
            return Hits.of([], [], [])
        distances, _ = self._all().search(np.ascontiguousarray(queries), count)
        found = [
            self._compare_with_all(queries[number : number + 1], int(radius)).shifted(number)
            for number, radius in enumerate(distances[:, -1])
        ]
        return Hits.joined(found)

    def _is_selective(self, flips: list[int]) -> bool:
        probes = sum(comb(CHUNK_BITS, count) for f in flips for count in range(f + 1))
        return len(self._codes) >= _FEWEST and 0 < probes < _WORST_SHARE * 2**CHUNK_BITS

    def _probe(self, queries: Codes, radius: int, flips: list[int]) -> Hits:
        words, chunks = _words(queries), _chunks(queries)
        counts = np.array(
            [self._table(c).counts(chunks[:, c], f) for c, f in enumerate(flips) if f >= 0]
        ).sum(axis=0)
        crowded = counts > _WORST_SHARE * len(self._codes)
        rows = np.flatnonzero(~crowded)
        found = [
            self._compare(words, rows[part], chunks, radius, flips)
            for part in _batches(counts[rows])
        ]
        among_all = self._compare_with_all(queries[crowded], radius)
        found.append(
            Hits(np.flatnonzero(crowded)[among_all.query], among_all.item, among_all.distance)
        )
        return Hits.joined(found).least()

    def _compare(
        self, words: NDArray[np.uint64], rows: Ints, chunks: Chunks, radius: int, flips: list[int]
    ) -> Hits:
        found = []
        for number, flip in enumerate(flips):
            if flip < 0:
                continue
            near, items = self._table(number).candidates(chunks[rows, number], flip)
            different = self._words.take(items, axis=0)
            different ^= words.take(rows[near], axis=0)
            distance = _set_bits(different)
            hit = np.flatnonzero(distance <= radius)
            found.append(Hits.of(rows[near[hit]], items[hit], distance[hit]))
        return Hits.joined(found)

    def _table(self, number: int) -> ChunkTable:
        if number not in self._tables:
            self._tables[number] = ChunkTable(_chunks(self._codes)[:, number])
        return self._tables[number]

    def _compare_with_all(self, queries: Codes, radius: int) -> Hits:
        if not len(queries):
            return Hits.of([], [], [])
        limits, distances, items = self._all().range_search(
            np.ascontiguousarray(queries), radius + 1
        )
        counts = np.diff(limits.astype(np.int64))
        return Hits.of(np.repeat(np.arange(len(queries)), counts), items, distances).least()

    def _all(self) -> faiss.IndexBinaryFlat:
        if self._flat is None:
            self._flat = faiss.IndexBinaryFlat(8 * self._codes.shape[1])
            self._flat.add(self._codes)
        return self._flat


def chunk_flips(chunks: int, radius: int) -> list[int]:
    """Return in how many bits each chunk may differ so that no code within the radius is missed.

    If every chunk differed in more, all together would differ in more than `radius`; -1 says
    that a chunk need not be looked at.
    """
    if not chunks:
        return []
    most, rest = divmod(radius, chunks)
    return [most if number <= rest else most - 1 for number in range(chunks)]


def _batches(counts: Ints) -> Iterator[slice]:
    """Yield runs of queries that have about _PAIRS_AT_ONCE candidates together."""
    batch = np.cumsum(counts) // _PAIRS_AT_ONCE
    edges = np.flatnonzero(np.diff(batch)) + 1
    for start, end in zip([0, *edges], [*edges, len(counts)], strict=True):
        if start < end:
            yield slice(int(start), int(end))


def _words(codes: Codes) -> NDArray[np.uint64]:
    """Return codes in words of 64 bits, zeros after the end; a view where there is no end."""
    if codes.shape[1] % 8 == 0:
        return np.ascontiguousarray(codes).view(np.uint64)
    padded = np.zeros((len(codes), -(-codes.shape[1] // 8) * 8), np.uint8)
    padded[:, : codes.shape[1]] = codes
    return padded.view(np.uint64)


def _set_bits(words: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Return how many bits are set in each row; column by column, as rows are short."""
    counted = np.zeros(len(words), np.uint32)
    for column in range(words.shape[1]):
        counted += np.bitwise_count(words[:, column])
    return counted


def _chunks(codes: Codes) -> Chunks:
    """Return the chunks of codes; an odd last byte is in none."""
    even = codes.shape[1] // 2 * 2
    return np.ascontiguousarray(codes[:, :even]).view(np.uint16)
