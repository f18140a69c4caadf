"""The keys and hashes of an index, by number, in columns."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Hash, Part
from hashwalk.index.hits import Hits, Ints


@dataclass(frozen=True, slots=True)
class Columns:
    """Many hashes under keys: their parts one behind the other, `counts` of them a hash.

    `values` has the parts' values without gaps, `lengths` the bytes of each; what is not known
    of a quality or time is NaN.
    """

    keys: list[str]
    counts: Ints
    values: bytes
    lengths: Ints
    qualities: NDArray[np.float64]
    times: NDArray[np.float64]


class Store:
    """Hashes of one format under keys, numbered in the order they were added."""

    def __init__(self, format_id: str) -> None:
        """Start without hashes."""
        self.format_id = format_id
        self.keys: list[str] = []
        self._values = bytearray()
        self._value_ends = array("q", [0])
        self._part_ends = array("q", [0])
        self._qualities = array("d")
        self._times = array("d")
        self._fingerprints = array("q")
        self._by_fingerprint: tuple[Ints, Ints] | None = None

    def __len__(self) -> int:
        """Count the hashes."""
        return len(self.keys)

    def add(self, key: str, value: Hash) -> None:
        """Append a hash, whose format the caller has checked."""
        for part in value.parts:
            self._values += part.value
            self._value_ends.append(len(self._values))
            self._qualities.append(math.nan if part.quality is None else part.quality)
            self._times.append(math.nan if part.time_s is None else part.time_s)
        self._part_ends.append(len(self._qualities))
        self._fingerprints.append(hash(_joined(value)))
        self.keys.append(key)
        self._by_fingerprint = None

    def add_columns(self, added: Columns) -> None:
        """Append many hashes, whose values the caller has checked."""
        ends = np.concatenate([[0], np.cumsum(added.lengths)])
        parts = np.concatenate([[0], np.cumsum(added.counts)])
        bounds = ends[parts].tolist()
        self._fingerprints.extend(hash(added.values[start:end]) for start, end in pairwise(bounds))
        self._value_ends.frombytes((ends[1:] + len(self._values)).astype(np.int64).tobytes())
        self._part_ends.frombytes((parts[1:] + len(self._qualities)).astype(np.int64).tobytes())
        self._qualities.frombytes(added.qualities.tobytes())
        self._times.frombytes(added.times.tobytes())
        self._values += added.values
        self.keys += added.keys
        self._by_fingerprint = None

    def hash_at(self, number: int) -> Hash:
        """Return a hash as it was added, but for the indices of its frames."""
        parts = range(self._part_ends[number], self._part_ends[number + 1])
        return Hash(self.format_id, tuple(map(self._part, parts)))

    def items(self) -> Iterator[tuple[str, Hash]]:
        """Yield every key with its hash, by number."""
        return ((key, self.hash_at(number)) for number, key in enumerate(self.keys))

    def codes(self, size: int) -> NDArray[np.uint8]:
        """Return the values of all parts as rows of `size` bytes."""
        return np.frombuffer(bytes(self._values), np.uint8).reshape(-1, size)

    def owners(self) -> Ints:
        """Return the number of each part's hash."""
        return np.repeat(np.arange(len(self)), np.diff(np.array(self._part_ends)))

    def best_qualities(self) -> NDArray[np.float64]:
        """Return the greatest quality of each hash's parts, NaN if none is known."""
        best = np.full(len(self), np.nan)
        np.fmax.at(best, self.owners(), np.array(self._qualities))
        return best

    def equal_to(self, queries: Sequence[Hash]) -> Hits:
        """Return the pairs of a query and a hash whose parts have the same values, distance 0."""
        known, order = self._sorted()
        data = list(map(_joined, queries))
        wanted = np.fromiter(map(hash, data), np.int64, len(queries))
        first = np.searchsorted(known, wanted)
        counts = np.searchsorted(known, wanted, "right") - first
        query = np.repeat(np.arange(len(queries)), counts)
        place = np.arange(len(query)) + np.repeat(first - counts.cumsum() + counts, counts)
        pairs = Hits.of(query, order[place], np.zeros(len(query)))
        return pairs.where(self._are_equal(pairs, queries, data))

    def _sorted(self) -> tuple[Ints, Ints]:
        """Return the fingerprints in order, and the number of each one's hash."""
        if self._by_fingerprint is None:
            fingerprints = np.array(self._fingerprints, np.int64)
            order = np.argsort(fingerprints, kind="stable")
            self._by_fingerprint = fingerprints[order], order
        return self._by_fingerprint

    def _are_equal(
        self, pairs: Hits, queries: Sequence[Hash], data: Sequence[bytes]
    ) -> NDArray[np.bool_]:
        """Tell of which pairs the values are the same; `data` is each query's values joined."""
        part_ends, value_ends = (
            np.frombuffer(e, np.int64) for e in (self._part_ends, self._value_ends)
        )
        first, last = part_ends[pairs.item].tolist(), part_ends[pairs.item + 1].tolist()
        starts, ends = value_ends[first].tolist(), value_ends[last].tolist()
        rows = zip(pairs.query.tolist(), first, last, starts, ends, strict=True)
        equal = (
            self._values[start:end] == data[query]
            and (
                after - part == len(queries[query].parts) == 1
                or self._lengths(part, after) == _lengths(queries[query])
            )
            for query, part, after, start, end in rows
        )
        return np.fromiter(equal, np.bool_, len(first))

    def _lengths(self, first: int, last: int) -> list[int]:
        return [end - start for start, end in pairwise(self._value_ends[first : last + 1])]

    def _part(self, part: int) -> Part:
        quality, time_s = self._qualities[part], self._times[part]
        return Part(
            bytes(self._values[self._value_ends[part] : self._value_ends[part + 1]]),
            None if math.isnan(quality) else int(quality),
            None if math.isnan(time_s) else time_s,
        )


def _joined(value: Hash) -> bytes:
    parts = value.parts
    return parts[0].value if len(parts) == 1 else b"".join([part.value for part in parts])


def _lengths(value: Hash) -> list[int]:
    return [len(part.value) for part in value.parts]


def packed(values: Sequence[bytes], size: int) -> NDArray[np.uint8]:
    """Return values of `size` bytes as rows."""
    return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), size)
