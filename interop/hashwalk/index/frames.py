"""Lists of frame hashes: found by their frames, compared by the share of frames that match."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Hash, Part
from hashwalk.index.codes import CodeSearch
from hashwalk.index.engine import Engine
from hashwalk.index.hits import Hits, Ints
from hashwalk.index.store import Store
from hashwalk.searchable import FrameLists


@dataclass(frozen=True, slots=True)
class _Values:
    """The different usable values of several lists: rows, and the number of each one's list."""

    codes: NDArray[np.uint8]
    owner: Ints
    counts: Ints
    """How many values each list has."""


class Frames(Engine):
    """Searches frame lists whose frames are compared by Hamming distance."""

    def __init__(self, store: Store, lists: FrameLists, size: int) -> None:
        """Take the hashes, what is known of their format, and the bytes of one frame's value."""
        self._store = store
        self._lists = lists
        self._size = size
        self._values = self._usable(value for _, value in store.items())
        self._codes = CodeSearch(self._values.codes)

    def within(self, queries: Sequence[Hash], radius: float) -> Hits:
        """Find lists that share a frame, and count the shares."""
        found = self._near(queries)
        if radius >= 1:
            found = Hits.joined([found, self._all_others(queries)]).least()
        return found.where(found.distance <= radius)

    def nearest(self, queries: Sequence[Hash], count: int) -> Hits:
        """Find lists that share a frame; where they are too few, all others are at distance 1."""
        found = self._near(queries)
        counts = np.bincount(found.query, minlength=len(queries))
        lacking = np.flatnonzero(counts < min(count, len(self._store)))
        others = self._all_others([queries[number] for number in lacking.tolist()])
        filled = Hits(lacking[others.query], others.item, others.distance)
        return Hits.joined([found, filled]).least().first(count)

    def _near(self, queries: Sequence[Hash]) -> Hits:
        """Return the pairs of lists at a distance under 1."""
        wanted = self._usable(queries)
        pairs = self._codes.within(wanted.codes, int(self._lists.tolerance))
        query, item = wanted.owner[pairs.query], self._values.owner[pairs.item]
        of_query = _shares(query, item, pairs.query, wanted.counts[query])
        of_item = _shares(query, item, pairs.item, self._values.counts[item])
        shared = Hits(query, item, 1 - np.maximum(of_query, of_item)).least()
        equal = self._store.equal_to(queries)
        # Of lists that both have usable values these alone count.
        unusable = (wanted.counts[equal.query] == 0) | (self._values.counts[equal.item] == 0)
        return Hits.joined([shared, equal.where(unusable)]).least()

    def _all_others(self, queries: Sequence[Hash]) -> Hits:
        """Return every pair, at the distance 1."""
        count = len(self._store)
        query = np.repeat(np.arange(len(queries)), count)
        item = np.tile(np.arange(count), len(queries))
        return Hits.of(query, item, np.ones(len(query)))

    def _usable(self, hashes: Iterable[Hash]) -> _Values:
        """Return the usable values of each list, those that are equal once."""
        values, counts = bytearray(), array("q")
        for value in hashes:
            usable = dict.fromkeys(part.value for part in self._lists.usable_parts(value))
            values += b"".join(usable)
            counts.append(len(usable))
        codes = np.frombuffer(bytes(values), np.uint8).reshape(-1, self._size)
        owner = np.repeat(np.arange(len(counts)), counts)
        return _Values(codes, owner, np.array(counts, np.int64))


def _shares(query: Ints, item: Ints, value: Ints, counts: Ints) -> NDArray[np.float64]:
    """Return, for each pair of matching values, which share of a list's values match in the other.

    `query` and `item` number the lists, `value` the value on the side that is counted, `counts`
    is how many values that list has.
    """
    order = np.lexsort((value, item, query))
    pairs = np.stack([query, item])[:, order]
    new_pair = np.ones(len(order), np.bool_)
    new_pair[1:] = (pairs[:, 1:] != pairs[:, :-1]).any(axis=0)
    new_value = new_pair.copy()
    new_value[1:] |= value[order][1:] != value[order][:-1]
    group = np.cumsum(new_pair) - 1
    different = np.bincount(group, weights=new_value)[group] if len(order) else np.zeros(0)
    shares = np.empty(len(order))
    shares[order] = different / counts[order]
    return shares


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A run of matching frames, by the times of the first and the last of them, in seconds."""

    start_s: float | None
    end_s: float | None
    frames: int


@dataclass(frozen=True, slots=True)
class FrameMatch:
    """What two frame lists share: which share of either's values, and where."""

    of_query: float
    of_found: float
    query_ranges: tuple[TimeRange, ...]
    found_ranges: tuple[TimeRange, ...]


def frame_match(lists: FrameLists, query: Hash, found: Hash) -> FrameMatch:
    """Return what two frame lists share; runs are of frames that take part in comparisons."""
    mine, theirs = lists.usable_parts(query), lists.usable_parts(found)
    near = np.array(
        [[_are_near(lists, a.value, b.value) for b in theirs] for a in mine], np.bool_
    ).reshape(len(mine), len(theirs))
    of_mine, of_theirs = np.array(near.any(axis=1)), np.array(near.any(axis=0))
    return FrameMatch(
        of_query=_share(mine, of_mine),
        of_found=_share(theirs, of_theirs),
        query_ranges=_runs(mine, of_mine),
        found_ranges=_runs(theirs, of_theirs),
    )


def _are_near(lists: FrameLists, a: bytes, b: bytes) -> bool:
    frame = lists.frame
    name = frame.spec.id
    return frame.distance_of_own(Hash.of(name, a), Hash.of(name, b)) <= lists.tolerance


def _share(parts: Sequence[Part], matched: NDArray[np.bool_]) -> float:
    values = {part.value: bool(hit) for part, hit in zip(parts, matched, strict=True)}
    return sum(values.values()) / len(values) if values else 0.0


def _runs(parts: Sequence[Part], matched: NDArray[np.bool_]) -> tuple[TimeRange, ...]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], matched, [False]]).astype(np.int8)))
    return tuple(
        TimeRange(parts[start].time_s, parts[end - 1].time_s, int(end - start))
        for start, end in edges.reshape(-1, 2)
    )
