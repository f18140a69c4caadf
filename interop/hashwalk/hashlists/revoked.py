"""What is withdrawn or deleted somewhere in a list.

A container that cannot say so must not have these hashes at all, and another one only once: what
is live at the list's start may be taken back at its end, and the other way round.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

from hashwalk.errors import HashParseError
from hashwalk.hashlists.container import ALL_STATUSES
from hashwalk.hashlists.containers import OWN, writer_named
from hashwalk.hashlists.reading import read_items
from hashwalk.hashlists.record import Record, Reject, Status
from hashwalk.hashlists.values import rendered

_IDENTITY = {"source", "member_id", "entry_id"}


class Revoked:
    """What some records say is no longer active: 64 bits a name of each, in memory.

    A record takes back its whole entry, or its hash alone if `by_hash` and it names one. Where
    one of two records names no entry, they are of one if source, member and hash are the same.
    """

    def __init__(self, items: Iterable[Record | Reject] = (), *, by_hash: bool = False) -> None:
        """Take the items of a list."""
        self._entries: set[int] = set()
        self._hashes: set[int] = set()
        self._are_all_named = True
        self._by_hash = by_hash
        for item in items:
            if isinstance(item, Record) and item.status is not Status.ACTIVE:
                self._take_back(item)

    def _take_back(self, record: Record) -> None:
        if record.entry_id:
            self._entries.add(hash((record.entry, record.value is None or not self._by_hash)))
        else:
            self._are_all_named = False
        if record.value is not None:
            name = _name_of_hash(record)
            self._hashes.add(hash(name))
            if self._by_hash or not record.entry_id:
                self._hashes.add(hash((*name, record.entry_id or "")))

    def has(self, record: Record) -> bool:
        """Tell whether a live record is taken back."""
        if record.status is not Status.ACTIVE:
            return False
        if not record.entry_id:
            return bool(self._hashes) and hash(_name_of_hash(record)) in self._hashes
        if hash((record.entry, True)) in self._entries:
            return True
        if self._are_all_named and hash((record.entry, False)) not in self._entries:
            return False
        name = _name_of_hash(record)
        return not self._hashes.isdisjoint((hash((*name, record.entry_id)), hash((*name, ""))))


def _name_of_hash(record: Record) -> tuple[str | None, ...]:
    """Return whose hash it is and which, however it is written."""
    text = record.value
    with suppress(HashParseError):
        text = rendered(record)
    return (record.source, record.member_id, record.algorithm, text)


def revoked_for(
    written_as: str,
    source: str | os.PathLike[str],
    *,
    read_as: str | None = None,
    algorithm: str | None = None,
) -> Revoked:
    """Return what of the list `source` may not be written as live.

    hashwalk's own lists have both, what is live and what takes it back. A container that can say
    of every entry, by its identity, that it is no longer active has only what takes a hash back:
    its readers may keep either of two that contradict each other. All others do not have the
    entry at all. Raises as read_list does.
    """
    writer = writer_named(written_as)
    if written_as in OWN:
        return Revoked()
    says_all = writer.statuses == ALL_STATUSES and not writer.needs_value
    items = read_items(source, container=read_as, algorithm=algorithm)
    return Revoked(items, by_hash=says_all and writer.carries >= _IDENTITY)
