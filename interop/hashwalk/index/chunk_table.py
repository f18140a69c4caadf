"""The codes in order of one chunk of 16 bits, and which of them a query's chunk may be near."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hashwalk.index.hits import Ints

CHUNK_BITS = 16
_VALUES = 1 << CHUNK_BITS

Chunks = NDArray[np.uint16]


class ChunkTable:
    """The numbers of codes by the value of one of their chunks; 4 bytes a code and 0.5 MB."""

    def __init__(self, chunks: Chunks) -> None:
        """Take the chunk of each code."""
        self._by_value = np.argsort(chunks, kind="stable").astype(np.uint32)
        self._starts = np.zeros(_VALUES + 1, np.int64)
        np.cumsum(np.bincount(chunks, minlength=_VALUES), out=self._starts[1:])

    def counts(self, chunks: Chunks, flips: int) -> Ints:
        """Return, for each query's chunk, how many codes differ from it in up to `flips` bits."""
        near = near_values(chunks, flips)
        counted: Ints = (self._starts[near + 1] - self._starts[near]).sum(axis=1)
        return counted

    def candidates(self, chunks: Chunks, flips: int) -> tuple[Ints, Ints]:
        """Return (query's row, code's number) of all that differ in up to `flips` bits."""
        near = near_values(chunks, flips)
        starts = self._starts[near]
        counts = self._starts[near + 1] - starts
        ends = counts.ravel().cumsum()
        first = starts.ravel() - (ends - counts.ravel())
        places = np.arange(ends[-1] if ends.size else 0) + np.repeat(first, counts.ravel())
        rows = np.repeat(np.arange(len(chunks)), counts.sum(axis=1))
        return rows, self._by_value.take(places).astype(np.int64)


def near_values(chunks: Chunks, flips: int) -> Ints:
    """Return, a row a chunk, all values that differ from it in at most `flips` bits."""
    return (chunks[:, None] ^ masks(flips)).astype(np.int64)


@cache
def masks(flips: int) -> Chunks:
    """Return the chunks with at most `flips` bits set, none of them for fewer than 0."""
    set_bits = (
        bits for count in range(flips + 1) for bits in combinations(range(CHUNK_BITS), count)
    )
    return np.array([sum(1 << bit for bit in bits) for bits in set_bits], np.uint16)
