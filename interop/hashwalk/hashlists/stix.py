"""STIX 2.1 bundles: a grouping for each entry, which may be revoked, and its files."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, BinaryIO
from uuid import UUID, uuid5

import msgspec

from hashwalk.errors import HashListError
from hashwalk.hashlists.canonical import record_of
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
from hashwalk.hashlists.json_fields import objects_of, texts_of, truth_of
from hashwalk.hashlists.json_items import Item, json_items
from hashwalk.hashlists.label_tags import label_of, tag_of
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Record, Reject, Status, record_or_reject

SOURCE = "stix"
EXTENSION = "extension-definition--84145366-ce11-4f19-a8f7-1b634c2aa9ea"
"""The property extension that says what STIX has no words for."""

_OWN_IDS = UUID("9be3c2f7-f933-40af-93ca-47a7c018f41b")
_FILE_IDS = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""The namespace of the specification for ids of observables."""
_IDENTITY = f"identity--{uuid5(_OWN_IDS, 'hashwalk')}"
_LONG_AGO = "1970-01-01T00:00:00.000Z"
"""Stands for a time of creation that is not known, which must not change between bundles."""
_NO_NAME = "not known"
"""The name of a file without a standard hash, since a file needs one of the two."""
_KEYS = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha512": "SHA-512",
    "sha3-256": "SHA3-256",
    "sha3-512": "SHA3-512",
    "ssdeep": "SSDEEP",
    "tlsh": "TLSH",
}
_ALGORITHMS: Mapping[str, str] = {key: algorithm for algorithm, key in _KEYS.items()}
_IDENTIFYING = ("MD5", "SHA-1", "SHA-256", "SHA-512")
_IS_BUNDLE = re.compile(r'"type"\s*:\s*"bundle"')
_sorted_json = msgspec.json.Encoder(order="sorted").encode


class Stix(ContainerReader, ContainerWriter):
    """A STIX 2.1 bundle as :meth:`write` makes it; other bundles cannot be read."""

    name = SOURCE
    summary = "a STIX 2.1 bundle of groupings and files; of those read, only hashwalk's own"
    carries = ALL_FIELDS - {"raw"}
    statuses = ALL_STATUSES
    needs_value = False

    def recognises(self, head: Head) -> bool:
        """Tell by the type of the document."""
        return head.text.startswith("{") and _IS_BUNDLE.search(head.text) is not None

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the records of each file, whose grouping stands before it.

        A file of which no grouping says whether it is revoked is rejected. Raises HashListError
        for a bundle that is none of hashwalk's.
        """
        bundle = _Bundle()
        yield from bundle.records(json_items(file, told.name, "$.objects[*]"))
        if not bundle.is_own:
            raise HashListError(
                f"{told.name} is a STIX bundle that hashwalk did not write: it has no {EXTENSION}"
            )

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write a grouping an entry, and its files behind it."""
        seen = hashlib.sha256()
        file.write(b'{"type":"bundle","objects":[')
        file.writelines(json_elements(_objects(records, seen)))
        file.write(f'\n],"id":"bundle--{uuid5(_OWN_IDS, seen.hexdigest())}"}}\n'.encode())


def _objects(records: Iterable[Record], seen: hashlib._Hash) -> Iterator[dict[str, Any]]:
    now = _stix_time(datetime.now(UTC))
    yield from _preamble()
    for entry in file_entries(records):
        files = [_file(hashes) for hashes in entry.files]
        grouping = _grouping(entry, [each["id"] for each in files], now)
        seen.update(grouping["id"].encode())
        yield grouping
        yield from files


