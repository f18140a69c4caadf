"""Writes a document of NCMEC's XML: images first, then videos, each with its newest timestamp."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import IO, BinaryIO

from lxml import etree

from hashwalk.hashlists.entries import entries_of
from hashwalk.hashlists.instants import instant_of
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.ncmec_entries import NAMESPACE, SOURCE
from hashwalk.hashlists.record import Feedback, MediaType, Record, Status
from hashwalk.hashlists.values import rendered
from hashwalk.hashlists.xml_elements import Element
from hashwalk.results import ALL_FORMATS

_INLINE = {"md5": "md5", "sha1": "sha1", "photodna": "pdna", "pdq": "pdq"}
"""The elements of the fingerprints whose text in the document is known."""
FINGERPRINTS = {
    **_INLINE,
    "netclean": "netclean",
    "videntifier": "videntifier",
    "tmk-pdqf": "tmk-pdqf",
    "ssvh-pdna": "ssvh-pdna",
    "ssvh-safer-hash": "ssvh-safer-hash",
    ALL_FORMATS: "",
}
"""What an entry can be said to have, or to have lost, by format id."""

FEEDBACK_TYPES = {
    "md5": "MD5",
    "sha1": "SHA1",
    "photodna": "PDNA",
    "pdq": "PDQ",
    "netclean": "NETCLEAN",
    "videntifier": "VIDENTIFIER",
    "tmk-pdqf": "TMK_PDQF",
    "ssvh-pdna": "SSVH_PDNA",
    "ssvh-safer-hash": "SSVH_SAFER_HASH",
}
"""What feedback is said to be about, by format id."""

_OPINIONS = ("affirmative", "negative")
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that no XML document can have."""
_NAMES = {MediaType.PICTURE: "Image", MediaType.VIDEO: "Video"}
_BEFORE_ALL = "1970-01-01T00:00:00Z"
"""The newest timestamp of entries that have none: readers demand one, and ask from there on."""
_BEGIN = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<queryResult xmlns="' + NAMESPACE.strip("{}").encode() + b'">\n'
)
_MOST_IN_MEMORY = 8 << 20


