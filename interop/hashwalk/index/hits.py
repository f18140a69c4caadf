"""Pairs of a query and a stored item, with their distance: what every engine gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hits:
    """Three columns: the number of the query, the number of the item, their distance."""

    query: Ints
    item: Ints
    distance: NDArray[np.float64]

    @classmethod
    def of(cls, query: object, item: object, distance: object) -> Self:
        """Return the hits of three sequences of one length."""
        return cls(
            np.asarray(query, np.int64),
            np.asarray(item, np.int64),
            np.asarray(distance, np.float64),
        )

    @classmethod
    def joined(cls, several: list[Hits]) -> Hits:
        """Return the hits of all, one after the other."""
        if not several:
            return cls.of([], [], [])
        return cls(
            np.concatenate([hits.query for hits in several]),
            np.concatenate([hits.item for hits in several]),
            np.concatenate([hits.distance for hits in several]),
        )

    def where(self, wanted: NDArray[np.bool_]) -> Hits:
        """Return the hits that a mask chooses."""
        return Hits(self.query[wanted], self.item[wanted], self.distance[wanted])

    def least(self) -> Hits:
        """Return one hit a pair of query and item, the one with the least distance, sorted.

        The order is by query, then distance, then item.
        """
        by_pair = np.lexsort((self.distance, self.item, self.query))
        found = Hits(self.query[by_pair], self.item[by_pair], self.distance[by_pair])
        first = np.ones(len(by_pair), np.bool_)
        first[1:] = (found.query[1:] != found.query[:-1]) | (found.item[1:] != found.item[:-1])
        found = found.where(first)
        order = np.lexsort((found.item, found.distance, found.query))
        return Hits(found.query[order], found.item[order], found.distance[order])

    def first(self, count: int) -> Hits:
        """Return, of sorted hits, each query's `count` nearest and those as near as the last."""
        starts = np.searchsorted(self.query, self.query)
        ends = np.searchsorted(self.query, self.query, "right")
        last = self.distance[np.minimum(starts + count, ends) - 1] if len(self.query) else starts
        return self.where(self.distance <= last)

    def shifted(self, by: int) -> Hits:
        """Return the hits with the numbers of their queries raised by `by`."""
        return Hits(self.query + by, self.item, self.distance)
