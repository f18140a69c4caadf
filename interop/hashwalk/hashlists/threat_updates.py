"""ThreatExchange's threat updates, in JSON: an indicator a record, with its descriptors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, ClassVar

from hashwalk.hashlists.container import (
    ALL_STATUSES,
    ContainerReader,
    ContainerWriter,
    Head,
    Told,
)
from hashwalk.hashlists.json_elements import json_elements
from hashwalk.hashlists.json_items import json_items
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Record, Reject
from hashwalk.hashlists.threat_update import read_update, written_updates


class ThreatUpdates(ContainerReader, ContainerWriter):
    """What should be deleted, or has no descriptors any more, is a tombstone."""

    name = "threatexchange"
    summary = "ThreatExchange threat updates, JSON: data of indicators with their descriptors"
    carries = frozenset(
        {
            "media_type",
            "algorithm",
            "value",
            "source",
            "entry_id",
            "status",
            "labels",
            "feedback",
            "created",
            "updated",
            "raw",
        }
    )
    statuses: ClassVar = ALL_STATUSES
    needs_value = False

    def recognises(self, head: Head) -> bool:
        """Tell by the fields indicator and should_delete or descriptors."""
        text = head.text
        has_fields = '"should_delete"' in text or '"descriptors"' in text
        return text[:1] in ("{", "[") and '"indicator"' in text and has_fields

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the record of each indicator; raises HashListError for what has no data."""
        for item in json_items(file, told.name, "$.data[*]", "$[*]"):
            yield item.read_as(read_update)

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write one page with all records."""
        file.write(b'{"data":[')
        file.writelines(json_elements(written_updates(records, loss)))
        file.write(b"\n]}\n")
