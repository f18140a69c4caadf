"""Checks each Parquet part by itself: there, readable to its last page, of the schema, complete."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hashwalk.crosswalk.parts import Batches, part_path
from hashwalk.crosswalk.schema import SCHEMAS, Table, rows_note


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
        with pq.ParquetFile(path, page_checksum_verification=True) as part:
            if not part.schema_arrow.equals(SCHEMAS[table]):
                return _schema_difference(part.schema_arrow, SCHEMAS[table])
            rows = 0
            for batch in part.iter_batches():
                rows += batch.num_rows
                if problem := _row_problem(batch, SCHEMAS[table], number):
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


def _row_problem(batch: pa.RecordBatch, schema: pa.Schema, number: int) -> str:
    for field in schema:
        if not field.nullable and batch.column(field.name).null_count:
            return f"has rows without {field.name}"
    if not pc.all(pc.equal(batch.column("batch"), number)).as_py() and batch.num_rows:
        return "has rows of another batch"
    return ""
