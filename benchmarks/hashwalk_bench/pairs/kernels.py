"""Hamming distances of many packed values at once, compiled by numba on first use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.typing.templates import Signature
from numba.extending import intrinsic
from numpy.typing import NDArray

Words = NDArray[np.uint64]
"""Values in words of 64 bits: one value a row, or transposed, one a column."""
Owners = NDArray[np.int32]

_TILE = 2048
"""How many queries are compared at a time: their words stay in the nearest cache."""


@intrinsic
def _population(context: object, word: types.Type) -> tuple[Signature, Callable[..., ir.Value]]:
    """Return how many bits of an unsigned word are set, as one instruction."""
    del context, word

    def generate(
        context: object, builder: ir.IRBuilder, signature: object, arguments: Sequence[ir.Value]
    ) -> ir.Value:
        del context, signature
        count = builder.module.declare_intrinsic("llvm.ctpop", [ir.IntType(64)])
        return builder.call(count, arguments)

    return types.uint64(types.uint64), generate


_set_bits = cast("Callable[[np.uint64], np.uint64]", _population)


@numba.njit(cache=True, nogil=True)
def _fill(reference: Words, queries: Words, found: NDArray[np.uint32]) -> None:
    """Write the distances of one value and each column; four words at a time where there are."""
    found[:] = 0
    word = 0
    while word + 4 <= len(reference):
        a, b, c, d = queries[word], queries[word + 1], queries[word + 2], queries[word + 3]
        of_a, of_b = reference[word], reference[word + 1]
        of_c, of_d = reference[word + 2], reference[word + 3]
        for at in range(len(found)):
            found[at] += np.uint32(
                _set_bits(of_a ^ a[at])
                + _set_bits(of_b ^ b[at])
                + _set_bits(of_c ^ c[at])
                + _set_bits(of_d ^ d[at])
            )
        word += 4
    while word < len(reference):
        column, of_word = queries[word], reference[word]
        for at in range(len(found)):
            found[at] += np.uint32(_set_bits(of_word ^ column[at]))
        word += 1


@numba.njit(cache=True, nogil=True)
def hamming_counts(
    references: Words,
    queries: Words,
    node_of_reference: Owners,
    node_of_query: Owners,
    counts: NDArray[np.int32],
) -> None:
    """Add to `counts` (nodes, nodes, bits + 1) the distances of all pairs, in one pass.

    `references` is (n, words), `queries` (words, m); quickest when both are sorted by node.
    """
    bins = counts.shape[2]
    first = (node_of_query * bins).astype(np.uint32)
    rows = counts.reshape(counts.shape[0], -1)
    found = np.empty(_TILE, np.uint32)
    for start in range(0, queries.shape[1], _TILE):
        size = min(_TILE, queries.shape[1] - start)
        tile, places = queries[:, start : start + size], first[start : start + size]
        for number in range(len(references)):
            _fill(references[number], tile, found[:size])
            row = rows[node_of_reference[number]]
            for at in range(size):
                row[places[at] + found[at]] += 1


@numba.njit(cache=True, nogil=True)
def hamming_block(references: Words, queries: Words) -> NDArray[np.float32]:
    """Return the distances (n, m) of the rows of one and the columns of the other."""
    count = queries.shape[1]
    block = np.empty((len(references), count), np.float32)
    found = np.empty(_TILE, np.uint32)
    for start in range(0, count, _TILE):
        size = min(_TILE, count - start)
        tile = queries[:, start : start + size]
        for number in range(len(references)):
            _fill(references[number], tile, found[:size])
            block[number, start : start + size] = found[:size]
    return block


@numba.njit(cache=True, nogil=True)
def _distance(a: Words, b: Words) -> np.uint64:
    different = np.uint64(0)
    for word in range(len(a)):
        different += _set_bits(a[word] ^ b[word])
    return different


@numba.njit(cache=True, nogil=True)
def least_block(
    references: Words, of_reference: Owners, queries: Words, of_query: Owners
) -> NDArray[np.float32]:
    """Return the least distance of any part of one and any of the other hash, for all pairs.

    Parts are rows; hash i has those from `of_reference[i]` up to `of_reference[i + 1]`.
    """
    block = np.empty((len(of_reference) - 1, len(of_query) - 1), np.float32)
    for row in range(len(of_reference) - 1):
        for column in range(len(of_query) - 1):
            least = np.uint64(64 * references.shape[1] + 1)
            for a in range(of_reference[row], of_reference[row + 1]):
                for b in range(of_query[column], of_query[column + 1]):
                    least = min(least, _distance(references[a], queries[b]))
            block[row, column] = least
    return block


@numba.njit(cache=True, nogil=True)
def _matched(a: Words, b: Words, tolerance: float) -> int:
    """Count the rows of `a` that have a row of `b` within `tolerance`."""
    matched = 0
    for row in range(len(a)):
        for other in range(len(b)):
            if _distance(a[row], b[other]) <= tolerance:
                matched += 1
                break
    return matched


@numba.njit(cache=True, nogil=True)
def unmatched_block(
    references: Words, of_reference: Owners, queries: Words, of_query: Owners, tolerance: float
) -> NDArray[np.float32]:
    """Return 1 less the greater share of rows with a counterpart, for all pairs of lists.

    Lists as in `least_block`; where one is empty, 1.
    """
    block = np.ones((len(of_reference) - 1, len(of_query) - 1), np.float32)
    for row in range(len(of_reference) - 1):
        a = references[of_reference[row] : of_reference[row + 1]]
        for column in range(len(of_query) - 1):
            b = queries[of_query[column] : of_query[column + 1]]
            if len(a) and len(b):
                of_a = _matched(a, b, tolerance) / len(a)
                block[row, column] = 1 - max(of_a, _matched(b, a, tolerance) / len(b))
    return block


@numba.njit(cache=True, nogil=True)
def add_counts(  # noqa: PLR0913, PLR0917
    distances: NDArray[np.float32],
    grid: NDArray[np.float32],
    node_of_row: Owners,
    node_of_column: Owners,
    counts: NDArray[np.int32],
    sign: int,
) -> None:
    """Add `sign` to `counts` (nodes, nodes, bins) for each distance of a block, inf apart.

    Bin i has what is over grid[i - 1] and at most grid[i], the last one all that is farther.
    """
    last = len(grid) - 1
    for row in range(distances.shape[0]):
        for column in range(distances.shape[1]):
            distance = distances[row, column]
            if np.isfinite(distance):
                place = min(np.searchsorted(grid, distance), last)
                counts[node_of_row[row], node_of_column[column], place] += sign
