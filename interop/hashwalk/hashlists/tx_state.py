"""What python-threatexchange keeps of ThreatExchange: ``simple.<TYPE>.te``, CSV without header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import PurePath
from typing import BinaryIO

from hashwalk.errors import HashListError
from hashwalk.hashlists.container import ContainerReader, Head, Told
from hashwalk.hashlists.csv_rows import Row, csv_rows
from hashwalk.hashlists.instants import in_utc
from hashwalk.hashlists.record import MediaType, Record, Reject, record_or_reject
from hashwalk.hashlists.signal_names import OF_VIDEOS, Meaning, indicator_meaning
from hashwalk.hashlists.values import check_value
from hashwalk.results import Label

SOURCE = "threatexchange"
_NAME = re.compile(r"simple\.([^.]+)\.te")
_COLUMNS = ("indicator", "first_descriptor_id", "added_on", "labels")
_COLUMNS_OF_HMA = ("indicator", "indicator_id", *_COLUMNS[1:])


class TxState(ContainerReader):
    """All rows are of the indicator type in the file's name; deleted ones are not kept there."""

    name = "tx-state"
    summary = "simple.<TYPE>.te, CSV without header: indicator, descriptor, added on, labels"

    def recognises(self, head: Head) -> bool:
        """Tell by the name, which alone says the type."""
        return _NAME.fullmatch(head.name) is not None

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the record of each row; raises HashListError where nothing says the type."""
        found = _NAME.fullmatch(PurePath(told.name).name)
        if found is None and told.algorithm is None:
            raise HashListError(
                f"{told.name} does not say its type as simple.HASH_PDQ.te does: "
                "rename it, or say which with --algorithm"
            )
        named: Meaning = indicator_meaning(found[1]) if found else ("", None)
        meaning = (told.algorithm, None) if told.algorithm else named
        for row in csv_rows(file):
            yield record_or_reject(row.where, row.text, partial(_record, row, meaning))


def _record(row: Row, meaning: Meaning) -> Record:
    columns = _COLUMNS_OF_HMA if len(row.checked) == len(_COLUMNS_OF_HMA) else _COLUMNS
    if len(row.cells) != len(columns):
        raise ValueError(f"{len(row.cells)} cells instead of {len(columns)}")
    fields = dict(zip(columns, row.cells, strict=True))
    algorithm, media_type = meaning
    labels = fields["labels"].split()
    check_value(algorithm, fields["indicator"])
    return Record(
        algorithm=algorithm,
        media_type=MediaType.VIDEO if OF_VIDEOS in labels else media_type,
        value=fields["indicator"],
        source=SOURCE,
        entry_id=fields.get("indicator_id") or None,
        labels=tuple(Label(SOURCE, "", "", tag) for tag in labels if tag != OF_VIDEOS),
        created=in_utc(fields["added_on"]),
        raw=fields,
    )
