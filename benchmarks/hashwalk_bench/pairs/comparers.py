"""Distances of many hashes of a format at once, equal to what `Format.distance` gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from hashwalk.distances import Distance, Equality, Euclidean
from hashwalk.format import Format, Hash
from hashwalk.searchable import FrameLists, LeastOverParts
from hashwalk_bench.pairs.kernels import Owners, Words, hamming_block, least_block, unmatched_block
from hashwalk_bench.pairs.scale import Distances, counts_bits, keeps_distance
from hashwalk_formats.opencv import PeakCrossCorrelation


class Comparer(ABC):
    """Two lists of hashes of one format, ready to be compared."""

    is_slow = False
    """Whether pairs are compared one by one, in Python."""

    @abstractmethod
    def block(self, rows: slice, columns: slice) -> Distances:
        """Return the distances of some references (rows) and some queries (columns), float32."""


def comparer_of(compared: Format, references: Sequence[Hash], queries: Sequence[Hash]) -> Comparer:
    """Return the quickest comparer that gives the format's own distances."""
    if counts_bits(compared):
        size = compared.spec.value_bytes or 0
        kind = PartsComparer if isinstance(compared, LeastOverParts) else BitsComparer
        return kind(references, queries, size)
    if isinstance(compared, FrameLists) and counts_bits(compared.frame):
        return FramesComparer(references, queries, compared)
    of_values = _OF_VALUES.get(type(compared.spec.distance)) if keeps_distance(compared) else None
    if of_values is not None:
        return of_values([h.value for h in references], [h.value for h in queries])
    return SlowComparer(compared, references, queries)


class BitsComparer(Comparer):
    """Hamming distances of whole values; `references` (n, words), `queries` (words, m)."""

    def __init__(self, references: Sequence[Hash], queries: Sequence[Hash], size: int) -> None:
        """Take hashes whose values have `size` bytes."""
        self.references = words_of((value.value for value in references), size)
        self.queries = words_of((value.value for value in queries), size).T.copy()

    def block(self, rows: slice, columns: slice) -> Distances:
        """Compare by the kernel."""
        chosen = np.ascontiguousarray(self.queries[:, columns])
        found: Distances = hamming_block(self.references[rows], chosen)
        return found


class PartsComparer(Comparer):
    """The least Hamming distance of any two parts."""

    def __init__(self, references: Sequence[Hash], queries: Sequence[Hash], size: int) -> None:
        """Take hashes whose parts have `size` bytes."""
        self._references = _Lists(([p.value for p in h.parts] for h in references), size)
        self._queries = _Lists(([p.value for p in h.parts] for h in queries), size)

    def block(self, rows: slice, columns: slice) -> Distances:
        """Compare by the kernel."""
        found: Distances = least_block(*self._references.some(rows), *self._queries.some(columns))
        return found


class FramesComparer(Comparer):
    """1 less the greater share of the frames that have a counterpart."""

    def __init__(
        self, references: Sequence[Hash], queries: Sequence[Hash], compared: FrameLists
    ) -> None:
        """Take hashes that are lists of frames, and their format."""
        size = compared.frame.spec.value_bytes or 0
        self._tolerance = float(compared.tolerance)
        usable = [[_usable(compared, h) for h in side] for side in (references, queries)]
        self._references, self._queries = _Lists(usable[0], size), _Lists(usable[1], size)
        self._empty = [np.array([not u for u in side], np.bool_) for side in usable]
        self._all = [[tuple(p.value for p in h.parts) for h in s] for s in (references, queries)]

    def block(self, rows: slice, columns: slice) -> Distances:
        """Compare by the kernel; without usable frames on a side, equal lists are at 0."""
        lists = *self._references.some(rows), *self._queries.some(columns)
        found: Distances = unmatched_block(*lists, self._tolerance)
        empty = self._empty[0][rows][:, None] | self._empty[1][columns][None]
        left, right = self._all[0][rows], self._all[1][columns]
        for row, column in np.argwhere(empty).tolist():
            found[row, column] = float(left[row] != right[column])
        return found


