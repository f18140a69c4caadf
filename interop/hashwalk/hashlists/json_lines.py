"""The canonical list as JSON lines: a record a line, nothing lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from hashwalk.errors import HashListError
from hashwalk.hashlists.bounded_lines import Line, bounded_lines
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
from hashwalk.hashlists.record import Record, Reject, record_or_reject

_OWN_START = '{"media_uid":'
"""How a line begins that this module wrote; one may be longer than a head."""


class JsonLines(ContainerReader, ContainerWriter):
    """One canonical record a line, as a JSON object."""

    name = "jsonl"
    summary = "hashwalk's own list, a JSON object a line; loses nothing"
    carries = ALL_FIELDS
    statuses = ALL_STATUSES
    needs_value = False

    def recognises(self, head: Head) -> bool:
        """Tell by the first line: an object with the field `algorithm`, and a value or status."""
        line = head.first_line
        try:
            named = json_object(line).keys()
        except ValueError:
            return line.startswith(_OWN_START)
        return "algorithm" in named and bool(named & {"value", "status"})

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the record of each line; raises HashListError if no line at all is JSON."""
        good = 0
        for line in bounded_lines(file):
            found = _read_line(line)
            good += isinstance(found, Record)
            yield found
        if not good and file.tell():
            raise HashListError(f"{told.name} is not a list of JSON lines: no line is a record")

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write a line a record, with all its fields."""
        file.writelines(line_of(record) + b"\n" for record in records)


def _read_line(line: Line) -> Record | Reject:
    return record_or_reject(line.where, line.text, lambda: record_of(json_object(line.checked)))


def line_of(record: Record) -> bytes:
    """Return a record as a line of JSON, without its end."""
    return json_of(record)
