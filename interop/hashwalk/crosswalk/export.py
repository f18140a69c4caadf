"""Writes the wide table as CSV, JSON lines or Parquet, streamed, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from hashwalk.crosswalk.pieces import pieces
from hashwalk.crosswalk.schema import SCHEMAS, Table
from hashwalk.crosswalk.session import Session
from hashwalk.crosswalk.target import check_target
from hashwalk.crosswalk.wide import WideRow, wide_rows
from hashwalk.csv_cells import escaped
from hashwalk.durable import written_whole
from hashwalk.errors import CrosswalkError, UsageError

Record = dict[str, Any]

_MEDIA_COLUMNS = tuple(
    name
    for name in SCHEMAS[Table.MEDIA].names
    if name not in {"uri", "sha256", "mtime_ns", "labels", "batch"}
)
FIXED_COLUMNS = ("uris", "sha256", *_MEDIA_COLUMNS, "labels")
"""The columns of the wide table before those of the formats."""

_SAME_AS_MEDIA = ("md5", "sha256")


def export_wide(session: Session, formats: Sequence[str], out: Path, kind: str) -> int:
    """Write the first cross-walk of a session to the file `out`, and return the rows written.

    The formats ``md5`` and ``sha256`` have no second column: the media table has the same text.
    """
    if kind not in _WRITERS:
        raise UsageError(f"cannot export as {kind!r}: choose one of {', '.join(_WRITERS)}")
    check_target(out)
    wanted = [format_id for format_id in formats if format_id not in _SAME_AS_MEDIA]
    columns = (*FIXED_COLUMNS, *map(_column_of, wanted))
    records = (dict(zip(columns, _values(row), strict=True)) for row in wide_rows(session, wanted))
    try:
        with written_whole(out) as file:
            return _WRITERS[kind](file, columns, records)
    except OSError as error:
        raise CrosswalkError(
            f"cannot write {out}: {error.strerror or type(error).__name__}"
        ) from error


def _column_of(format_id: str) -> str:
    return f"format:{format_id}" if format_id in FIXED_COLUMNS else format_id


def _values(row: WideRow) -> Iterator[Any]:
    yield row.uris
    yield row.media.sha256
    yield from (getattr(row.media, name) for name in _MEDIA_COLUMNS)
    yield [asdict(label) for label in row.labels]
    yield from row.texts


def _write_csv(file: BinaryIO, columns: Sequence[str], records: Iterable[Record]) -> int:
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(map(_cell, columns))
    rows = 0
    for record in records:
        writer.writerow(map(_cell, record.values()))
        rows += 1
    text.detach()
    return rows


def _cell(value: object) -> str:
    """Return the text of a CSV cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        value = "|".join(value)
    elif isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False) if value else ""
    elif not isinstance(value, str):
        return str(value)
    return escaped(value)


def _write_jsonl(file: BinaryIO, columns: Sequence[str], records: Iterable[Record]) -> int:
    rows = 0
    for record in records:
        file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        rows += 1
    return rows


def _write_parquet(file: BinaryIO, columns: Sequence[str], records: Iterable[Record]) -> int:
    schema = _wide_schema(columns)
    rows = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for piece in pieces(records, _text_size):
            writer.write_table(pa.Table.from_pylist(piece, schema=schema))
            rows += len(piece)
    return rows


def _text_size(record: Record) -> int:
    return sum(len(value) for value in record.values() if isinstance(value, str))


def _wide_schema(columns: Sequence[str]) -> pa.Schema:
    media = SCHEMAS[Table.MEDIA]
    uris = pa.field("uris", pa.list_(pa.string()), nullable=False)
    fixed = [media.field(name) for name in FIXED_COLUMNS[1:]]
    return pa.schema(
        [uris, *fixed, *(pa.field(name, pa.string()) for name in columns[len(FIXED_COLUMNS) :])]
    )


_WRITERS: dict[str, Callable[[BinaryIO, Sequence[str], Iterable[Record]], int]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
}
KINDS = tuple(_WRITERS)
