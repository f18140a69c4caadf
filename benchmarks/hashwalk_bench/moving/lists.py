"""Lists of edited copies moved from each format to each other one of the same medium."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.measure.model import Moved, MovedRecall
from hashwalk_bench.moving.copies import Copies, Hashes
from hashwalk_bench.moving.fates import Fate, fates
from hashwalk_bench.moving.finding import Ints, Lists, lead
from hashwalk_bench.moving.reach import (
    Counts,
    Mask,
    counted,
    found_by_each_other,
    found_by_media,
    reached,
)
from hashwalk_bench.moving.sample import NOBODY, sampled
from hashwalk_bench.statistics.clusters import cluster_difference, cluster_rate
from hashwalk_bench.statistics.proportions import exact_rate

_PLACES = 12
"""So many copies of a source are each looked for by each other: 132 pairs."""

_rate = cache(exact_rate)
"""Intervals are slow, and there are few different counts."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What lists in one format lead to, and what they find in it."""

    format: str
    media: Lists
    near: Lists
    listed: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    before: Mask


def search(copies: Copies, hashes: Hashes, seed: int) -> Searched:
    """Look up every copy among the references, and a sample of each source's copies in itself."""
    led = lead(hashes.searched, hashes.references, hashes.copies)
    some = [
        [hashes.copies[copy] if copy != NOBODY else None for copy in row]
        for row in _sample(copies, seed).tolist()
    ]
    return Searched(
        format=hashes.format,
        media=led.media,
        near=led.near,
        listed=np.array([value is not None for value in hashes.copies], np.bool_),
        usable=hashes.usable(len(copies.node)),
        before=found_by_each_other(hashes.searched, some),
    )


def moved(copies: Copies, searched: Iterable[Searched]) -> Iterator[Moved]:
    """Yield, for each ordered pair of formats and each transform, what became of the list.

    The list has the hashes in A of one copy of each cluster of near-duplicates.
    """
    own = copies.node[copies.own]
    for a, b in permutations(searched, 2):
        fate = fates(a.media, copies.node, own, b.usable)
        listed = copies.once(a.listed)
        yield from _by_transform(copies, fate[listed], copies.transform[listed], (a, b))


def moved_recall(copies: Copies, searched: Iterable[Searched], seed: int) -> Iterator[MovedRecall]:
    """Yield, for each ordered pair of formats, what lists find before and after they are moved.

    Each copy that has a hash in A is an entry, in A its own hash, in B the values of all media
    that its hash led to. A query is found if an entry that is another copy of its source is
    within the published threshold. Up to 12 copies of a source are entries and queries.
    """
    if not len(copies.own):
        return
    rows = _sample(copies, seed)
    held = rows != NOBODY
    several = list(searched)
    for b in several:
        reach = reached(b.near, rows, len(copies.node))
        for a in several:
            if a is not b:
                after = found_by_media(a.media, rows, reach)
                listed = held & a.listed[rows]
                counts = counted(a.before, after, listed, held)
                yield _change(a.format, b.format, _by_node(counts, copies.node))


def _sample(copies: Copies, seed: int) -> Ints:
    return sampled(copies.own, copies.keys, _PLACES, seed)


def _by_transform(
    copies: Copies, fate: Ints, transform: Ints, pair: tuple[Searched, Searched]
) -> Iterator[Moved]:
    shape = len(copies.transforms), len(Fate)
    counts = np.zeros(shape, np.int64)
    np.add.at(counts, (transform, fate), 1)
    for (name, family), row in zip(copies.transforms, counts.tolist(), strict=True):
        size = sum(row)
        rates = {each.name.lower(): _rate(row[each], size) for each in Fate}
        a, b = pair
        yield Moved(a=a.format, b=b.format, transform=name, family=family, list_size=size, **rates)


def _by_node(counts: Counts, node: Ints) -> Counts:
    before, after, trials = (
        np.bincount(node, weights=column).astype(np.int64)
        for column in (counts.before, counts.after, counts.trials)
    )
    return Counts(before, after, trials)


def _change(a: str, b: str, counts: Counts) -> MovedRecall:
    before, after = (counts.before, counts.trials), (counts.after, counts.trials)
    return MovedRecall(
        a=a,
        b=b,
        before=cluster_rate(*before),
        after=cluster_rate(*after),
        change=cluster_difference(before, after),
    )
