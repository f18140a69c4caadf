"""Cuts streams of rows into pieces that are bounded by their bytes, not by their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

PIECE_BYTES = 64 << 20
"""How much of values is in memory, or in one row group of a part, at a time."""

_ROW_BYTES = 1_000


def pieces(rows: Iterable[T], size_of: Callable[[T], int]) -> Iterator[list[T]]:
    """Yield the rows in lists of at most PIECE_BYTES, or of one row that is larger by itself.

    `size_of` gives the bytes of a row's values; what else a row takes is added.
    """
    piece: list[T] = []
    taken = 0
    for row in rows:
        size = size_of(row) + _ROW_BYTES
        if piece and taken + size > PIECE_BYTES:
            yield piece
            piece, taken = [], 0
        piece.append(row)
        taken += size
    if piece:
        yield piece
