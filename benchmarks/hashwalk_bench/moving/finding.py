"""Which references the hashes of edited copies lead to, by the rules of translation.

First those with an equal hash, whatever their quality; else, of usable ones within the published
threshold, those at the least distance: what `hashwalk translate` does with a cross-walk of the
references. Here references are numbers, and a hash is looked up once for all targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Hash
from hashwalk.index import Found, Index

Ints = NDArray[np.int64]

_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Lists:
    """A short list of numbers for each row: those of row i are ``at[starts[i]:starts[i + 1]]``."""

    starts: Ints
    at: Ints

    @classmethod
    def of(cls, rows: Iterable[list[int]]) -> Lists:
        """Return the lists of `rows`."""
        kept = list(rows)
        starts = np.cumsum([0, *map(len, kept)])
        return cls(starts, np.array([number for row in kept for number in row], np.int64))

    @property
    def lengths(self) -> Ints:
        """How long each list is."""
        return np.diff(self.starts)

    @property
    def owners(self) -> Ints:
        """The row of each number."""
        return np.repeat(np.arange(len(self.starts) - 1), self.lengths)


@dataclass(frozen=True, slots=True)
class Led:
    """Where the hashes of copies lead, a row a copy.

    `media` are the references that translation takes, `near` all usable references within the
    threshold of a usable copy.
    """

    media: Lists
    near: Lists


def lead(format_id: str, references: Mapping[int, Hash], copies: Iterable[Hash | None]) -> Led:
    """Return where the hashes of copies lead; a copy without hash leads nowhere.

    Raises UsageError for a format without a published threshold.
    """
    index = Index(format_id, ((str(number), value) for number, value in references.items()))
    poor = index.below_floor()
    rows = [row for some in _batches(copies) for row in _rows(index, poor, some)]
    return Led(Lists.of(media for media, _ in rows), Lists.of(near for _, near in rows))


def _batches(copies: Iterable[Hash | None]) -> Iterator[list[Hash | None]]:
    remaining = iter(copies)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some


def _rows(
    index: Index, poor: set[str], copies: list[Hash | None]
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield media and near references of each copy."""
    known = [value for value in copies if value is not None]
    equal = index.exact_many(known)
    near = index.within_many(known)
    for value in copies:
        if value is None:
            yield [], []
            continue
        same, hits = next(equal), [hit for hit in next(near) if hit.key not in poor]
        found = [] if index.format.below_floor(value) else hits
        yield sorted(map(int, same)) or _nearest(found), [int(hit.key) for hit in found]


def _nearest(hits: list[Found]) -> list[int]:
    return sorted(int(hit.key) for hit in hits if hit.distance == hits[0].distance)
