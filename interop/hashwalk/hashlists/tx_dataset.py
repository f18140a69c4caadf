"""The CSV that ``tx dataset -P --csv`` prints: a signal a row, with collaboration and opinion."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from hashwalk.errors import HashListError
from hashwalk.hashlists.container import ContainerReader, Head, Told
from hashwalk.hashlists.csv_rows import Row, csv_rows
from hashwalk.hashlists.record import Feedback, Record, Reject, record_or_reject
from hashwalk.hashlists.signal_names import signal_meaning
from hashwalk.hashlists.values import check_value
from hashwalk.results import Label

SOURCE = "threatexchange"
_COLUMNS = ["signal_type", "signal_str", "collab", "category", "tags"]


class TxDataset(ContainerReader):
    """The signals of all collaborations; the category is the opinion on one, not its status."""

    name = "tx-dataset"
    summary = "CSV of `tx dataset -P --csv`: signal_type,signal_str,collab,category,tags"

    def recognises(self, head: Head) -> bool:
        """Tell by the header."""
        return head.first_line.replace('"', "").split(",") == _COLUMNS

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the record of each row; raises HashListError without the header."""
        rows = csv_rows(file)
        header = next(rows, None)
        if header is None or header.cells != _COLUMNS:
            raise HashListError(f"{told.name} does not begin with {','.join(_COLUMNS)}")
        for row in rows:
            yield record_or_reject(row.where, row.text, partial(_record, row))


def _record(row: Row) -> Record:
    if len(row.checked) != len(_COLUMNS):
        raise ValueError(f"{len(row.cells)} cells instead of {len(_COLUMNS)}")
    name, value, collaboration, category, tags = row.cells
    if not name:
        raise ValueError("signal_type is missing")
    algorithm, media_type = signal_meaning(name)
    check_value(algorithm, value)
    reasons = tuple(tags.split())
    return Record(
        algorithm=algorithm,
        media_type=media_type,
        value=value,
        source=SOURCE,
        labels=tuple(Label(SOURCE, "", "", tag) for tag in reasons),
        feedback=(Feedback(collaboration, category, reasons),),
        raw=dict(zip(_COLUMNS, row.cells, strict=True)),
    )