def write_document(file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
    """Write the records of each entry that follow each other as one entry.

    Memory is bounded: what does not fit waits in a nameless temporary file, as the document
    begins with counts and has all images before any video.
    """
    with ExitStack() as stack:
        sections = {
            kind: _Section(name, stack.enter_context(SpooledTemporaryFile(_MOST_IN_MEMORY)))
            for kind, name in _NAMES.items()
        }
        for entry in entries_of(_sayable(records, loss)):
            _write_entry(entry, sections, loss)
        file.write(_BEGIN)
        for section in sections.values():
            section.copy_to(file)
        file.write(b"</queryResult>\n")


class _Section:
    """The entries of one media type, as they are collected."""

    def __init__(self, name: str, entries: IO[bytes]) -> None:
        self.name = name
        self._entries = entries
        self._count = 0
        self._newest = ""

    def add(self, entry: bytes, timestamp: str) -> None:
        self._count += 1
        self._newest = max(self._newest, timestamp)
        self._entries.write(entry + b"\n")

    def copy_to(self, file: BinaryIO) -> None:
        element, newest = f"{self.name.lower()}s", self._newest or _BEFORE_ALL
        told = f' maxTimestamp="{newest}"' if self._count else ""
        file.write(f'<{element} count="{self._count}"{told}>\n'.encode())
        self._entries.seek(0)
        shutil.copyfileobj(self._entries, file)
        file.write(f"</{element}>\n".encode())


def _sayable(records: Iterable[Record], loss: Loss) -> Iterator[Record]:
    """Yield the records that an entry can be written of; the others are left out."""
    for record in records:
        reason = _refusal(record)
        if reason:
            loss.leave_out(record, reason)
        else:
            yield record


def _refusal(record: Record) -> str:
    if not record.entry_id or not _is_number(record.member_id):
        return "no entry id, or no member's number: ncmec knows entries by both"
    if not all(map(_can_be_said, (record.entry_id, record.value))):
        return "a text that XML cannot hold"
    return _refusal_of_live(record) if record.status is Status.ACTIVE else ""


def _refusal_of_live(record: Record) -> str:
    if record.media_type not in _NAMES:
        return "neither picture nor video: ncmec lists only these, apart from each other"
    if record.algorithm not in _INLINE:
        return f"algorithm {record.algorithm}: ncmec takes it by reference or in no known form"
    if not record.value:
        return "an active hash without a value"
    return ""


def _can_be_said(text: str | None) -> bool:
    return text is None or not _IMPOSSIBLE.search(text)


def _is_number(text: str | None) -> bool:
    return text is not None and text.isascii() and text.isdigit()


def _write_entry(records: list[Record], sections: dict[MediaType, _Section], loss: Loss) -> None:
    """Write the hashes that are live as the entry as it now is, or its tombstone without any.

    A hash that is both, active and not, is not live. The tombstone of what is not said to be a
    picture or a video is written as that of either.
    """
    first = records[0]
    ended = [each for each in records if each.status is not Status.ACTIVE]
    dead = {(each.algorithm, rendered(each)) for each in ended}
    live = [each for each in records if not dead or (each.algorithm, rendered(each)) not in dead]
    for record in records:
        loss.fields.update(_lost(record, is_live=bool(live)))
    timestamp = _timestamp(first.updated)
    for kind in [first.media_type] if first.media_type in sections else sections:
        section = sections[kind]
        name = section.name.lower() if live else f"deleted{section.name}"
        section.add(_serialised(_entry(name, first, timestamp), live), timestamp)


def _lost(record: Record, *, is_live: bool) -> Iterator[str]:
    """Yield the name of each field, or of each part of one, that is not in what is written."""
    if record.status is not Status.ACTIVE:
        yield from _lost_of_deletion(record, is_live=is_live)
    if record.source not in (None, SOURCE):
        yield "source"
    if record.media_uid not in (None, f"{SOURCE}:{record.member_id}:{record.entry_id}"):
        yield "media_uid"
    if record.media_type is MediaType.OTHER:
        yield "media_type"
    if len(record.labels) > len(_classifications(record)):
        yield "labels"
    if len(record.feedback) > len(_opinions(record)):
        yield "feedback"
    if record.updated and not _timestamp(record.updated):
        yield "updated"


def _lost_of_deletion(record: Record, *, is_live: bool) -> Iterator[str]:
    if is_live:
        yield "status: a hash that is not live is missing in its entry, which is"
    elif record.status is Status.WITHDRAWN:
        yield "status: withdrawn is written as deleted"
    if record.value is not None:
        yield "value: of a hash that is not live"


def _entry(name: str, record: Record, timestamp: str) -> Element:
    entry = etree.Element(name)
    _add(entry, "member", {"id": record.member_id}, _member_name(record))
    if timestamp:
        _add(entry, "timestamp", text=timestamp)
    _add(entry, "id", text=record.entry_id)
    for classification in _classifications(record):
        _add(entry, "classification", text=classification)
    return entry


def _member_name(record: Record) -> str:
    """Return the name that the source record has for the member, else the number again."""
    member = (record.raw or {}).get("member") if record.source == SOURCE else None
    name = member.get("#text") if isinstance(member, dict) else None
    return name if name and _can_be_said(name) else str(record.member_id)


def _serialised(entry: Element, live: list[Record]) -> bytes:
    """Return an entry with the hashes that are live, and what is said of them."""
    if live:
        fingerprints = _add(entry, "fingerprints")
        for record in live:
            _add(fingerprints, _INLINE[record.algorithm], text=record.value)
        opinions = dict.fromkeys(each for record in live for each in _opinions(record))
        if opinions:
            feedback = _add(entry, "feedback")
            for opinion in opinions:
                _add_opinion(feedback, opinion)
    written: bytes = etree.tostring(entry, encoding="utf-8")
    return written


def _add_opinion(feedback: Element, said: Feedback) -> None:
    """Add what one member says; each reason stands before the members who give it."""
    kind = str(FEEDBACK_TYPES[said.algorithm or ""])
    parent = _add(feedback, f"{said.value}Feedback", {"type": kind})
    if said.reasons:
        parent = _add(parent, "reasons")
    for reason in said.reasons or (None,):
        if reason is not None:
            _add(parent, "reason", {"name": reason})
        _add(_add(parent, "members"), "member", {"id": said.source}, said.source)


def _classifications(record: Record) -> list[str]:
    """Return the labels that are NCMEC's: those of other schemes are no classifications."""
    labels = [label for label in record.labels if label.scheme == SOURCE]
    return [label.code for label in labels if _can_be_said(label.code)]


def _opinions(record: Record) -> list[Feedback]:
    return [said for said in record.feedback if _is_opinion(said)]


def _is_opinion(said: Feedback) -> bool:
    return (
        said.value in _OPINIONS
        and said.algorithm in FEEDBACK_TYPES
        and _is_number(said.source)
        and all(map(_can_be_said, said.reasons))
    )


@lru_cache(1024)
def _timestamp(updated: str | None) -> str:
    instant = instant_of(updated)
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else ""


def _add(
    parent: Element,
    name: str,
    attributes: Mapping[str, str | None] = MappingProxyType({}),
    text: str | None = None,
) -> Element:
    child = etree.SubElement(parent, name, dict(attributes))
    child.text = text
    return child
