"""Rewrites the many small parts of a cross-walk as one batch."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from hashwalk.crosswalk.disk_errors import disk_errors
from hashwalk.crosswalk.hash_stream import stream_hashes
from hashwalk.crosswalk.lock import WriterLock
from hashwalk.crosswalk.manifest import Manifest
from hashwalk.crosswalk.part_check import part_problems
from hashwalk.crosswalk.parts import Batches, remove_batch, write_batch
from hashwalk.crosswalk.pieces import pieces
from hashwalk.crosswalk.rows import (
    HashOf,
    failure_of,
    failures_table,
    hashes_table,
    media_of,
    media_table,
)
from hashwalk.crosswalk.schema import Table
from hashwalk.crosswalk.session import Session, session
from hashwalk.errors import CrosswalkSchemaError
from hashwalk.results import Failure, Media

_MEDIA = "SELECT * EXCLUDE (batch) FROM cw0.newest_media ORDER BY uri"
_FAILURES = "SELECT * EXCLUDE (batch) FROM cw0.standing_failures ORDER BY uri, format"


def compact_crosswalk(path: str | os.PathLike[str]) -> tuple[int, int]:
    """Rewrite a cross-walk as one batch of what readers see; return the parts before and after.

    Rows that newer ones hide go, and so do hashes of bytes that no file has any more. Safe to
    kill: the new batch hides the old ones, which are removed after its commit. A reader that is
    at work meanwhile may have to start again. Raises CrosswalkSchemaError, before anything is
    changed, when a part is missing or damaged, CrosswalkBusyError when another job is writing,
    and CrosswalkError when the folder cannot be written to.
    """
    root = Path(path)
    Manifest.load(root)
    with disk_errors(root):
        lock = WriterLock(root)
        try:
            before = Batches.of(root)
            _refuse_damaged(before)
            before.remove_orphans()
            parts = _count(before)
            if len(before.committed) > 1:
                _rewrite(before)
            return parts, _count(Batches.of(root))
        finally:
            lock.release()


def _refuse_damaged(batches: Batches) -> None:
    for path, problem in part_problems(batches):
        raise CrosswalkSchemaError(
            f"{path} {problem}; nothing was compacted, as that would remove what is left to "
            "restore from: run `hashwalk crosswalk verify`"
        )


def _rewrite(batches: Batches) -> None:
    root, number = batches.root, batches.next_number
    with session(batches) as opened:
        write_batch(root, number, _tables(opened, number))
    for old in batches.committed:
        remove_batch(root, old)


def _tables(opened: Session, number: int) -> dict[Table, Iterable[pa.Table]]:
    media = map(media_of, opened.stream(_MEDIA))
    hashes = stream_hashes(opened, current_only=True)
    failures = map(failure_of, opened.stream(_FAILURES))
    return {
        Table.MEDIA: (media_table(piece, number) for piece in pieces(media, _small)),
        Table.HASHES: (hashes_table(piece, number) for piece in pieces(hashes, _size)),
        Table.FAILURES: (failures_table(piece, number) for piece in pieces(failures, _small)),
    }


def _small(row: Media | Failure) -> int:
    return 0


def _size(row: HashOf) -> int:
    return sum(len(part.value) for part in row[1].parts)


def _count(batches: Batches) -> int:
    return sum(len(batches.paths(table)) for table in Table)