def _preamble() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return who defines the extension, and its definition."""
    common = {"spec_version": "2.1", "created": _LONG_AGO, "modified": _LONG_AGO}
    identity = {
        "type": "identity",
        **common,
        "id": _IDENTITY,
        "name": "hashwalk",
        "identity_class": "system",
    }
    definition = {
        "type": "extension-definition",
        **common,
        "id": EXTENSION,
        "created_by_ref": _IDENTITY,
        "name": "hash list",
        "schema": "perceptual_hashes of a file: objects with algorithm and value, and what is "
        "known of each hash; one without value tells of the standard hash of that algorithm. "
        "hash_list_entry of a grouping: the source, the member and the entry of the hashes.",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
        "extension_properties": ["perceptual_hashes", "hash_list_entry"],
    }
    return identity, definition


def _grouping(entry: FileEntry, files: list[str], now: str) -> dict[str, Any]:
    created = _stix_time(instant_of(entry.first.created)) or _LONG_AGO
    modified = _stix_time(instant_of(entry.first.updated)) or now
    labels = [tag_of(label, SOURCE) for label in entry.first.labels]
    return {
        "type": "grouping",
        "spec_version": "2.1",
        "id": f"grouping--{uuid5(_OWN_IDS, entry.name)}",
        "created_by_ref": _IDENTITY,
        "created": created,
        "modified": max(created, modified),
        "revoked": not entry.is_live,
        "context": "unspecified",
        **({"labels": labels} if labels else {}),
        "object_refs": files,
        "extensions": _extension("hash_list_entry", entry.fields),
    }


def _file(hashes: FileHashes) -> dict[str, Any]:
    standard = {_KEYS[name]: text for name, (text, _) in hashes.standard.items()}
    perceptual = [{"algorithm": r.algorithm} | details_of(r, None) for r in hashes.others]
    for name, (text, record) in hashes.standard.items():
        details = details_of(record, text)
        perceptual += [{"algorithm": name} | details] if details else []
    described: dict[str, Any] = {"hashes": standard} if standard else {"name": _NO_NAME}
    if perceptual:
        described["extensions"] = _extension("perceptual_hashes", perceptual)
    return {"type": "file", "spec_version": "2.1", "id": _file_id(described), **described}


def _file_id(described: Mapping[str, Any]) -> str:
    """Return the id that the specification makes of hashes, name and extensions."""
    contributing = dict(described)
    if hashes := contributing.get("hashes"):
        key = next((key for key in _IDENTIFYING if key in hashes), next(iter(hashes)))
        contributing["hashes"] = {key: hashes[key]}
    return f"file--{uuid5(_FILE_IDS, _sorted_json(contributing).decode())}"


def _extension(name: str, content: object) -> dict[str, Any]:
    return {EXTENSION: {"extension_type": "property-extension", name: content}}


def _stix_time(instant: datetime | None) -> str:
    """Return an instant as STIX writes it, nothing for None."""
    if instant is None:
        return ""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Bundle:
    """Reads groupings and the files behind each; keeps one grouping at a time."""

    def __init__(self) -> None:
        self.is_own = False
        self._grouping: Item | None = None
        self._awaited = Counter[str]()
        self._entry: dict[str, Any] = {}

    def records(self, items: Iterable[Item]) -> Iterator[Record | Reject]:
        for item in items:
            kind = item.value.get("type") if isinstance(item.value, dict) else None
            if kind == "grouping":
                yield from self._missing()
                yield from self._begin(item)
            elif kind == "file":
                yield from self._file(item)
            elif kind is None:
                yield _reject(item, item.problem or "not a STIX object")
            elif item.value.get("id") == EXTENSION:
                self.is_own = True
        yield from self._missing()

    def _begin(self, item: Item) -> Iterator[Reject]:
        """Take a grouping of our own; others say nothing of hashes."""
        own = _own(item.value, "hash_list_entry", dict)
        if own is None:
            return
        self._grouping = item
        try:
            refs = texts_of(item.value, "object_refs")
            self._awaited = Counter(ref for ref in refs if ref.startswith("file--"))
            self._entry = _entry_of(item.value, own)
        except ValueError as error:
            self._awaited.clear()
            yield _reject(item, str(error))

    def _file(self, item: Item) -> Iterator[Record | Reject]:
        file_id = str(item.value.get("id"))
        if not self._awaited[file_id] or self._grouping is None:
            yield _reject(item, "no grouping before it says whether it is revoked")
            return
        self._awaited[file_id] -= 1
        raw = {"grouping": self._grouping.value, "file": item.value}
        try:
            found = _hashes_of(item.value)
        except ValueError as error:
            yield _reject(item, str(error))
            return
        for fields in found:
            known = self._entry | fields | {"raw": raw}
            yield record_or_reject(item.where, item.text, partial(record_of, known))

    def _missing(self) -> Iterator[Reject]:
        """Yield the reject of a grouping whose files have not all come."""
        if self._awaited.total() and self._grouping:
            yield _reject(self._grouping, "not all of its files are behind it")
        self._awaited.clear()


def _entry_of(grouping: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a grouping says of its hashes; a revoked one is never live."""
    fields = entry_fields(own)
    if truth_of(grouping, "revoked") and fields.get("status", "active") == "active":
        fields["status"] = Status.WITHDRAWN.value
    labels = [label_of(text, SOURCE) for text in texts_of(grouping, "labels")]
    return fields | {"labels": msgspec.to_builtins(labels)}


def _hashes_of(file: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of each hash of a file; raises ValueError for the wrong types."""
    listed = {"perceptual_hashes": _own(file, "perceptual_hashes", list)}
    perceptual = [hash_fields(each) for each in objects_of(listed, "perceptual_hashes")]
    standard = file.get("hashes") or {}
    if not isinstance(standard, dict):
        raise ValueError("hashes is not an object")  # noqa: TRY004
    texts: dict[str, Any] = {_ALGORITHMS.get(key, key): text for key, text in standard.items()}
    details = {str(each.get("algorithm")): each for each in perceptual}
    named = [
        {"algorithm": algorithm, "value": text} | details.get(algorithm, {})
        for algorithm, text in texts.items()
    ]
    return named + [each for each in perceptual if str(each.get("algorithm")) not in texts]


def _own(found: Mapping[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401
    """Return a property of our extension, None where it is not there or of another type."""
    for step in ("extensions", EXTENSION):
        inner = found.get(step)
        found = inner if isinstance(inner, dict) else {}
    content = found.get(name)
    return content if isinstance(content, kind) else None


def _reject(item: Item, reason: str) -> Reject:
    return Reject(item.where, reason, item.text)
