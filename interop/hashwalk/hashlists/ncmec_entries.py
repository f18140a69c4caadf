"""What an entry of NCMEC's XML says, as canonical records."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

from hashwalk.errors import HashParseError
from hashwalk.hashlists.instants import in_utc
from hashwalk.hashlists.record import (
    MOST_REJECT_CHARACTERS,
    Feedback,
    MediaType,
    Record,
    Reject,
    Status,
)
from hashwalk.hashlists.values import check_value
from hashwalk.hashlists.xml_elements import Element, local_name
from hashwalk.results import ALL_FORMATS, Label

NAMESPACE = "{https://hashsharing.ncmec.org/hashsharing/v2}"
SOURCE = "ncmec"
"""The exchange, and the scheme of its classifications."""

KINDS = {
    "image": (MediaType.PICTURE, Status.ACTIVE),
    "video": (MediaType.VIDEO, Status.ACTIVE),
    "deletedImage": (MediaType.PICTURE, Status.DELETED),
    "deletedVideo": (MediaType.VIDEO, Status.DELETED),
}
"""What the name of an entry says of it."""

_ALGORITHMS = {
    "md5": "md5",
    "sha1": "sha1",
    "pdna": "photodna",
    "pdq": "pdq",
    "netclean": "netclean",
    "videntifier": "videntifier",
    "tmk-pdqf": "tmk-pdqf",
    "ssvh-pdna": "ssvh-pdna",
    "ssvh-safer-hash": "ssvh-safer-hash",
    "tmk-safer-hash": "ssvh-safer-hash",
}

_Fields = dict[str, Any]


def read_entry(entry: Element) -> Iterator[Record | Reject]:
    """Yield the records of one entry: one for each hash, or one for a deletion.

    A Reject is what is not known here, names no entry of a member, or has no value in the list.
    """
    name, where = local_name(entry), f"line {entry.sourceline}"
    if name not in KINDS or entry.tag != f"{NAMESPACE}{name}":
        yield Reject(where, f"{name[:80]} is not known in a list of NCMEC", source_of(entry))
        return
    raw = _fields_of(entry)
    member_id, entry_id = _attribute(raw.get("member"), "id"), _text(raw.get("id"))
    if member_id is None or entry_id is None:
        yield Reject(where, f"the {name} does not name its member and id", source_of(entry))
        return
    shared = {
        "media_uid": f"{SOURCE}:{member_id}:{entry_id}",
        "media_type": KINDS[name][0],
        "source": SOURCE,
        "member_id": member_id,
        "entry_id": entry_id,
        "status": KINDS[name][1],
        "labels": _labels(raw.get("classification")),
        "feedback": _feedback(entry),
        "updated": in_utc(_text(raw.get("timestamp"))),
        "raw": {"@entry": name, "@of": dict(entry.getparent().attrib), **raw},
    }
    yield from _records(entry, where, shared)


def source_of(element: Element) -> str:
    """Return the source text of an element, without addresses, at most its start."""
    shown = deepcopy(element)
    for each in shown.iter():
        for name in filter(_is_address, each.attrib):
            del each.attrib[name]
    text: str = etree.tostring(shown, encoding="unicode", with_tail=False)
    return text[:MOST_REJECT_CHARACTERS]


def _records(entry: Element, where: str, shared: _Fields) -> Iterator[Record | Reject]:
    hashes = entry.find(f"{NAMESPACE}fingerprints")
    if shared["status"] is Status.DELETED:
        yield Record(**shared, algorithm=ALL_FORMATS, value=None)
    elif hashes is None or not len(hashes):
        yield Reject(where, "the entry has no fingerprints", source_of(entry))
    for each in () if hashes is None else hashes:
        name = local_name(each)
        algorithm, value = algorithm_of(name), (each.text or "").strip()
        try:
            _check(algorithm, value, each)
        except (ValueError, HashParseError) as error:
            place = f"line {each.sourceline}"
            yield Reject(place, f"{name[:80]}: {error}", source_of(entry))
        else:
            yield Record(**shared, algorithm=algorithm, value=value)


def algorithm_of(name: str) -> str:
    """Return the format id of a fingerprint or of a type of feedback, else the name itself."""
    return _ALGORITHMS.get(name.lower().replace("_", "-"), name)


def _check(algorithm: str, value: str, fingerprint: Element) -> None:
    if value:
        check_value(algorithm, value)
    elif any(map(_is_address, fingerprint.attrib)):
        raise ValueError("only the address of the hash is in the list, and it is not kept")
    else:
        raise ValueError("there is no value")


def _labels(classification: object) -> tuple[Label, ...]:
    codes = map(_text, classification if isinstance(classification, list) else [classification])
    return tuple(Label(SOURCE, "", "", code) for code in codes if code)


def _feedback(entry: Element) -> tuple[Feedback, ...]:
    found = entry.find(f"{NAMESPACE}feedback")
    return () if found is None else tuple(each for said in found for each in _said(said))


def _said(element: Element) -> Iterator[Feedback]:
    """Yield what each member says; a reason is of the members that come after it."""
    value = local_name(element).removesuffix("Feedback")
    kind = element.get("type")
    algorithm = algorithm_of(kind) if kind else None
    reasons: list[str] = []
    told = True
    for each in element.iter():
        name = local_name(each)
        if name == "reason":
            reasons = [] if told else reasons
            reasons.append(each.get("name") or each.get("guid") or "")
            told = False
        elif name == "member":
            told = True
            yield Feedback(each.get("id") or "", value, tuple(reasons), algorithm)
    if not told:
        yield Feedback("", value, tuple(reasons), algorithm)


def _fields_of(element: Element) -> _Fields:
    """Return the attributes (``@name``), text (``#text``) and children of an element by name."""
    found: _Fields = {f"@{k}": v for k, v in element.items() if not _is_address(k)}
    text = (element.text or "").strip()
    if text:
        found["#text"] = text
    for child in element:
        name, value = local_name(child), _value_of(child)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def _value_of(element: Element) -> _Fields | str:
    """Return what is in an element: its text alone where there is nothing else."""
    if not len(element) and not element.attrib:
        return (element.text or "").strip()
    return _fields_of(element)


def _is_address(attribute: str) -> bool:
    """Tell the attributes that must not be kept: whoever has such an address gets the hash."""
    return attribute.rpartition("}")[2].lower() == "href"


def _attribute(value: object, name: str) -> str | None:
    return value.get(f"@{name}", "").strip() or None if isinstance(value, dict) else None


def _text(value: object) -> str | None:
    text = value.get("#text") if isinstance(value, dict) else value
    return text if isinstance(text, str) and text else None
