"""What a medium in VICS JSON says, as canonical records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from hashwalk.errors import HashParseError
from hashwalk.hashlists.instants import in_utc
from hashwalk.hashlists.json_fields import identifier_of, objects_of, text_of
from hashwalk.hashlists.json_items import Item
from hashwalk.hashlists.record import MediaType, Record, Reject
from hashwalk.hashlists.values import check_value
from hashwalk.results import Label

SOURCE = "vics"
SCHEME = "projectvic"
"""The scheme of categories, whose meaning depends on the region."""

_ALGORITHMS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "PhotoDNA": "photodna"}
HASH_FIELDS = frozenset(_ALGORITHMS) | {"AlternativeHashes"}
"""The fields of a medium that hold hashes."""

_NAMES = {
    "md5": "md5",
    "sha1": "sha1",
    "sha-1": "sha1",
    "sha256": "sha256",
    "sha-256": "sha256",
    "photodna": "photodna",
    "pdq": "pdq",
}
"""The names of alternative hashes that leave no doubt, in lower case."""
_KINDS = {"image": MediaType.PICTURE, "video": MediaType.VIDEO}


class Model(NamedTuple):
    """A data model: its version and, in 2.0, the region whose categories it has."""

    version: str
    region: str


def read_media(item: Item, model: Model) -> Iterator[Record | Reject]:
    """Yield a record for each hash of a medium; a hash that is none is a Reject of its own."""
    try:
        media = item.checked
        shared = _shared(media, model, item.around[1:])
        hashes = list(_hashes(media))
    except ValueError as error:
        yield Reject(item.where, str(error), item.text)
        return
    if not hashes:
        yield Reject(item.where, "there is no hash", item.text)
    for name, algorithm, value in dict.fromkeys(hashes):
        try:
            check_value(algorithm, value)
        except HashParseError as error:
            yield Reject(f"{item.where}.{name[:80]}", str(error), item.text)
        else:
            yield Record(**shared, algorithm=algorithm, value=value)


def _shared(
    media: dict[str, Any], model: Model, cases: tuple[dict[str, Any], ...]
) -> dict[str, Any]:
    """Return what all records of a medium have."""
    entry_id, md5 = identifier_of(media, "MediaID"), text_of(media, "MD5")
    of_case = {
        name: case[name] for case in cases for name in ("CaseID", "CaseNumber") if name in case
    }
    return {
        "media_uid": f"md5:{md5.strip().lower()}" if md5 else None,
        "media_type": _media_type(media),
        "source": SOURCE,
        "entry_id": entry_id,
        "labels": _labels(media, model),
        "updated": in_utc(text_of(media, "DateUpdated")),
        "raw": {**media, "@case": of_case} if of_case else media,
    }


def _hashes(media: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield field, algorithm and value of each hash of a medium."""
    for name, algorithm in _ALGORITHMS.items():
        value = (text_of(media, name) or "").strip()
        if value:
            yield name, algorithm, value
    for other in objects_of(media, "AlternativeHashes"):
        kind, value = text_of(other, "HashName"), (text_of(other, "HashValue") or "").strip()
        if kind and value:
            yield "AlternativeHashes", _NAMES.get(kind.strip().lower(), kind), value
        elif kind or value:
            raise ValueError("an alternative hash has no name or no value")


def _labels(media: Mapping[str, Any], model: Model) -> tuple[Label, ...]:
    """Return the category, also 0, which some regions call uncategorised."""
    code = identifier_of(media, "Category")
    return () if code is None else (Label(SCHEME, model.version, model.region, code),)


def _media_type(media: Mapping[str, Any]) -> MediaType | None:
    mime = text_of(media, "MimeType")
    return None if mime is None else _KINDS.get(mime.partition("/")[0].lower(), MediaType.OTHER)
