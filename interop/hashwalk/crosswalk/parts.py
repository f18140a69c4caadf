"""Batches of Parquet parts: how they are written, committed, listed and cleaned up.

A batch is one part a table, all named by its number. The media part is renamed into place last
and always exists, even with no rows: it is the commit mark. Parts without it belong to a batch
that was killed before its commit; readers pass over them and the next writer removes them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hashwalk.crosswalk.schema import BATCH_NOTE, SCHEMAS, Table, rows_note
from hashwalk.durable import is_temporary, sync_folder, written_whole

_VALUES_A_PAGE = 16
_PART_NAME = re.compile(r"(\d{12})\.parquet")


@dataclass(frozen=True, slots=True)
class Batches:
    """The committed batches of a cross-walk and the files that belong to none of them.

    Parts in `damaged` are passed over.
    """

    root: Path
    committed: tuple[int, ...]
    orphans: tuple[Path, ...] = ()
    damaged: frozenset[Path] = frozenset()

    @classmethod
    def of(cls, root: Path) -> Batches:
        """List the folder of a cross-walk; media first, so that a concurrent commit is whole."""
        committed = tuple(sorted(_numbers(root / Table.MEDIA)))
        known = set(committed)
        orphans = [p for table in Table for p in _orphans(root / table, known)]
        orphans += [p for p in _entries(root) if is_temporary(p.name)]
        return cls(root, committed, tuple(orphans))

    @property
    def next_number(self) -> int:
        """The number of the batch to write next."""
        return self.committed[-1] + 1 if self.committed else 1

    def paths(self, table: Table) -> list[Path]:
        """Return the parts of a table that are committed, by number."""
        found = (part_path(self.root, table, number) for number in self.committed)
        return [path for path in found if path.exists() and path not in self.damaged]

    def remove_orphans(self) -> None:
        """Delete what killed writers left behind; only the holder of the writer's lock may."""
        for path in self.orphans:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in self.orphans}:
            sync_folder(folder)


def part_path(root: Path, table: Table, number: int) -> Path:
    """Return where the part of a table in a batch is."""
    return root / table / f"{number:012d}.parquet"


def write_batch(root: Path, number: int, tables: Mapping[Table, Iterable[pa.Table]]) -> None:
    """Write and commit one batch: the other tables first, the media part last.

    Each table comes as any number of pieces, of which one at a time is in memory; a table
    left out of `tables` has no part in the batch, except the media part, which then is empty.
    """
    shared = {BATCH_NOTE: secrets.token_hex(8).encode()}
    notes = shared | {rows_note(table): b"0" for table in Table if table is not Table.MEDIA}
    for table in (Table.HASHES, Table.FAILURES):
        if table in tables:
            schema = SCHEMAS[table].with_metadata(shared)
            rows = _write_part(part_path(root, table, number), schema, tables[table])
            notes[rows_note(table)] = str(rows).encode()
    schema = SCHEMAS[Table.MEDIA].with_metadata(notes)
    _write_part(part_path(root, Table.MEDIA, number), schema, tables.get(Table.MEDIA, ()))


def remove_batch(root: Path, number: int) -> None:
    """Delete a batch, its commit mark first."""
    for table in (Table.MEDIA, Table.HASHES, Table.FAILURES):
        part_path(root, table, number).unlink(missing_ok=True)
        sync_folder(root / table)


def _write_part(path: Path, schema: pa.Schema, pieces: Iterable[pa.Table]) -> int:
    """Write pages of a megabyte, or of few values: who reads has whole pages in memory."""
    rows = 0
    with (
        written_whole(path) as file,
        pq.ParquetWriter(
            file,
            schema,
            compression="zstd",
            version="2.6",
            write_page_checksum=True,
            use_dictionary=[name for name in schema.names if name != "value"],
            write_batch_size=_VALUES_A_PAGE,
        ) as writer,
    ):
        for piece in pieces:
            writer.write_table(piece)
            rows += piece.num_rows
    return rows


def _entries(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


def _numbers(folder: Path) -> Iterator[int]:
    matches = (_PART_NAME.fullmatch(path.name) for path in _entries(folder))
    return (int(match[1]) for match in matches if match)


def _orphans(folder: Path, committed: set[int]) -> Iterator[Path]:
    for path in _entries(folder):
        match = _PART_NAME.fullmatch(path.name)
        if is_temporary(path.name) or (match and int(match[1]) not in committed):
            yield path
