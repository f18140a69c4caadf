"""Regroups records into the entries that they came from, for writers of several hashes each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count, groupby

from hashwalk.hashlists.record import Record
from hashwalk.results import ALL_FORMATS


def entries_of(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Yield records that follow each other and are of one state of one entry, together.

    What tells another entry, or the same one at another time: its identity, its medium, its
    media type and when it was updated. A deletion of all of an entry stands alone, and so does
    a record that names neither entry nor medium.
    """
    number = count()

    def state(record: Record) -> tuple[object, ...]:
        named = record.entry_id is not None or record.media_uid is not None
        return (
            record.entry,
            record.media_uid,
            record.media_type,
            record.updated,
            None if named and record.algorithm != ALL_FORMATS else next(number),
        )

    for _, group in groupby(records, key=state):
        yield list(group)