class EqualityComparer(Comparer):
    """0 for equal values, else 1."""

    def __init__(self, references: Sequence[bytes], queries: Sequence[bytes]) -> None:
        """Take values."""
        numbers: dict[bytes, int] = {}
        self._references, self._queries = (
            np.array([numbers.setdefault(value, len(numbers)) for value in side], np.int64)
            for side in (references, queries)
        )

    def block(self, rows: slice, columns: slice) -> Distances:
        """Compare numbers of values."""
        different = self._references[rows][:, None] != self._queries[columns]
        return np.asarray(different, np.float32)


class EuclideanComparer(Comparer):
    """The length of the difference of two vectors."""

    def __init__(self, references: Sequence[bytes], queries: Sequence[bytes]) -> None:
        """Take values of little-endian float64."""
        self._references, self._queries = _rows(references, "<f8"), _rows(queries, "<f8")

    def block(self, rows: slice, columns: slice) -> Distances:
        """Compare in float64."""
        return np.asarray(cdist(self._references[rows], self._queries[columns]), np.float32)


class CorrelationComparer(Comparer):
    """1 less the highest correlation over all cyclic shifts."""

    def __init__(self, references: Sequence[bytes], queries: Sequence[bytes]) -> None:
        """Take values of equal length."""
        self._references, self._queries = references, queries

    def block(self, rows: slice, columns: slice) -> Distances:
        """Compare many at once, as the distance itself can."""
        found = PeakCrossCorrelation().between(self._references[rows], self._queries[columns])
        return found.astype(np.float32)


_OF_VALUES: Mapping[type[Distance], Callable[[list[bytes], list[bytes]], Comparer]] = {
    Equality: EqualityComparer,
    Euclidean: EuclideanComparer,
    PeakCrossCorrelation: CorrelationComparer,
}
"""What compares whole values by the distances that a format may declare."""


class SlowComparer(Comparer):
    """The format's own distance, pair by pair."""

    is_slow = True

    def __init__(
        self, compared: Format, references: Sequence[Hash], queries: Sequence[Hash]
    ) -> None:
        """Take hashes of the format."""
        self._distance = compared.distance_of_own
        self._references, self._queries = references, queries

    def block(self, rows: slice, columns: slice) -> Distances:
        """Compare one by one."""
        chosen = self._queries[columns]
        found = [[self._distance(a, b) for b in chosen] for a in self._references[rows]]
        return np.array(found, np.float32).reshape(len(found), len(chosen))


class _Lists:
    """Lists of values, behind one another, as the kernels take them."""

    def __init__(self, lists: Iterable[Sequence[bytes]], size: int) -> None:
        kept = list(lists)
        self._words = words_of((value for values in kept for value in values), size)
        self._starts = np.cumsum([0, *map(len, kept)]).astype(np.int32)

    def some(self, chosen: slice) -> tuple[Words, Owners]:
        first, last, _ = chosen.indices(len(self._starts) - 1)
        return self._words, self._starts[first : last + 1]


def words_of(values: Iterable[bytes], size: int) -> Words:
    """Return values of `size` bytes as rows of 64-bit words, zeros behind the end."""
    width = -(-size // 8) * 8
    joined = b"".join(value.ljust(width, b"\0") for value in values)
    return np.frombuffer(joined, np.uint64).reshape(-1, width // 8)


def _usable(compared: FrameLists, value: Hash) -> list[bytes]:
    return list(dict.fromkeys(part.value for part in compared.usable_parts(value)))


def _rows(values: Sequence[bytes], kind: str | type[np.uint8]) -> NDArray[np.float64]:
    joined = np.frombuffer(b"".join(values), kind).astype(np.float64)
    return joined.reshape(len(values), joined.size // max(len(values), 1))
