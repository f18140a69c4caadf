"""Which references the hashes of edited copies lead to, by the rules of translation.

First those with an equal hash, whatever their quality; else, of usable ones within the published
threshold, those at the least distance: what `hashwalk translate` does with a cross-walk of the
references. Here references are numbers, and a hash is looked up once for all targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk.errors import UsageError
from hashwalk.format import Format, Hash
from hashwalk.index import Index
from hashwalk_bench.pairs.blocks import blocks_of
from hashwalk_bench.pairs.comparers import comparer_of

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lists:
    """A short list of numbers for each row: those of row i are ``at[starts[i]:starts[i + 1]]``."""

    starts: Ints
    at: Ints

    @classmethod
    def of(cls, rows: int, owner: Ints, at: Ints) -> Lists:
        """Return the lists of so many rows; `owner`, which ascends, is the row of each number."""
        return cls(np.searchsorted(owner, np.arange(rows + 1)).astype(np.int64), at)

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


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Copies and references that are near one another, by copy, then distance."""

    copy: Ints
    reference: Ints
    distance: NDArray[np.float64]

    @classmethod
    def of(cls, found: Sequence[tuple[Ints, Ints, NDArray[np.floating]]]) -> _Pairs:
        none: Ints = np.zeros(0, np.int64)
        columns = zip((none, none, none), *found, strict=True)
        copy, reference, distance = (np.concatenate(column) for column in columns)
        order = np.lexsort((reference, distance, copy))
        return cls(copy[order], reference[order], distance[order].astype(np.float64))

    def nearest(self) -> tuple[Ints, Ints]:
        """Return copies and references of those pairs than which no reference is nearer."""
        least = self.distance[np.searchsorted(self.copy, self.copy)]
        kept = self.distance == least
        return self.copy[kept], self.reference[kept]


def lead(searched: Format, references: Mapping[int, Hash], copies: Sequence[Hash | None]) -> Led:
    """Return where the hashes of copies lead; a copy without hash leads nowhere.

    Raises UsageError for a format without a published threshold.
    """
    near = _near(searched, references, copies)
    copy, reference = near.nearest()
    owner, at = _equal(references, copies)
    other = ~np.isin(copy, owner)
    owner, at = np.concatenate([owner, copy[other]]), np.concatenate([at, reference[other]])
    order = np.lexsort((at, owner))
    rows = len(copies)
    return Led(Lists.of(rows, owner[order], at[order]), Lists.of(rows, near.copy, near.reference))


def _equal(references: Mapping[int, Hash], copies: Sequence[Hash | None]) -> tuple[Ints, Ints]:
    """Return copies and references with equal hashes."""
    numbers: dict[tuple[bytes, ...], list[int]] = {}
    for number, value in references.items():
        numbers.setdefault(_values(value), []).append(number)
    pairs = [
        (copy, number)
        for copy, value in enumerate(copies)
        if value is not None
        for number in numbers.get(_values(value), ())
    ]
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]


def _near(
    searched: Format, references: Mapping[int, Hash], copies: Sequence[Hash | None]
) -> _Pairs:
    """Return the usable copies and references within the threshold."""
    threshold = searched.spec.threshold
    if threshold is None:
        raise UsageError(f"{searched.spec.id} has no published threshold: nothing can be moved")
    usable = {n: v for n, v in references.items() if not searched.below_floor(v)}
    own = {n: v for n, v in enumerate(copies) if v is not None and not searched.below_floor(v)}
    if not usable or not own:
        return _Pairs.of([])
    sides = list(usable.values()), list(own.values())
    comparer = comparer_of(searched, *sides)
    if comparer.is_slow:
        return _Pairs.of(list(_by_index(searched, usable, own)))
    numbers = np.array(list(usable), np.int64), np.array(list(own), np.int64)
    limit, found = np.float32(threshold.value), []
    for block in blocks_of(comparer, len(usable), len(own)):
        row, column = np.nonzero(block.distances <= limit)
        found.append(
            (
                numbers[1][block.columns][column],
                numbers[0][block.rows][row],
                block.distances[row, column],
            )
        )
    return _Pairs.of(found)


def _by_index(
    searched: Format, references: Mapping[int, Hash], copies: Mapping[int, Hash]
) -> Iterator[tuple[Ints, Ints, NDArray[np.floating]]]:
    """Yield the same pairs by the index, which need not compare all of some slow formats."""
    index = Index(searched.spec.id, ((str(n), value) for n, value in references.items()))
    for copy, hits in zip(copies, index.within_many(copies.values()), strict=True):
        at = np.array([int(hit.key) for hit in hits], np.int64)
        yield np.full(len(at), copy), at, np.array([hit.distance for hit in hits], np.float64)


def _values(value: Hash) -> tuple[bytes, ...]:
    return tuple(part.value for part in value.parts)
