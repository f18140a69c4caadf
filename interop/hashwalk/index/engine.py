"""How the hashes of a format are searched: one engine a kind of distance, all exact."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from hashwalk.format import Format, Hash
from hashwalk.index.hits import Hits
from hashwalk.index.store import Store


class Engine(ABC):
    """Searches the hashes of a store as they were when it was made.

    What it returns is what comparing with every hash by the format's distance returns, sorted by
    query, then distance, then number.
    """

    @abstractmethod
    def within(self, queries: Sequence[Hash], radius: float) -> Hits:
        """Return every pair of a query and a hash whose distance is at most `radius`."""

    @abstractmethod
    def nearest(self, queries: Sequence[Hash], count: int) -> Hits:
        """Return, for each query, its `count` nearest hashes, and those as near as the last."""


class Scan(Engine):
    """Compares with every hash: for formats of whose distance nothing is known."""

    def __init__(self, store: Store, searched: Format) -> None:
        """Take the hashes and their format."""
        self._hashes = [value for _, value in store.items()]
        self._format = searched

    def within(self, queries: Sequence[Hash], radius: float) -> Hits:
        """Compare each query with every hash."""
        found = self._all(queries)
        return found.where(found.distance <= radius).least()

    def nearest(self, queries: Sequence[Hash], count: int) -> Hits:
        """Compare each query with every hash."""
        return self._all(queries).least().first(count)

    def _all(self, queries: Sequence[Hash]) -> Hits:
        if not queries or not self._hashes:
            return Hits.of((), (), ())
        if type(self._format).distance_of_own is Format.distance_of_own:
            values = [query.value for query in queries], [value.value for value in self._hashes]
            distances = self._format.spec.distance.between(*values)
        else:
            one = self._format.distance_of_own
            distances = np.array([[one(q, value) for value in self._hashes] for q in queries])
        query, item = np.indices(distances.shape)
        return Hits.of(query.ravel(), item.ravel(), distances.ravel())
