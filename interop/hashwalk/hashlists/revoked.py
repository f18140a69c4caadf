"""What is withdrawn or deleted somewhere in a list.

A container that cannot say so must not have these hashes at all, and another one only once: what
is live at the list's start may be taken back at its end, and the other way round.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator
from contextlib import suppress

from hashwalk.errors import HashParseError
from hashwalk.hashlists.container import ALL_STATUSES
from hashwalk.hashlists.containers import OWN, writer_named
from hashwalk.hashlists.reading import read_items
from hashwalk.hashlists.record import Record, Reject, Status
from hashwalk.hashlists.values import rendered

_IDENTITY = {"source", "member_id", "entry_id"}


class Revoked:
    """What some records say is no longer active: twice 64 bits of each, in memory.

    A record takes back its whole entry, or its hash alone if `by_hash` and it names one. Where
    one of two records names no entry, they are of one if source, member and hash are the same.
    """

    def __init__(self, items: Iterable[Record | Reject] = (), *, by_hash: bool = False) -> None:
        """Take the items of a list."""
        self._names = {
            hash(name)
            for item in items
            if isinstance(item, Record) and item.status is not Status.ACTIVE
            for name in _taken_back(item, by_hash=by_hash)
        }

    def has(self, record: Record) -> bool:
        """Tell whether a live record is taken back."""
        if not self._names or record.status is not Status.ACTIVE:
            return False
        return any(hash(name) in self._names for name in _names_of_live(record))


def _taken_back(record: Record, *, by_hash: bool) -> Iterator[Hashable]:
    """Yield the names of what a record takes back."""
    is_whole = bool(record.entry_id) and not (by_hash and record.value is not None)
    if is_whole:
        yield record.entry
    if record.value is not None:
        name = _name_of_hash(record)
        yield name
        if not is_whole:
            yield (*name, record.entry_id or "")


def _names_of_live(record: Record) -> Iterator[Hashable]:
    """Yield each name by which a record may be taken back."""
    name = _name_of_hash(record)
    if record.entry_id:
        yield from (record.entry, (*name, record.entry_id), (*name, ""))
    else:
        yield name


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
