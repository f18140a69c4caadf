"""Rows of the three tables as the library's own types, there and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any

import pyarrow as pa

from hashwalk.crosswalk.schema import LABEL, SCHEMAS, Table
from hashwalk.errors import CrosswalkSchemaError, FailureCode
from hashwalk.format import Hash
from hashwalk.results import Failure, Label, Media

Row = tuple[Any, ...]
HashOf = tuple[str, Hash]
"""The SHA-256 of a media item and one hash of it."""


def _columns(table: Table) -> tuple[str, ...]:
    return tuple(name for name in SCHEMAS[table].names if name != "batch")


MEDIA_COLUMNS = _columns(Table.MEDIA)
_HASH_COLUMNS = _columns(Table.HASHES)
FAILURE_COLUMNS = _columns(Table.FAILURES)
_DAMAGED_ROW = "a row has {}: `hashwalk crosswalk verify` says in which part"
_LABEL_FIELDS = tuple(field.name for field in LABEL)


def media_table(rows: Sequence[Media], batch: int) -> pa.Table:
    """Return media as a table of the public schema."""
    columns: dict[str, list[Any]] = {
        name: list(map(attrgetter(name), rows)) for name in MEDIA_COLUMNS
    }
    columns["labels"] = [[_label_row(label) for label in media.labels] for media in rows]
    return _table(Table.MEDIA, columns, batch, len(rows))


def hashes_table(rows: Iterable[HashOf], batch: int) -> pa.Table:
    """Return hashes as a table of the public schema, one row a part, in the order of the parts."""
    flat = [
        (sha256, value.format, number, part.value, part.quality, part.time_s, part.index)
        for sha256, value in rows
        for number, part in enumerate(value.parts)
    ]
    columns = {name: list(map(itemgetter(i), flat)) for i, name in enumerate(_HASH_COLUMNS)}
    return _table(Table.HASHES, columns, batch, len(flat))


def failures_table(rows: Sequence[Failure], batch: int) -> pa.Table:
    """Return failures as a table of the public schema."""
    columns = {name: list(map(attrgetter(name), rows)) for name in FAILURE_COLUMNS}
    columns["code"] = [row.code.value for row in rows]
    columns["message"] = [storable(row.message) for row in rows]
    return _table(Table.FAILURES, columns, batch, len(rows))


def media_of(row: Row) -> Media:
    """Return the media of a row in MEDIA_COLUMNS; raises CrosswalkSchemaError for damage."""
    known = dict(zip(MEDIA_COLUMNS, row, strict=True))
    if None in known["labels"]:
        raise CrosswalkSchemaError(_DAMAGED_ROW.format("a label that is null"))
    known["labels"] = tuple(Label(**label) for label in known["labels"])
    return Media(**known)


def failure_of(row: Row) -> Failure:
    """Return the failure of a row in FAILURE_COLUMNS; raises CrosswalkSchemaError for damage."""
    known = dict(zip(FAILURE_COLUMNS, row, strict=True))
    if known["code"] not in list(FailureCode):
        raise CrosswalkSchemaError(_DAMAGED_ROW.format("an unknown failure code"))
    known["code"] = FailureCode(known["code"])
    return Failure(**known)


def _label_row(label: Label) -> dict[str, str]:
    return {name: getattr(label, name) for name in _LABEL_FIELDS}


def storable(text: str) -> str:
    """Escape what UTF-8 cannot hold: file names that are not UTF-8 turn up in messages."""
    return text.encode("utf-8", "backslashreplace").decode()


def _table(table: Table, columns: Mapping[str, list[Any]], batch: int, count: int) -> pa.Table:
    schema = SCHEMAS[table]
    whole = {**columns, "batch": [batch] * count}
    return pa.table([pa.array(whole[f.name], f.type) for f in schema], schema=schema)
