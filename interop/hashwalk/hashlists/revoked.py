"""The entries of a list that are withdrawn or deleted somewhere in it.

A container that cannot say so must not have their hashes at all: an entry that is live at the
list's start may be taken back at its end.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from hashwalk.hashlists.container import ALL_STATUSES
from hashwalk.hashlists.containers import writer_named
from hashwalk.hashlists.reading import read_items
from hashwalk.hashlists.record import Record, Reject, Status

_IDENTITY = {"source", "member_id", "entry_id"}


class Revoked:
    """The entries that some records say are no longer active: 64 bits of each, in memory."""

    def __init__(self, items: Iterable[Record | Reject] = ()) -> None:
        """Take the items of a list; records without an entry id revoke themselves alone."""
        self._entries = {
            hash(item.entry)
            for item in items
            if isinstance(item, Record) and item.status is not Status.ACTIVE and item.entry_id
        }

    def has(self, record: Record) -> bool:
        """Tell whether a live record's entry is revoked."""
        return record.status is Status.ACTIVE and hash(record.entry) in self._entries


def revoked_for(
    written_as: str,
    source: str | os.PathLike[str],
    *,
    read_as: str | None = None,
    algorithm: str | None = None,
) -> Revoked:
    """Return what of the list `source` may not be written as live.

    The list is read for it unless the container `written_as` can say of every entry, by its
    identity, that it is no longer active. Raises as read_list does.
    """
    writer = writer_named(written_as)
    if writer.carries >= _IDENTITY and writer.statuses == ALL_STATUSES and not writer.needs_value:
        return Revoked()
    return Revoked(read_items(source, container=read_as, algorithm=algorithm))
