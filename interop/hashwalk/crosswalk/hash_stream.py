"""Hashes in order, out of core: large values wait in a file while their rows are sorted.

The sort sees 2,048 rows at a time however large they are, so that a few thousand values of some
hundred kilobytes would not fit. Each large value is therefore written to a file first, and a
reference takes its place in the rows that are sorted.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from tempfile import NamedTemporaryFile, TemporaryFile, gettempdir
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hashwalk.crosswalk.rows import HashOf, Row
from hashwalk.crosswalk.schema import SCHEMAS, Table
from hashwalk.crosswalk.session import Session
from hashwalk.errors import CrosswalkError
from hashwalk.format import Hash, Part

LARGE = 4096
"""Values of more bytes than this are not sorted themselves."""

_ROWS_AT_ONCE = 64
_REFERENCE = struct.Struct("<QQ")
_NEWEST_FIRST = "ORDER BY sha256, format, batch DESC, part"
_CURRENT = "SEMI JOIN cw0.current USING (sha256)"

ValueOf = Callable[[bytes], bytes]


def stream_hashes(  # noqa: PLR0913 - each narrows what is read
    session: Session,
    table: str = "cw0.hashes_rows",
    *,
    where: str = "true",
    parameters: Sequence[Any] = (),
    current_only: bool = False,
    short: bool = False,
) -> Iterator[HashOf]:
    """Yield the newest hash of each key in an SQL table of hashes, by SHA-256 and format.

    It is all parts of the largest batch that has any. `where` is a condition on the rows;
    with `current_only`, hashes of bytes that no file of the first cross-walk has are left out;
    `short` says that no value is LARGE, which saves a look at all of them.
    One hash and a bounded number of rows are in memory, however large values are. Raises
    CrosswalkSchemaError for a damaged part, CrosswalkError when TMPDIR is full.
    """
    joined = _CURRENT if current_only else ""
    is_large = f"octet_length(value) > {LARGE}"
    small = f"FROM {table} SELECT *, false AS large WHERE {where}"
    small += "" if short else f" AND NOT {is_large}"
    any_large = f"FROM {table} SELECT 1 WHERE {where} AND {is_large} LIMIT 1"
    if short or not session.fetch(any_large, parameters):
        query = f"FROM ({small}) {joined} {_NEWEST_FIRST}"
        yield from _newest(session.stream(query, parameters), _no_value)
        return
    with (
        TemporaryFile(dir=session.folder) as values,
        NamedTemporaryFile(dir=session.folder, suffix=".parquet") as references,
    ):
        found = _large_values(session, table, where, parameters)
        _set_aside(found, values, references.name)
        large = f"FROM read_parquet('{references.name}') SELECT *, true AS large"
        query = f"FROM ({small} UNION ALL {large}) {joined} {_NEWEST_FIRST}"
        yield from _newest(session.stream(query, parameters), lambda ref: _value(values, ref))


def _large_values(
    session: Session, table: str, where: str, parameters: Sequence[Any]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of large values as they come: joins and filters would gather too many."""
    query = f"""
        FROM {table} SELECT * REPLACE (
            CASE WHEN octet_length(value) > {LARGE} THEN value END AS value
        ) WHERE {where}
    """
    for batch in session.batches(query, parameters, _ROWS_AT_ONCE):
        yield batch.filter(pc.is_valid(batch.column("value")))


def _set_aside(batches: Iterable[pa.RecordBatch], values: IO[bytes], references: str) -> None:
    """Write the values one behind the other, and their rows with references in their place."""
    schema = SCHEMAS[Table.HASHES]
    place = schema.get_field_index("value")
    with _room_is_there(), pq.ParquetWriter(references, schema) as writer:
        for batch in batches:
            rows = batch.set_column(place, schema.field(place), _written(batch, values))
            writer.write_table(pa.Table.from_batches([rows]).cast(schema))


def _written(batch: pa.RecordBatch, values: IO[bytes]) -> pa.Array:
    references = []
    for value in batch.column("value").to_pylist():
        references.append(_REFERENCE.pack(values.tell(), len(value)))
        values.write(value)
    return pa.array(references, pa.binary())


def _value(values: IO[bytes], reference: bytes) -> bytes:
    offset, size = _REFERENCE.unpack(reference)
    values.seek(offset)
    return values.read(size)


def _no_value(reference: bytes) -> bytes:
    raise CrosswalkError("the cross-walk has changed while it was read: try again")


def _newest(rows: Iterable[Row], value_of: ValueOf) -> Iterator[HashOf]:
    for (sha256, format_id), group in groupby(rows, key=itemgetter(0, 1)):
        _, newest = next(groupby(group, key=itemgetter(-2)))
        parts = tuple(
            Part(value_of(value) if large else value, quality, at, frame)
            for *_, value, quality, at, frame, _, large in newest
        )
        yield sha256, Hash(format_id, parts)


@contextmanager
def _room_is_there() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CrosswalkError(
            f"cannot write to {gettempdir()} ({error.strerror or type(error).__name__}), where "
            "large values are kept while they are sorted: set TMPDIR to a larger disk"
        ) from error
