"""An index as a file: a Parquet table of keys and values, which any tool can read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hashwalk.durable import written_whole
from hashwalk.errors import IndexFileError
from hashwalk.format import Format, FormatSpec, Hash, Part
from hashwalk.registry import get_format

_FORMAT = b"hashwalk.format"
_VERSION = b"hashwalk.format.version"
_ROWS_AT_ONCE = 10_000
_SCHEMA = pa.schema(
    [
        pa.field("number", pa.int64(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("value", pa.binary(), nullable=False),
        pa.field("quality", pa.int32()),
        pa.field("time_s", pa.float64()),
    ]
)
"""One row a value; the values of one hash have its number and are in order."""


def write_index(
    path: str | os.PathLike[str], spec: FormatSpec, items: Iterable[tuple[str, Hash]]
) -> None:
    """Write hashes under their keys; raises IndexFileError when the system refuses."""
    notes = {_FORMAT: spec.id.encode(), _VERSION: str(spec.version).encode()}
    rows = (
        (number, key, part.value, part.quality, part.time_s)
        for number, (key, value) in enumerate(items)
        for part in value.parts
    )
    schema = _SCHEMA.with_metadata(notes)
    try:
        with written_whole(Path(path)) as file, pq.ParquetWriter(file, schema) as writer:
            while some := list(islice(rows, _ROWS_AT_ONCE)):
                columns = [list(column) for column in zip(*some, strict=True)]
                writer.write_table(pa.table(columns, schema=schema))
    except OSError as error:
        raise IndexFileError(f"cannot write the index {path}: {error.strerror}") from error


def read_index(path: str | os.PathLike[str]) -> tuple[Format, Iterator[tuple[str, Hash]]]:
    """Return the format and the hashes of an index file, streamed.

    Raises IndexFileError when it is none, or was made with another version of the format.
    """
    with _read_errors(path):
        file = pq.ParquetFile(path)
    notes = file.schema_arrow.metadata or {}
    if not file.schema_arrow.equals(_SCHEMA) or not {_FORMAT, _VERSION} <= notes.keys():
        raise IndexFileError(f"{path} is no index: it has other columns")
    found = get_format(notes[_FORMAT].decode())
    if notes[_VERSION] != str(found.spec.version).encode():
        raise IndexFileError(
            f"{path} was made with another version of {found.spec.id}: build the index again"
        )
    return found, _items(path, file, found.spec.id)


def _items(
    path: str | os.PathLike[str], file: pq.ParquetFile, format_id: str
) -> Iterator[tuple[str, Hash]]:
    with _read_errors(path), file:
        for (_, key), group in groupby(_rows(file), key=itemgetter(0, 1)):
            parts = (Part(value, quality, time_s) for *_, value, quality, time_s in group)
            yield key, Hash(format_id, tuple(parts))


def _rows(file: pq.ParquetFile) -> Iterator[tuple[Any, ...]]:
    for batch in file.iter_batches(_ROWS_AT_ONCE):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


@contextmanager
def _read_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or "it is damaged, or no Parquet file"
        raise IndexFileError(f"cannot read the index {path}: {reason}") from error
