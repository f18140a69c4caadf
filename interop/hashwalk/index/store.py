"""The keys and hashes of an index, by number, in columns: 40 bytes a value beside the value."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Hash, Part
from hashwalk.index.hits import Hits, Ints


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
        self._by_fingerprint: Ints | None = None

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
        self._fingerprints.append(_fingerprint(value))
        self.keys.append(key)
        self._by_fingerprint = None

    def hash_at(self, number: int) -> Hash:
        """Return a hash as it was added, but for the indices of its frames."""
        parts = range(self._part_ends[number], self._part_ends[number + 1])
        return Hash(self.format_id, tuple(map(self._part, parts)))

    def items(self) -> Iterator[tuple[str, Hash]]:
        """Yield every key with its hash, by number."""
        return ((key, self.hash_at(number)) for number, key in enumerate(self.keys))

    def equal_to(self, queries: Sequence[Hash]) -> Hits:
        """Return the pairs of a query and a hash whose parts have the same values, distance 0."""
        order = self._sorted()
        known = np.frombuffer(self._fingerprints, np.int64)[order] if len(self) else order
        wanted = np.fromiter(map(_fingerprint, queries), np.int64, len(queries))
        first, last = np.searchsorted(known, wanted), np.searchsorted(known, wanted, "right")
        pairs = [
            (query, int(number))
            for query in np.flatnonzero(last > first).tolist()
            for number in order[first[query] : last[query]]
            if self._has_values(int(number), queries[query])
        ]
        return Hits.of([q for q, _ in pairs], [n for _, n in pairs], [0.0] * len(pairs))

    def _sorted(self) -> Ints:
        if self._by_fingerprint is None:
            fingerprints = np.array(self._fingerprints, np.int64)
            self._by_fingerprint = np.argsort(fingerprints, kind="stable")
        return self._by_fingerprint

    def _has_values(self, number: int, other: Hash) -> bool:
        parts = range(self._part_ends[number], self._part_ends[number + 1])
        values = [part.value for part in other.parts]
        return len(parts) == len(values) and all(
            self._value(part) == value for part, value in zip(parts, values, strict=True)
        )

    def _value(self, part: int) -> bytes:
        return bytes(self._values[self._value_ends[part] : self._value_ends[part + 1]])

    def _part(self, part: int) -> Part:
        quality, time_s = self._qualities[part], self._times[part]
        return Part(
            self._value(part),
            None if math.isnan(quality) else int(quality),
            None if math.isnan(time_s) else time_s,
        )


def _fingerprint(value: Hash) -> int:
    """Return 64 bits that equal values share, in this process."""
    return hash(tuple(part.value for part in value.parts))


def packed(values: Sequence[bytes], size: int) -> NDArray[np.uint8]:
    """Return values of `size` bytes as rows."""
    return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), size)
