"""What became of one record of a list in one target format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hashwalk.hashlists.record import Record


class Fate(StrEnum):
    """What became of a record; the first four give records of the target format."""

    RE_ENCODED = "re-encoded"
    """The algorithm is the target's."""
    EXACT = "exact"
    """Media in the cross-walk have that very hash."""
    NEAR = "near"
    """Media in the cross-walk have a hash within the threshold."""
    AMBIGUOUS = "ambiguous"
    """Several media are at the best distance."""
    NO_TARGET = "no target value"
    """Media were found, and none of them has a usable hash in the target format."""
    UNMATCHED = "unmatched"
    """No media have that hash or one within the threshold: whoever holds the media re-hashes."""
    CARRIED = "carried"
    """The hash is no longer active, and was handed on as it came."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of `record` in the format `target`: `records` to hand on, and why if none.

    `reasons` says of the media that were found why they have no value.
    """

    record: Record
    target: str
    fate: Fate
    records: tuple[Record, ...] = ()
    reasons: tuple[str, ...] = ()
