"""Appends to a cross-walk, batch by batch, so that a kill at any moment loses no committed row."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from hashwalk.crosswalk.disk_errors import disk_errors
from hashwalk.crosswalk.lock import LOCK_FILE, WriterLock
from hashwalk.crosswalk.manifest import FormatEntry, Manifest, library_versions
from hashwalk.crosswalk.parts import Batches, write_batch
from hashwalk.crosswalk.rows import failures_table, hashes_table, media_table
from hashwalk.crosswalk.schema import MANIFEST_FILE, Table
from hashwalk.durable import is_temporary, make_private_folder
from hashwalk.errors import CrosswalkSchemaError, FailureCode
from hashwalk.format import Format, Hash
from hashwalk.results import ALL_FORMATS, Failure, HashedFile, Media


class CrosswalkWriter:
    """The one writer of a cross-walk: buffers rows, and commits them with each flush.

    A context manager: leaving it flushes, also on KeyboardInterrupt; after any other exception
    the buffered rows are dropped. `warnings` holds one line for each reason why new hashes
    may differ from those already there.
    """

    def __init__(self, root: Path, manifest: Manifest, lock: WriterLock, number: int) -> None:
        """Take over an open cross-walk; `open` and `create` are the ways to get here."""
        self.path = root
        self.manifest = manifest
        self.warnings = manifest.warnings()
        self._lock = lock
        self._number = number
        self._clear()

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, formats: Iterable[Format]) -> Self:
        """Create the cross-walk at `path`, or continue the one that is there.

        Leftovers of a killed writer are removed. Raises CrosswalkSchemaError when the folder
        holds something else, has a newer schema, or has hashes of another version of one of
        `formats`; CrosswalkBusyError when another job is writing to it.
        """
        wanted = tuple(formats)
        entries = {made.spec.id: FormatEntry.of(made) for made in wanted}
        libraries = library_versions(wanted)
        return cls._open(
            Path(path),
            lambda old: old.with_formats(entries, "this installation").with_libraries(libraries),
        )

    @classmethod
    def create(cls, path: Path, manifest: Manifest) -> Self:
        """Create a cross-walk for hashes made elsewhere, whose formats need not be installed."""
        return cls._open(path, lambda _: manifest)

    @classmethod
    def _open(cls, root: Path, update: Callable[[Manifest], Manifest]) -> Self:
        with disk_errors(root):
            _refuse_foreign(root)
            make_private_folder(root)
            lock = WriterLock(root)
            try:
                manifest = _updated_manifest(root, update)
                for table in Table:
                    make_private_folder(root / table)
                batches = Batches.of(root)
                batches.remove_orphans()
            except BaseException:
                lock.release()
                raise
        return cls(root, manifest, lock, batches.next_number)

    @property
    def pending_rows(self) -> int:
        """The rows that the next flush writes."""
        return len(self._media) + self._parts + len(self._failures)

    @property
    def pending_bytes(self) -> int:
        """The size of the hash values that the next flush writes."""
        return self._bytes

    def add(self, result: HashedFile) -> None:
        """Buffer what one file gave; it replaces what is buffered under the same keys."""
        if result.media is not None:
            self._media[result.media.uri] = result.media
            self._failures.pop((result.media.uri, ALL_FORMATS), None)
        for value in result.hashes:
            self._add_hash(result, value)
        for failure in result.failures:
            self._failures[failure.uri, failure.format] = failure

    def add_hash(self, sha256: str, value: Hash) -> None:
        """Buffer one hash of the media item with this SHA-256."""
        replaced = self._hashes.get((sha256, value.format), _NO_HASH)
        self._hashes[sha256, value.format] = value
        self._parts += len(value.parts) - len(replaced.parts)
        self._bytes += _size(value) - _size(replaced)

    def flush(self) -> None:
        """Commit the buffered rows as one batch; does nothing when there are none."""
        if not self.pending_rows:
            return
        number = self._number
        tables = {Table.MEDIA: (media_table(list(self._media.values()), number),)}
        if self._hashes:
            hashes = ((sha256, value) for (sha256, _), value in self._hashes.items())
            tables[Table.HASHES] = (hashes_table(hashes, number),)
        if self._failures:
            tables[Table.FAILURES] = (failures_table(list(self._failures.values()), number),)
        with disk_errors(self.path):
            write_batch(self.path, number, tables)
        self._number = number + 1
        self._clear()

    def close(self) -> None:
        """Flush, and let others write."""
        try:
            self.flush()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close; after an exception other than KeyboardInterrupt without flushing."""
        if kind is not None and not issubclass(kind, KeyboardInterrupt):
            self._clear()
        self.close()

    def _add_hash(self, result: HashedFile, value: Hash) -> None:
        media = result.media
        if media is None:
            raise ValueError("a file whose bytes could not be read has no hashes")
        if value.parts:
            self.add_hash(media.sha256, value)
        else:
            failure = _valueless(media, value.format)
            self._failures[failure.uri, failure.format] = failure

    def _clear(self) -> None:
        self._media: dict[str, Media] = {}
        self._hashes: dict[tuple[str, str], Hash] = {}
        self._failures: dict[tuple[str, str], Failure] = {}
        self._parts = self._bytes = 0


_NO_HASH = Hash("", ())


def _size(value: Hash) -> int:
    return sum(len(part.value) for part in value.parts)


def _updated_manifest(root: Path, update: Callable[[Manifest], Manifest]) -> Manifest:
    old = Manifest.load(root) if (root / MANIFEST_FILE).exists() else None
    new = update(old or Manifest.new())
    if new != old:
        new.save(root)
    return new


def _valueless(media: Media, format_id: str) -> Failure:
    return Failure(
        uri=media.uri,
        format=format_id,
        code=FailureCode.CRASHED,
        message="the format gave a hash without any value",
        size=media.size,
        mtime_ns=media.mtime_ns,
        sha256=media.sha256,
    )


def _refuse_foreign(root: Path) -> None:
    """Refuse a folder that holds something, but neither a manifest nor the start of one."""
    if root.exists() and not root.is_dir():
        raise CrosswalkSchemaError(f"{root} is a file: a cross-walk is a folder")
    if not root.is_dir() or (root / MANIFEST_FILE).exists():
        return
    if any(entry.name != LOCK_FILE and not is_temporary(entry.name) for entry in root.iterdir()):
        raise CrosswalkSchemaError(
            f"{root} is not a cross-walk and not empty: give a new or an empty folder"
        )
