"""The canonical record: one hash of one medium as a member of an exchange told it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from hashwalk.errors import HashParseError
from hashwalk.results import Label


class Status(StrEnum):
    """Whether a hash is to be matched."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    """Its owner took it back."""
    DELETED = "deleted"
    """The exchange removed it."""


class MediaType(StrEnum):
    """What was hashed."""

    PICTURE = "picture"
    VIDEO = "video"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a member says of a hash, in the words of the exchange.

    `source` is who says it, `value` what is said (``Blocked``, ``negative``), `reasons` the
    tags or reasons given, `algorithm` the hash it is about where an entry has several.
    """

    source: str
    value: str
    reasons: tuple[str, ...] = ()
    algorithm: str | None = None


class Method(StrEnum):
    """How the value of a translated record was found."""

    RE_ENCODED = "re-encoded"
    """The algorithm is the same: the value was written anew."""
    EXACT = "exact"
    """The cross-walk has media with that very hash."""
    NEAR = "near"
    """The cross-walk has media whose hash is within the format's threshold."""
    CARRIED = "carried"
    """Not translated: a hash that is no longer active is handed on as it came."""


@dataclass(frozen=True, slots=True)
class Translation:
    """How a record came from one of another format.

    `source_algorithm` is that format, `distance` how far its hash is from the media's in the
    cross-walk, `media_sha256` which media that is, `others` how many other media are as near or
    within the threshold. `ambiguous` says that several media are at the same distance, each of
    which gives a record. `probability` is that of the media being the same, where a calibration
    card was given.
    """

    method: Method
    source_algorithm: str
    distance: float | None = None
    media_sha256: str | None = None
    others: int = 0
    ambiguous: bool = False
    probability: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Record:
    """One hash in a list, with everything that is known of it.

    `algorithm` is the id of a hashwalk format where there is one, else the name that the list
    uses, as it is written there. `value` is the text of the whole hash (all frames of a frame
    list), verbatim, in the text encoding or text form `encoding` (None: not told); it is None
    for a deletion that does not repeat the hash. `quality` and `frame_time_s` belong to a value
    that stands for a single picture or frame. `bit_order` is ``msb`` or ``lsb`` where a list
    says it. `source` is the exchange, `member_id` the member of it who gave the hash,
    `entry_id` that member's name for it, `media_uid` what the hashes of one medium share.
    `created` and `updated` are ISO 8601 in UTC where the list's form allows it, else verbatim.
    `raw` is the record as the list has it, in JSON's types. `translation` says how the value
    was found, where it is not the one that the member gave.
    """

    media_uid: str | None = None
    media_type: MediaType | None = None
    algorithm: str
    implementation: str | None = None
    version: str | None = None
    encoding: str | None = None
    bit_order: str | None = None
    value: str | None
    quality: int | None = None
    frame_time_s: float | None = None
    source: str | None = None
    member_id: str | None = None
    entry_id: str | None = None
    status: Status = Status.ACTIVE
    labels: tuple[Label, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    created: str | None = None
    updated: str | None = None
    raw: Mapping[str, Any] | None = None
    translation: Translation | None = None

    def __repr__(self) -> str:
        """Show what is no secret: neither the value nor the source record."""
        return f"Record({self.algorithm}, {self.status.value}, entry_id={self.entry_id!r})"

    @property
    def entry(self) -> tuple[str | None, str | None, str | None]:
        """Which entry of which exchange the record is a hash of."""
        return (self.source, self.member_id, self.entry_id)


FIELDS = tuple(field.name for field in fields(Record))
"""The columns of the canonical table, in order."""


@dataclass(frozen=True, slots=True, repr=False)
class Reject:
    """A record of a list that cannot be read: where it is, why, and its start, verbatim.

    `where` is ``line 12`` or a path into the document (``$.value[3]``); `reason` never repeats
    a value. `start` is the source text, at most MOST_REJECT_CHARACTERS of it.
    """

    where: str
    reason: str
    start: str = ""

    def __repr__(self) -> str:
        """Show what is no secret."""
        return f"Reject({self.where}: {self.reason})"


MOST_REJECT_CHARACTERS = 65_536


def record_or_reject(where: str, start: str, make: Callable[[], Record]) -> Record | Reject:
    """Return what `make` returns, or the Reject of the place `where` if it raises.

    `make` raises ValueError or HashParseError with a reason that never repeats a value; `start`
    is the source text.
    """
    try:
        return make()
    except (ValueError, HashParseError) as error:
        reason = str(error)
    except RecursionError:
        reason = "nested too deeply"
    return Reject(where, reason, start[:MOST_REJECT_CHARACTERS])
