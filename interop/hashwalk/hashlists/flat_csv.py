"""The canonical list as a flat CSV table: a record a row, what is nested in columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, BinaryIO

from hashwalk.csv_cells import escaped_row, unescaped
from hashwalk.errors import HashListError
from hashwalk.hashlists.canonical import record_of_held
from hashwalk.hashlists.container import (
    ALL_FIELDS,
    ALL_STATUSES,
    ContainerReader,
    ContainerWriter,
    Head,
    Told,
)
from hashwalk.hashlists.csv_rows import Row, csv_rows
from hashwalk.hashlists.flat_cells import (
    NESTED_COLUMNS,
    lost_in_cells,
    nest,
    nested_cells,
    number,
    whole_number,
)
from hashwalk.hashlists.json_values import json_object
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import FIELDS, Record, Reject, record_or_reject
from hashwalk.hashlists.unnamed import with_algorithm

_NESTED = frozenset({"labels", "feedback", "translation", "raw"})
_FLAT = tuple(name for name in FIELDS if name not in _NESTED)
COLUMNS = (*_FLAT, *NESTED_COLUMNS)
_DELIMITERS = ",;\t"
_MOST_HEADER_BYTES = 65_536
_flat_of = attrgetter(*_FLAT)
_CONVERTED: dict[str, Callable[[str, str], Any]] = {
    "quality": whole_number,
    "frame_time_s": number,
    "raw": lambda text, _: json_object(text),
}


class FlatCsv(ContainerReader, ContainerWriter):
    """One canonical record a row; any columns but `value` may be missing."""

    name = "csv"
    summary = "hashwalk's own list as a table, for spreadsheets; without the source records"
    carries = ALL_FIELDS - {"raw"}
    statuses = ALL_STATUSES
    needs_value = False

    def recognises(self, head: Head) -> bool:
        """Tell by the first line: names of columns, of which one is `value`."""
        return bool(_delimiter_of(head.first_line))

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the record of each row.

        Columns that a record does not have are kept in `raw`. Where no column is `algorithm`,
        it is told or settled by the values.
        """
        names, rows = _table(file, told)
        algorithm = told.algorithm
        if "algorithm" not in names:
            value = names.index("value")
            algorithm, rows = with_algorithm(rows, lambda row: _cell(row, value), told)
        for row in rows:
            yield _read_row(row, names, algorithm)

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write a header and a row a record; no cell is a formula."""
        text = io.TextIOWrapper(file, "utf-8", newline="")
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows(_row_of(record, loss) for record in records)
        text.detach()


def _delimiter_of(line: str) -> str:
    """Return what separates the names of columns in a first line, nothing if it has none."""
    for delimiter in _DELIMITERS:
        if "value" in _names(line.rstrip("\r\n").split(delimiter)):
            return delimiter
    return ""


def _names(cells: Sequence[str]) -> list[str]:
    return [unescaped(cell.strip().strip('"')).lower() for cell in cells]


def _table(file: BinaryIO, told: Told) -> tuple[list[str], Iterator[Row]]:
    """Return the names of the columns and the rows below."""
    first = file.readline(_MOST_HEADER_BYTES)
    header = first.decode("utf-8-sig", "replace").strip()
    delimiter = _delimiter_of(header)
    if not delimiter:
        raise HashListError(f"{told.name} is not a CSV list: its first line names no column value")
    file.seek(0)
    rows = csv_rows(file, delimiter)
    names = _names(next(rows).cells)
    if len(set(names)) < len(names):
        raise HashListError(f"{told.name} names a column twice in its first line")
    return names, rows


def _cell(row: Row, position: int) -> str:
    return unescaped(row.cells[position]) if position < len(row.cells) else ""


def _read_row(row: Row, names: list[str], algorithm: str | None) -> Record | Reject:
    return record_or_reject(row.where, row.text, lambda: _record(row, names, algorithm))


def _record(row: Row, names: list[str], algorithm: str | None) -> Record:
    cells = row.checked
    if len(cells) != len(names):
        raise ValueError(f"{len(cells)} cells where {len(names)} columns are named")
    if "'" in row.text:
        cells = list(map(unescaped, cells))
    fields: dict[str, Any] = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
    for name, converted in _CONVERTED.items():
        if name in fields:
            fields[name] = converted(fields[name], name)
    nest(fields)
    if algorithm is not None:
        fields.setdefault("algorithm", algorithm)
    return record_of_held(fields)


def _row_of(record: Record, loss: Loss) -> list[object]:
    flat = _flat_of(record)
    translated = record.translation
    if "" in flat or (translated is not None and translated.media_sha256 == ""):
        loss.fields["an empty text where none was"] += 1
    if record.labels or record.feedback:
        for lost in lost_in_cells(record.labels, record.feedback):
            loss.fields[lost] += 1
    return [*escaped_row(flat), *nested_cells(record)]
