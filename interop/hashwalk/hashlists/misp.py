"""MISP events: an object for each entry of a list, and its files and perceptual hashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, BinaryIO

import msgspec

from hashwalk.hashlists.canonical import json_of, record_of
from hashwalk.hashlists.container import (
    ALL_FIELDS,
    ALL_STATUSES,
    ContainerReader,
    ContainerWriter,
    Head,
    Told,
)
from hashwalk.hashlists.file_entries import (
    FileEntry,
    FileHashes,
    details_of,
    entry_fields,
    file_entries,
    hash_fields,
)
from hashwalk.hashlists.instants import instant_of
from hashwalk.hashlists.json_elements import json_elements
from hashwalk.hashlists.json_fields import objects_of, text_of, truth_of
from hashwalk.hashlists.json_items import Item, json_items
from hashwalk.hashlists.label_tags import label_of, tag_of
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.misp_objects import (
    ENTRY,
    FILE,
    PERCEPTUAL,
    Attribute,
    State,
    attributes_of,
    comment_fields,
    fields_of,
    id_of,
    misp_object,
)
from hashwalk.hashlists.record import Record, Reject, Status, record_or_reject

SOURCE = "misp"
_PLACES = ("$.Event.Object[*]", "$.Object[*]", "$.response[*].Event.Object[*]")
"""Where objects are: as a server exports an event, as PyMISP writes it, as a search gives it."""
_IS_EVENT = re.compile(r'\{\s*"(?:Event|response)"\s*:|"threat_level_id"\s*:')


class Misp(ContainerReader, ContainerWriter):
    """The objects of one MISP event; its other attributes are no hashes of files."""

    name = SOURCE
    summary = "a MISP event of files and perceptual hashes, with templates for what MISP lacks"
    carries = ALL_FIELDS - {"raw"}
    statuses = ALL_STATUSES
    needs_value = False

    def recognises(self, head: Head) -> bool:
        """Tell by the first key, or by one that every event has."""
        return head.text.startswith("{") and _IS_EVENT.search(head.text) is not None

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the records of each object; one that is deleted, or its entry, is never live."""
        entry = _Entry()
        for item in json_items(file, told.name, *_PLACES):
            try:
                found = item.checked
                if found.get("name") == ENTRY.name:
                    entry = _Entry.of(found)
                hashes = _hashes_of(found)
                known = entry.fields_for(found) if hashes else {}
            except ValueError as error:
                yield Reject(item.where, str(error), item.text)
                continue
            yield from _records(item, hashes, known)

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write the objects entry by entry, and behind them whose list the event is."""
        now = datetime.now(UTC)
        sources: dict[str, None] = {}
        file.write(b'{"Event":{"threat_level_id":"4","analysis":"2","distribution":"0","Object":[')
        file.writelines(json_elements(_objects(records, now, sources)))
        about = {
            "uuid": id_of(f"event {sorted(sources)}"),
            "info": " ".join(["Hash list", *(["of", ", ".join(sources)] if sources else [])]),
            "date": now.date().isoformat(),
            "timestamp": str(int(now.timestamp())),
        }
        file.write(b"\n]," + json_of(about)[1:] + b"}\n")


def _objects(
    records: Iterable[Record], now: datetime, sources: dict[str, None]
) -> Iterator[dict[str, Any]]:
    for entry in file_entries(records):
        if entry.first.source:
            sources[entry.first.source] = None
        objects = list(_hash_objects(entry, _state(entry, now)))
        yield misp_object(
            ENTRY,
            id_of(f"entry {entry.name}"),
            _state(entry, now),
            attributes_of(entry.fields),
            [("includes", each["uuid"]) for each in objects],
        )
        yield from objects


def _state(entry: FileEntry, now: datetime) -> State:
    updated = instant_of(entry.first.updated) or now
    tags = tuple(tag_of(label, SOURCE) for label in entry.first.labels)
    return State(entry.is_live, max(0, int(updated.timestamp())), tags)


def _hash_objects(entry: FileEntry, state: State) -> Iterator[dict[str, Any]]:
    """Yield the object of each file of an entry, and of each other hash of it."""
    for number, hashes in enumerate(entry.files):
        file_id = id_of(f"file {number} {entry.name}")
        if hashes.standard:
            yield misp_object(FILE, file_id, state, _standard(hashes))
        for place, record in enumerate(hashes.others):
            fields = hash_fields({"algorithm": record.algorithm} | details_of(record, None))
            yield misp_object(
                PERCEPTUAL,
                id_of(f"hash {number}.{place} {entry.name}"),
                state,
                attributes_of(fields, "value" if "value" in fields else "algorithm"),
                [("characterizes", file_id)] if hashes.standard else (),
            )


def _standard(hashes: FileHashes) -> Iterator[Attribute]:
    for name, (text, record) in hashes.standard.items():
        details = details_of(record, text)
        yield Attribute(name, text, json_of(details).decode() if details else "", is_hash=True)


class _Entry:
    """What an entry says of the objects that it includes."""

    def __init__(self) -> None:
        self._object: Mapping[str, Any] | None = None
        self._fields: dict[str, Any] = {}
        self._included: frozenset[str | None] = frozenset()

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> _Entry:
        entry = cls()
        entry._object = found
        entry._fields = entry_fields(fields_of(found, ENTRY))
        references = objects_of(found, "ObjectReference")
        entry._included = frozenset(text_of(each, "referenced_uuid") for each in references) - {
            None
        }
        if truth_of(found, "deleted"):
            _never_live(entry._fields)
        return entry

    def fields_for(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is known of an object; one without an entry is MISP's own."""
        if text_of(found, "uuid") in self._included:
            return self._fields | {"raw": {"entry": self._object, "object": found}}
        return {"source": SOURCE, "entry_id": text_of(found, "uuid"), "raw": {"object": found}}


