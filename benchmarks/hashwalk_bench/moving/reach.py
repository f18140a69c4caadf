"""What the entries of a list find: before it is moved, and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Format, Hash
from hashwalk_bench.moving.finding import Ints, Lists
from hashwalk_bench.moving.sample import NOBODY
from hashwalk_bench.pairs.comparers import comparer_of

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many queries were found of how many, before and after the move, a number a source."""

    before: Ints
    after: Ints
    trials: Ints


def found_by_each_other(searched: Format, copies: Sequence[Sequence[Hash | None]]) -> Mask:
    """Return, for a sample of copies a source, which are within the threshold of which.

    The shape is (sources, places, places); a copy without a usable hash finds nothing. Nobody
    is asked whether it finds itself.
    """
    places = max(map(len, copies), default=0)
    found = np.zeros((len(copies), places, places), np.bool_)
    for source, several in enumerate(copies):
        usable = {
            place: value
            for place, value in enumerate(several)
            if value is not None and not searched.below_floor(value)
        }
        at = np.array(list(usable), np.int64)
        found[source, at[:, None], at] = _within_threshold(searched, list(usable.values()))
    return found


def _within_threshold(searched: Format, hashes: Sequence[Hash]) -> Mask:
    """Compare each two hashes once, since formats may be slow."""
    near = np.zeros((len(hashes), len(hashes)), np.bool_)
    threshold = searched.spec.threshold
    if threshold is None or not hashes:
        return near
    comparer = comparer_of(searched, hashes, hashes)
    for row in range(len(hashes) - 1):
        behind = slice(row + 1, len(hashes))
        near[row, behind] = comparer.block(slice(row, row + 1), behind) <= np.float32(
            threshold.value
        )
    return near | near.T


def reached(near: Lists, rows: Ints, references: int) -> Mask:
    """Return which reference finds which copy of the sample: (references, sources, places)."""
    places = np.full(len(near.starts) - 1, -1, np.int64)
    flat = rows.ravel()
    held = flat != NOBODY
    places[flat[held]] = np.flatnonzero(held)
    reach = np.zeros((references, rows.size), np.bool_)
    place = places[near.owners]
    reach[near.at[place >= 0], place[place >= 0]] = True
    return reach.reshape(references, *rows.shape)


def found_by_media(media: Lists, rows: Ints, reach: Mask) -> Mask:
    """Return which copies of a source each one's media find: (sources, places, places).

    `media` has the references that a copy was translated to, `reach` what those find in the
    target format.
    """
    found = np.zeros((*rows.shape, rows.shape[1]), np.bool_)
    source, place = np.nonzero(rows != NOBODY)
    entry = rows[source, place]
    lengths = media.lengths[entry]
    offsets = np.repeat(np.cumsum(lengths) - lengths, lengths)
    at = np.repeat(media.starts[entry], lengths) + np.arange(lengths.sum()) - offsets
    sources, places = np.repeat(source, lengths), np.repeat(place, lengths)
    np.logical_or.at(found, (sources, places), reach[media.at[at], sources])
    return found


def counted(before: Mask, after: Mask, listed: Mask, held: Mask) -> Counts:
    """Count by source what the entries of a list find of the other copies.

    `listed` says which places have a hash in the list's format, `held` which hold a copy at all.
    """
    trials = listed[:, :, None] & held[:, None, :]
    trials &= ~np.eye(held.shape[1], dtype=np.bool_)
    return Counts(*((mask & trials).sum(axis=(1, 2)) for mask in (before, after, trials)))
