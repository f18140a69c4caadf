"""Canonical records as media of a hash set in VICS 2.0."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from hashwalk.hashlists.entries import entries_of
from hashwalk.hashlists.json_fields import truth_of
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Record
from hashwalk.hashlists.source_record import source_record
from hashwalk.hashlists.values import rendered
from hashwalk.hashlists.vics_media import HASH_FIELDS, SCHEME, SOURCE
from hashwalk.results import Label

WRITTEN_AS = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/Default/$metadata#Media"
"""The context of what is written; it says which regions' categories are meant."""

_REGIONS = ("Default", "")
"""The regions whose categories may stand in such a hash set; 1.x had none."""
_OWN_MODEL = ("2.0", "Default")
_FIRST_OWN_ID = 1_000_000_000
_FIELDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "md5": ("MD5", str.upper),
    "sha1": ("SHA1", str.upper),
    "photodna": ("PhotoDNA", str),
}
_NAMES = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA256", "photodna": "PhotoDNA", "pdq": "PDQ"}
_TRUTHS = (
    "VictimIdentified",
    "OffenderIdentified",
    "IsDistributed",
    "IsSuspected",
    "SelfGenerated",
    "IsPrecategorized",
)
_DESCRIPTION = (
    "MediaSize",
    "Series",
    "Tags",
    "Comments",
    "PrecategorizationSource",
    "MimeType",
)
_OF_MEDIUM = frozenset({*HASH_FIELDS, *_TRUTHS, *_DESCRIPTION, "MediaID", "Category"}) | {
    "DateUpdated"
}


def media_of(records: Iterable[Record], loss: Loss) -> Iterator[dict[str, Any]]:
    """Yield a medium for the records of each entry; it has a number of its own, if need be.

    What an earlier VICS list says of the medium itself is kept. What it says of copies that
    were found of it (names, places, Exif) is not: it belongs to a case, not to a hash set.
    """
    own_ids = count(_FIRST_OWN_ID)
    for entry in entries_of(records):
        sources = [source_record(record, SOURCE, loss) for record in entry]
        media_id = _media_id(entry[0])
        media: dict[str, Any] = {
            "MediaID": next(own_ids) if media_id is None else media_id,
            "Category": _category(entry[0]),
            **_hashes(entry),
            **_description(sources[0]),
        }
        if entry[0].updated is not None:
            media["DateUpdated"] = entry[0].updated
        for record in entry:
            loss.fields.update(_lost(record, media))
        yield media


def _lost(record: Record, media: Mapping[str, Any]) -> Iterator[str]:
    """Yield the name of each field, or of a part of one, that is not in `media`."""
    if record.media_uid and record.media_uid != f"md5:{str(media.get('MD5')).lower()}":
        yield "media_uid"
    if record.media_type and "MimeType" not in media:
        yield "media_type"
    if record.entry_id is not None and record.entry_id != str(media["MediaID"]):
        yield "entry_id"
    written = [label for label in record.labels if _is_category(label)][:1]
    if len(record.labels) > len(written):
        yield "labels"
    if any((label.version, label.region) != _OWN_MODEL for label in written):
        yield "labels: version and region of a category of 1.x"
    if record.source == SOURCE and any(map(_is_untold, record.raw or ())):
        yield "raw: what is told of copies, or is not in the data model"


def _is_untold(name: str) -> bool:
    """Tell the fields of a source record that a hash set has no place for; links are none."""
    return name not in _OF_MEDIUM and "odata." not in name


def _hashes(entry: list[Record]) -> dict[str, Any]:
    """Return the fields of hashes: the first of each kind in its own, the rest as alternatives."""
    found: dict[str, Any] = {}
    others = []
    for record in entry:
        value, (field, spelled) = rendered(record) or "", _FIELDS.get(record.algorithm, ("", str))
        if field and field not in found:
            found[field] = spelled(value)
        else:
            name = _NAMES.get(record.algorithm, record.algorithm)
            others.append({"HashName": name, "HashValue": value})
    return {**found, "AlternativeHashes": others} if others else found


def _description(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a VICS list says of a medium, its truths as JSON's own."""
    found = {name: source[name] for name in _DESCRIPTION if source.get(name) is not None}
    return found | {name: _truth(source, name) for name in _TRUTHS if source.get(name) is not None}


def _truth(source: Mapping[str, Any], name: str) -> object:
    try:
        return truth_of(source, name)
    except ValueError:
        return source[name]


def _media_id(record: Record) -> int | None:
    text = record.entry_id or ""
    return int(text) if len(text) < 10 and text.isascii() and text.isdigit() else None


def _category(record: Record) -> int | None:
    codes = [int(label.code) for label in record.labels if _is_category(label)]
    return codes[0] if codes else None


def _is_category(label: Label) -> bool:
    code = label.code
    is_number = len(code) < 10 and code.isascii() and code.isdigit()
    return label.scheme == SCHEME and label.region in _REGIONS and is_number
