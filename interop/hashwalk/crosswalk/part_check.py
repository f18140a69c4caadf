"""Checks each Parquet part by itself: there, readable to its last page, of the schema, complete."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hashwalk.crosswalk.parts import Batches, part_path
from hashwalk.crosswalk.schema import SCHEMAS, Table, rows_note

_VALUES_AT_ONCE = 64
_BUFFER_BYTES = 1 << 20


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
    expected = _promised_rows(mark)
    for table in Table:
        path = part_path(batches.root, table, number)
        if path.exists():
            problem = _problem(path, table, number, expected.get(table))
        else:
            problem = (
                f"is missing: its batch has {rows} rows of it"
                if (rows := expected.get(table))
                else ""
            )
        if problem:
            yield path, problem


def _promised_rows(mark: Path) -> dict[Table, int]:
    """Read from the commit mark how many rows the batch has in the other tables."""
    try:
        notes = pq.read_metadata(mark).metadata or {}
    except (OSError, pa.ArrowException):
        return {}
    keys = {table: rows_note(table) for table in Table}
    return {table: int(notes[key]) for table, key in keys.items() if key in notes}


def _problem(path: Path, table: Table, number: int, promised: int | None) -> str:
    try:
        with pq.ParquetFile(
            path, page_checksum_verification=True, buffer_size=_BUFFER_BYTES
        ) as part:
            if not part.schema_arrow.equals(SCHEMAS[table]):
                return _schema_difference(part.schema_arrow, SCHEMAS[table])
            rows = 0
            for batch in _read(part):
                rows += batch.num_rows if "batch" in batch.schema.names else 0
                if problem := _row_problem(batch, number):
                    return problem
    except (OSError, pa.ArrowException) as error:
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
