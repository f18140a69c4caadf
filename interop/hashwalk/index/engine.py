"""How the hashes of a format are searched: one engine a kind of distance, all exact."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

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
        distance = self._format.distance_of_own
        rows = [
            (number, item, distance(query, value))
            for number, query in enumerate(queries)
            for item, value in enumerate(self._hashes)
        ]
        return Hits.of(*(zip(*rows, strict=True) if rows else ((), (), ())))
