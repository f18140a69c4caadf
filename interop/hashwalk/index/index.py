"""An index of the hashes of one format: equal, nearest and within a radius, exactly."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Self

import numpy as np

from hashwalk.distances import Euclidean, Hamming
from hashwalk.errors import FormatMismatchError, UsageError
from hashwalk.format import Format, Hash
from hashwalk.index.bits import Bits
from hashwalk.index.columns import columns_of
from hashwalk.index.engine import Engine, Scan
from hashwalk.index.frames import FrameMatch, Frames, frame_match
from hashwalk.index.hits import Hits
from hashwalk.index.store import Columns, Store
from hashwalk.index.table import read_index, write_index
from hashwalk.index.vectors import Cosines, Euclideans
from hashwalk.registry import get_format
from hashwalk.searchable import CosineBounded, FrameLists, LeastOverParts

if TYPE_CHECKING:
    from hashwalk.crosswalk import Crosswalk

_AT_ONCE = 4096
_SHORT = 4096
"""Values of up to so many bytes are read by the table."""


@dataclass(frozen=True, slots=True)
class Found:
    """A hash in the index: its key, and its distance from what was looked for."""

    key: str
    distance: float


class Index:
    """Hashes of one format, each under a key, searched by the format's own distance.

    Searching gives exactly what comparing with every hash would, nearest first, and among
    equally near ones in the order they were added. Several hashes may have one key. An index is
    not safe to change while another thread searches it.

    Memory per million hashes is in docs/matching.md.
    """

    def __init__(self, format_id: str, items: Iterable[tuple[str, Hash]] = ()) -> None:
        """Take the format and hashes under their keys.

        Raises UnknownFormatError, and FormatMismatchError for another format's hash.
        """
        self.format = get_format(format_id)
        self._store = Store(format_id)
        self._engine: Engine | None = None
        self.add(items)

    @classmethod
    def of_crosswalk(cls, crosswalk: Crosswalk, format_id: str) -> Self:
        """Return the index of all media of a cross-walk; keys are their SHA-256 in hex."""
        made = cls(format_id)
        size = made.format.spec.value_bytes
        if size is None or size > _SHORT:
            made.add(crosswalk.hashes(format_id))
        else:
            for rows in crosswalk.hash_columns(format_id):
                made._add_columns(columns_of(rows), size)
        return made

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Return the index that was saved at `path`; raises IndexFileError."""
        found, items = read_index(path)
        return cls(found.spec.id, items)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a Parquet file, with mode 0600, that `load` reads; raises IndexFileError."""
        write_index(path, self.format.spec, self._store.items())

    def __len__(self) -> int:
        """Count the hashes."""
        return len(self._store)

    def __iter__(self) -> Iterator[tuple[str, Hash]]:
        """Yield the keys and hashes in the order they were added; frames have lost their index."""
        return self._store.items()

    def add(self, items: Iterable[tuple[str, Hash]]) -> None:
        """Add hashes under their keys; raises FormatMismatchError for another format's."""
        for key, value in items:
            self.format.check_own(value)
            self._store.add(key, value)
        self._engine = None

    def _add_columns(self, added: Columns, size: int) -> None:
        if (added.lengths != size).any():
            raise FormatMismatchError(
                f"a value of a {self.format.spec.id} hash is not {size} bytes long"
            )
        self._store.add_columns(added)
        self._engine = None

    def below_floor(self) -> set[str]:
        """Return the keys of hashes whose quality is under the format's floor."""
        floor = self.format.spec.quality_floor
        if floor is None:
            return set()
        poor = np.flatnonzero(self._store.best_qualities() < floor.value)
        return {self._store.keys[number] for number in poor.tolist()}

    def remove(self, keys: Iterable[str]) -> int:
        """Remove all hashes under any of `keys`, and return how many there were."""
        unwanted, before = set(keys), self._store
        self._store = Store(before.format_id)
        self.add(item for item in before.items() if item[0] not in unwanted)
        return len(before) - len(self._store)

    def exact(self, value: Hash) -> list[str]:
        """Return the keys of the hashes whose values are the same."""
        return next(self.exact_many([value]))

    def nearest(self, value: Hash, count: int = 1) -> list[Found]:
        """Return the `count` nearest hashes."""
        return next(self.nearest_many([value], count))

    def within(self, value: Hash, radius: float | None = None) -> list[Found]:
        """Return the hashes at most `radius` away, by default the format's published threshold.

        Raises UsageError when there is neither.
        """
        return next(self.within_many([value], radius))

    def exact_many(self, values: Iterable[Hash]) -> Iterator[list[str]]:
        """Yield what `exact` returns, for each of many hashes."""
        for some in self._batches(values):
            hits, found = self._store.equal_to(some).least(), [list[str]() for _ in some]
            for query, item in zip(hits.query.tolist(), hits.item.tolist(), strict=True):
                found[query].append(self._store.keys[item])
            yield from found

    def nearest_many(self, values: Iterable[Hash], count: int = 1) -> Iterator[list[Found]]:
        """Yield what `nearest` returns, for each of many hashes."""
        if count < 1:
            raise UsageError(f"cannot find the {count} nearest hashes: ask for 1 or more")
        for some in self._batches(values):
            for found in self._by_query(self._searched().nearest(some, count), len(some)):
                yield found[:count]

    def within_many(
        self, values: Iterable[Hash], radius: float | None = None
    ) -> Iterator[list[Found]]:
        """Yield what `within` returns, for each of many hashes: much quicker than one by one."""
        limit = self._radius(radius)
        for some in self._batches(values):
            yield from self._by_query(self._searched().within(some, limit), len(some))

    def frame_match(self, value: Hash, key: str) -> list[FrameMatch]:
        """Return what a frame list shares with each list under `key`: shares, and time ranges.

        Raises UsageError when the format is none of frame lists.
        """
        if not isinstance(self.format, FrameLists):
            raise UsageError(f"{self.format.spec.id} hashes are not lists of frames")
        self.format.check_own(value)
        return [frame_match(self.format, value, held) for at, held in self if at == key]

    def _radius(self, radius: float | None) -> float:
        if radius is not None:
            return radius
        if self.format.spec.threshold is None:
            raise UsageError(f"{self.format.spec.id} has no published threshold: give a radius")
        return self.format.spec.threshold.value

    def _searched(self) -> Engine:
        if self._engine is None:
            self._engine = _engine_of(self._store, self.format)
        return self._engine

    def _batches(self, values: Iterable[Hash]) -> Iterator[list[Hash]]:
        remaining = iter(values)
        while some := list(islice(remaining, _AT_ONCE)):
            for value in some:
                self.format.check_own(value)
            yield some

    def _by_query(self, hits: Hits, queries: int) -> list[list[Found]]:
        found: list[list[Found]] = [[] for _ in range(queries)]
        rows = zip(hits.query.tolist(), hits.item.tolist(), hits.distance.tolist(), strict=True)
        for query, item, distance in rows:
            found[query].append(Found(self._store.keys[item], distance))
        return found


def _engine_of(store: Store, searched: Format) -> Engine:
    """Return the engine for the distance of a format."""
    if isinstance(searched, FrameLists):
        size = searched.frame.spec.value_bytes
        if size is not None and _is_plain(searched.frame, Hamming):
            return Frames(store, searched, size)
    if isinstance(searched, CosineBounded):
        return Cosines(store, searched, searched)
    size = searched.spec.value_bytes
    if size is not None and (_is_plain(searched, Hamming) or isinstance(searched, LeastOverParts)):
        return Bits(store, size)
    return Euclideans(store, searched) if _is_plain(searched, Euclidean) else Scan(store, searched)


def _is_plain(searched: Format, distance: type) -> bool:
    """Tell whether the distance of two hashes is that of the spec, of their only values."""
    own = type(searched).distance_of_own is not Format.distance_of_own
    return not own and type(searched.spec.distance) is distance
