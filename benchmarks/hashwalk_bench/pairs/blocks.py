"""All pairs of a format's hashes in blocks, and their counts by node and bin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Format, Hash
from hashwalk_bench.pairs.comparers import BitsComparer, Comparer, comparer_of
from hashwalk_bench.pairs.kernels import Owners, add_counts, hamming_counts
from hashwalk_bench.pairs.scale import Distances, Scale

Counts = NDArray[np.int32]

_PAIRS_AT_ONCE = 1 << 20
_COLUMNS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Block:
    """The distances of the references `rows` and the queries `columns`."""

    rows: slice
    columns: slice
    distances: Distances


def distance_blocks(
    compared: Format, references: Sequence[Hash], queries: Sequence[Hash]
) -> Iterator[Block]:
    """Yield all pairs once, as float32 distances equal to those of `compared.distance`.

    Hashes must be of this format; blocks have about a million pairs.
    """
    shape = len(references), len(queries)
    yield from blocks_of(comparer_of(compared, references, queries), *shape)


def blocks_of(comparer: Comparer, references: int, queries: int) -> Iterator[Block]:
    """Yield all pairs of a comparer with so many references and queries."""
    columns_at_once = max(1, min(queries, _COLUMNS_AT_ONCE))
    rows_at_once = max(1, _PAIRS_AT_ONCE // columns_at_once)
    for column in range(0, queries, columns_at_once):
        columns = slice(column, min(column + columns_at_once, queries))
        for row in range(0, references, rows_at_once):
            rows = slice(row, min(row + rows_at_once, references))
            yield Block(rows, columns, comparer.block(rows, columns))


@dataclass(frozen=True, slots=True)
class Nodes:
    """How many nodes there are, and which one each reference and each query belongs to."""

    count: int
    of_reference: Owners
    of_query: Owners


def count_pairs(comparer: Comparer, scale: Scale, nodes: Nodes) -> Counts:
    """Return how many pairs of each two nodes lie in each bin: (nodes, nodes, bins)."""
    counts = np.zeros((nodes.count, nodes.count, len(scale)), np.int32)
    if isinstance(comparer, BitsComparer):
        sides = comparer.references, comparer.queries, nodes.of_reference, nodes.of_query
        hamming_counts(*sides, counts)
        return counts
    for block in blocks_of(comparer, len(nodes.of_reference), len(nodes.of_query)):
        add_block(counts, block, scale, nodes)
    return counts


def add_block(counts: Counts, block: Block, scale: Scale, nodes: Nodes, *, sign: int = 1) -> None:
    """Add the pairs of a block to `counts`, or take them off; unusable ones (inf) are left out."""
    sides = nodes.of_reference[block.rows], nodes.of_query[block.columns]
    add_counts(block.distances, scale.grid.astype(np.float32), *sides, counts, sign)
