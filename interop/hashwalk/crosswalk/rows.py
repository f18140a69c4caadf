"""Rows of the three tables as the library's own types, there and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

import pyarrow as pa

from hashwalk.crosswalk.schema import LABEL, SCHEMAS, Table
from hashwalk.errors import FailureCode
from hashwalk.format import Hash, Part
from hashwalk.results import Failure, Label, Media

Row = Mapping[str, Any]
HashOf = tuple[str, Hash]
"""The SHA-256 of a media item and one hash of it."""

_LABEL_FIELDS = tuple(field.name for field in LABEL)
_MEDIA_FIELDS = tuple(f.name for f in fields(Media) if f.name != "labels")
_FAILURE_FIELDS = tuple(f.name for f in fields(Failure) if f.name not in {"code", "message"})


def media_table(rows: Sequence[Media], batch: int) -> pa.Table:
    """Return media as a table of the public schema."""
    columns: dict[str, list[Any]] = {
        name: list(map(attrgetter(name), rows)) for name in _MEDIA_FIELDS
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
    names = ("sha256", "format", "part", "value", "quality", "time_s", "frame_index")
    columns = {name: list(map(itemgetter(i), flat)) for i, name in enumerate(names)}
    return _table(Table.HASHES, columns, batch, len(flat))


def failures_table(rows: Sequence[Failure], batch: int) -> pa.Table:
    """Return failures as a table of the public schema."""
    columns = {name: list(map(attrgetter(name), rows)) for name in _FAILURE_FIELDS}
    columns["code"] = [row.code.value for row in rows]
    columns["message"] = [_storable(row.message) for row in rows]
    return _table(Table.FAILURES, columns, batch, len(rows))


def media_of(row: Row) -> Media:
    """Return the media that a row stands for."""
    labels = tuple(Label(**label) for label in row["labels"])
    return Media(**{name: row[name] for name in _MEDIA_FIELDS}, labels=labels)


def failure_of(row: Row) -> Failure:
    """Return the failure that a row stands for."""
    known = {name: row[name] for name in _FAILURE_FIELDS}
    return Failure(**known, code=FailureCode(row["code"]), message=row["message"])


def hashes_of(rows: Iterable[Row]) -> Iterator[HashOf]:
    """Return the hashes that rows stand for, which come in the order of sha256, format, part."""
    for (sha256, format_id), group in groupby(rows, key=itemgetter("sha256", "format")):
        yield sha256, Hash(format_id, tuple(map(_part_of, group)))


def _part_of(row: Row) -> Part:
    return Part(row["value"], row["quality"], row["time_s"], row["frame_index"])


def _label_row(label: Label) -> dict[str, str]:
    return {name: getattr(label, name) for name in _LABEL_FIELDS}


def _storable(text: str) -> str:
    """Escape what UTF-8 cannot hold: file names that are not UTF-8 turn up in messages."""
    return text.encode("utf-8", "backslashreplace").decode()


def _table(table: Table, columns: Mapping[str, list[Any]], batch: int, count: int) -> pa.Table:
    schema = SCHEMAS[table]
    whole = {**columns, "batch": [batch] * count}
    return pa.table([pa.array(whole[f.name], f.type) for f in schema], schema=schema)
