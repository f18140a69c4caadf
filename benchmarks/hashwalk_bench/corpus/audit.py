"""Which sources are near-duplicates of one another: no pair of them is a pair of strangers.

A format must not be the only judge of what it confuses, or its collisions would be left out as
duplicates. So two pictures are near-duplicates where two formats agree that have little in
common, one of frequencies and one of gradients. Measured on 57 photographs, drawings and
screenshots: at these radii all copies that were recompressed, scaled to a quarter, brightened,
cut by 1 or 2 % at each side or given a caption are found, but for one, and 86 % of those turned
by 2 degrees; of 14,535 pairs of 171 different pictures none is, the nearest ones being two
screens of one program.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from hashwalk.format import Hash
from hashwalk.index import Index
from hashwalk.registry import get_format
from hashwalk_bench.transforms.contract import Medium

PICTURE_RADII = {"pdq": 70.0, "dhash-256": 64.0}
"""By format, how far apart near-duplicate pictures are at most; all have to agree."""
VIDEO_RADII = {"vpdq": 0.9}
"""As for pictures: a tenth of the usable frames of either video is in the other, too.

Videos that share a scene are no strangers; those with a black screen or a plain title in common
are, since such frames are not usable.
"""
AUDIT_FORMATS = {Medium.PICTURE: tuple(PICTURE_RADII), Medium.VIDEO: tuple(VIDEO_RADII)}
"""The formats that the audit needs of each original, by its medium."""

Pair = tuple[int, int]


def near_duplicates(hashes: Mapping[int, Iterable[Hash]]) -> dict[int, int]:
    """Return, for each source's number, the lowest number among its near-duplicates.

    `hashes` has those of the originals, also of other formats; a source without a usable hash
    of one of AUDIT_FORMATS is near to none. What is near to the same source is one cluster.
    """
    held: dict[str, dict[int, Hash]] = defaultdict(dict)
    for number, given in hashes.items():
        for value in given:
            held[value.format][number] = value
    pairs = _agreed(held, PICTURE_RADII) | _agreed(held, VIDEO_RADII)
    return _clusters(sorted(hashes), pairs)


def together(cluster_of: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Return the clusters of more than one source, by their lowest number."""
    members: dict[int, list[int]] = defaultdict(list)
    for number in sorted(cluster_of):
        members[cluster_of[number]].append(number)
    return [tuple(members[lowest]) for lowest in sorted(members) if len(members[lowest]) > 1]


def _agreed(held: Mapping[str, Mapping[int, Hash]], radii: Mapping[str, float]) -> set[Pair]:
    """Return the pairs that are near in every format, of the sources that are usable in all."""
    usable = set.intersection(*(_usable(held.get(name, {}), name) for name in radii))
    found = [
        _near({number: held[name][number] for number in usable}, name, radius)
        for name, radius in radii.items()
    ]
    return set.intersection(*found)


def _usable(hashes: Mapping[int, Hash], format_id: str) -> set[int]:
    below_floor = get_format(format_id).below_floor
    return {number for number, value in hashes.items() if not below_floor(value)}


def _near(hashes: Mapping[int, Hash], format_id: str, radius: float) -> set[Pair]:
    index = Index(format_id, ((str(number), value) for number, value in hashes.items()))
    found = zip(hashes, index.within_many(hashes.values(), radius), strict=True)
    return {
        (number, int(near.key))
        for number, others in found
        for near in others
        if number < int(near.key)
    }


def _clusters(numbers: Iterable[int], pairs: Iterable[Pair]) -> dict[int, int]:
    """Join what pairs join; the root of every tree is its lowest number."""
    parent = {number: number for number in numbers}

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {number: root(number) for number in parent}
