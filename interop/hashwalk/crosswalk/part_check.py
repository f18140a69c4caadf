"""Checks each Parquet part by itself: there, readable to its last page, of the schema, complete."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hashwalk.crosswalk.parts import Batches, part_path
from hashwalk.crosswalk.schema import BATCH_NOTE, SCHEMAS, Table, rows_note

_VALUES_AT_ONCE = 64
_BUFFER_BYTES = 1 << 20
_UNREADABLE = (OSError, ValueError, pa.ArrowException)
"""What damaged parts raise: column names that are not UTF-8 are a ValueError."""


def part_problems(batches: Batches) -> Iterator[tuple[Path, str]]:
    """Yield each part that is missing or damaged, with what is wrong with it."""
    if batches.committed:
        expected = range(batches.committed[0], batches.committed[-1])
        for number in sorted(set(expected) - set(batches.committed)):
            path = part_path(batches.root, Table.MEDIA, number)
            yield path, "is missing, and its batch with it"
    for number in batches.committed:
        yield from _batch_problems(batches, number)


def _batch_problems(batches: Batches, number: int) -> Iterator[tuple[Path, str]]:
    mark = part_path(batches.root, Table.MEDIA, number)
    notes = _notes(mark)
    for table in Table:
        promised = notes.get(rows_note(table), b"")
        if promised.strip(b"0123456789"):
            yield mark, f"says something else than a number of rows of {table}"
            continue
        path = part_path(batches.root, table, number)
        rows = int(promised[:18]) if promised else None
        problem = _problem(path, table, number, notes, rows) if path.exists() else _absence(rows)
        if problem:
            yield path, problem


def _notes(part: Path) -> dict[bytes, bytes]:
    """Read the notes of a part; none of one that cannot be read, which is told of elsewhere."""
    try:
        return pq.read_metadata(part).metadata or {}
    except _UNREADABLE:
        return {}


def _absence(rows: int | None) -> str:
    return f"is missing: its batch has {rows} rows of it" if rows else ""


def _problem(
    path: Path, table: Table, number: int, notes: dict[bytes, bytes], promised: int | None
) -> str:
    try:
        with pq.ParquetFile(
            path, page_checksum_verification=True, buffer_size=_BUFFER_BYTES
        ) as part:
            if not part.schema_arrow.equals(SCHEMAS[table]):
                return _schema_difference(part.schema_arrow, SCHEMAS[table])
            if _notes(path).get(BATCH_NOTE) != notes.get(BATCH_NOTE):
                return "belongs to another batch, or to another cross-walk"
            rows = 0
            for batch in _read(part):
                rows += batch.num_rows if "batch" in batch.schema.names else 0
                if problem := _row_problem(batch, number):
                    return problem
    except _UNREADABLE as error:
        return f"cannot be read ({type(error).__name__}): restore it from a copy"
    if promised is not None and rows != promised:
        return f"has {rows} rows, its batch was committed with {promised}"
    return ""


def _schema_difference(found: pa.Schema, wanted: pa.Schema) -> str:
    foreign = [name for name in found.names if name not in wanted.names]
    if foreign:
        return f"has columns that are not in the schema: {', '.join(foreign)}"
    missing = [name for name in wanted.names if name not in found.names]
    if missing:
        return f"has no column {', '.join(missing)}"
    other = [f.name for f in wanted if not found.field(f.name).equals(f)]
    return f"has columns of another type or order: {', '.join(other or found.names)}"


def _read(part: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    """Yield all columns, but values, which may be large, by themselves and a few at a time."""
    names = part.schema_arrow.names
    yield from part.iter_batches(columns=[name for name in names if name != "value"])
    if "value" in names:
        yield from part.iter_batches(_VALUES_AT_ONCE, columns=["value"])


def _row_problem(batch: pa.RecordBatch, number: int) -> str:
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if not field.nullable and column.null_count:
            return f"has rows without {field.name}"
        if field.name == "batch" and pc.any(pc.not_equal(column, number)).as_py():
            return "has rows of another batch"
    return ""