def _never_live(fields: dict[str, Any]) -> None:
    if fields.get("status", Status.ACTIVE) == Status.ACTIVE:
        fields["status"] = Status.DELETED.value


@dataclass(frozen=True, slots=True, repr=False)
class _Found:
    """What an object says of one hash."""

    fields: dict[str, Any]
    is_deleted: bool

    @classmethod
    def of(cls, fields: Mapping[str, Any], *marked: Mapping[str, Any]) -> _Found:
        """Take its fields, and the parts of the object whose deletion and tags are the hash's."""
        tags = [text_of(tag, "name") or "" for part in marked for tag in objects_of(part, "Tag")]
        labels = [label_of(tag, SOURCE) for tag in dict.fromkeys(tags)]
        return cls(
            hash_fields(fields) | {"labels": msgspec.to_builtins(labels)},
            any(truth_of(part, "deleted") for part in marked),
        )


def _hashes_of(found: Mapping[str, Any]) -> list[_Found]:
    """Return the hashes of an object, none of one that is no file and no perceptual hash."""
    attributes = objects_of(found, "Attribute")
    if found.get("name") == PERCEPTUAL.name:
        return [_Found.of(fields_of(found, PERCEPTUAL), found, *attributes)]
    if found.get("name") != FILE.name:
        return []
    standard = [each for each in attributes if text_of(each, "object_relation") in FILE.types]
    return [_Found.of(_standard_fields(each), found, each) for each in standard]


def _standard_fields(attribute: Mapping[str, Any]) -> dict[str, Any]:
    known = {"value": text_of(attribute, "value")} | comment_fields(attribute)
    return known | {"algorithm": attribute["object_relation"]}


def _records(
    item: Item, hashes: Iterable[_Found], known: Mapping[str, Any]
) -> Iterator[Record | Reject]:
    for found in hashes:
        fields = {**known, **found.fields}
        if found.is_deleted:
            _never_live(fields)
        yield record_or_reject(item.where, item.text, partial(record_of, fields))
