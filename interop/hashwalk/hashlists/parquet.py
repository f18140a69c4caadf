"""The canonical list as a Parquet file: a record a row, nothing lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from hashwalk.crosswalk.pieces import PIECE_BYTES, pieces
from hashwalk.errors import HashListError
from hashwalk.hashlists.canonical import json_of, record_of
from hashwalk.hashlists.container import (
    ALL_FIELDS,
    ALL_STATUSES,
    ContainerReader,
    ContainerWriter,
    Head,
    Told,
)
from hashwalk.hashlists.json_values import json_object
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import FIELDS, Record, Reject, record_or_reject
from hashwalk.hashlists.unnamed import with_algorithm

_LABEL = pa.struct([(name, pa.string()) for name in ("scheme", "version", "region", "code")])
_FEEDBACK = pa.struct(
    [
        ("source", pa.string()),
        ("value", pa.string()),
        ("reasons", pa.list_(pa.string())),
        ("algorithm", pa.string()),
    ]
)
_TRANSLATION = pa.struct(
    [
        ("method", pa.string()),
        ("source_algorithm", pa.string()),
        ("distance", pa.float64()),
        ("media_sha256", pa.string()),
        ("others", pa.int64()),
        ("ambiguous", pa.bool_()),
        ("probability", pa.float64()),
    ]
)
_TYPES = {
    "quality": pa.int64(),
    "frame_time_s": pa.float64(),
    "labels": pa.list_(_LABEL),
    "feedback": pa.list_(_FEEDBACK),
    "translation": _TRANSLATION,
}
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in FIELDS])
"""The columns; `raw` is the source record as JSON."""

_NESTED = ("labels", "feedback", "translation")
_MOST_ROWS_AT_ONCE = 8_192
_MAGIC = b"PAR1"
_held = attrgetter(*FIELDS)

Row = tuple[int, dict[str, Any]]


class Parquet(ContainerReader, ContainerWriter):
    """One canonical record a row; any columns but `value` may be missing."""

    name = "parquet"
    summary = "hashwalk's own list as a Parquet file, for DuckDB and others; loses nothing"
    carries = ALL_FIELDS
    statuses = ALL_STATUSES
    needs_value = False

    def recognises(self, head: Head) -> bool:
        """Tell by the first bytes, which every Parquet file has."""
        return head.data.startswith(_MAGIC)

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the record of each row.

        Columns that a record does not have are kept in `raw`. Where no column is `algorithm`,
        it is told or settled by the values.
        """
        algorithm = told.algorithm
        table = _opened(file, told.name)
        rows = _rows(table, told.name)
        if "algorithm" not in table.schema_arrow.names:
            algorithm, rows = with_algorithm(rows, lambda row: row[1]["value"] or "", told)
        for number, fields in rows:
            yield _read_row(number, fields, algorithm)

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write row groups of at most PIECE_BYTES."""
        with pq.ParquetWriter(file, SCHEMA, compression="zstd") as writer:
            for piece in pieces(map(_row_of, records), _size):
                columns = map(pa.array, zip(*piece, strict=True), SCHEMA.types)
                writer.write_table(pa.Table.from_arrays(list(columns), schema=SCHEMA))


def _row_of(record: Record) -> tuple[Any, ...]:
    fields = dict(zip(FIELDS, _held(record), strict=True))
    if record.raw is not None:
        fields["raw"] = json_of(record.raw).decode()
    for name in _NESTED:
        if fields[name]:
            fields[name] = msgspec.to_builtins(fields[name])
    return tuple(fields.values())


def _size(row: tuple[Any, ...]) -> int:
    return sum(len(held) for held in row if type(held) is str)


def _opened(file: BinaryIO, name: str) -> pq.ParquetFile:
    with _refused(f"{name} is not a Parquet file, or is cut or damaged"):
        table = pq.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
        names = table.schema_arrow.names
    if "value" not in names or len(set(names)) < len(names):
        raise HashListError(f"{name} is not a Parquet list: it needs one column value")
    return table


def _rows(table: pq.ParquetFile, name: str) -> Iterator[Row]:
    """Yield the number and the fields of each row, read in batches of bounded size."""
    number = 0
    for group in range(table.metadata.num_row_groups):
        for batch in _batches(table, group, name):
            columns = {column: _values(batch, column, name) for column in batch.schema.names}
            for held in zip(*columns.values(), strict=True):
                number += 1
                yield number, dict(zip(columns, held, strict=True))


def _batches(table: pq.ParquetFile, group: int, name: str) -> Iterator[pa.RecordBatch]:
    facts = table.metadata.row_group(group)
    row_bytes = facts.total_byte_size // max(facts.num_rows, 1) + 1
    at_once = max(1, min(_MOST_ROWS_AT_ONCE, PIECE_BYTES // row_bytes))
    batches = table.iter_batches(batch_size=at_once, row_groups=[group])
    while True:
        with _refused(f"{name} is damaged in row group {group}"):
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


def _values(batch: pa.RecordBatch, column: str, name: str) -> list[Any]:
    """Return the values of a column in JSON's types; raises HashListError for a wrong type."""
    found = batch.column(column)
    with _refused(f"{name}: the column {column} is damaged, or not of its type"):
        if column not in SCHEMA.names:
            return [msgspec.to_builtins(value) for value in found.to_pylist()]
        return list(found.cast(SCHEMA.field(column).type).to_pylist())


@contextmanager
def _refused(reason: str) -> Iterator[None]:
    """Raise a HashListError for what Arrow cannot read."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as error:
        raise HashListError(reason) from error


def _read_row(number: int, fields: dict[str, Any], algorithm: str | None) -> Record | Reject:
    return record_or_reject(
        f"row {number}",
        json_of({name: held for name, held in fields.items() if held is not None}).decode(),
        lambda: _record(fields, algorithm),
    )


def _record(fields: dict[str, Any], algorithm: str | None) -> Record:
    if fields.get("raw") is not None:
        fields["raw"] = json_object(fields["raw"])
    if fields.get("algorithm") is None:
        fields["algorithm"] = algorithm
    return record_of(fields)
