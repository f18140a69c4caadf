"""Formats of bits: the Hamming distance of two values, or the least of any two parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Hash
from hashwalk.index.codes import CodeSearch
from hashwalk.index.engine import Engine
from hashwalk.index.hits import Hits, Ints
from hashwalk.index.store import Store, packed


class Bits(Engine):
    """Searches the parts of all hashes; the least distance of any two parts counts."""

    def __init__(self, store: Store, size: int) -> None:
        """Take the hashes, and the bytes of one part."""
        self._size = size
        self._owner = store.owners()
        self._codes = CodeSearch(store.codes(size))
        self._parts = max(np.bincount(self._owner).max(initial=1), 1)

    def within(self, queries: Sequence[Hash], radius: float) -> Hits:
        """Search each part of the queries."""
        codes, query = parts_of(queries, self._size)
        found = self._codes.within(codes, int(np.floor(min(radius, 8 * self._size))))
        return Hits(query[found.query], self._owner[found.item], found.distance).least()

    def nearest(self, queries: Sequence[Hash], count: int) -> Hits:
        """Search each part of the queries for as many parts as `count` hashes may have."""
        codes, query = parts_of(queries, self._size)
        found = self._codes.nearest(codes, int(count * self._parts))
        owners = Hits(query[found.query], self._owner[found.item], found.distance)
        return owners.least().first(count)


def parts_of(hashes: Sequence[Hash], size: int) -> tuple[NDArray[np.uint8], Ints]:
    """Return the values of all parts as rows of `size` bytes, and the number of each one's hash."""
    values = [part.value for value in hashes for part in value.parts]
    owner = np.repeat(np.arange(len(hashes)), [len(value.parts) for value in hashes])
    return packed(values, size), owner
