"""Canonical records as mappings of JSON's types, there and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from operator import attrgetter
from typing import Any, TypeVar

from hashwalk.hashlists.record import (
    FIELDS,
    Feedback,
    MediaType,
    Method,
    Record,
    Status,
    Translation,
)
from hashwalk.hashlists.values import check_value
from hashwalk.results import Label

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)
_LABEL_FIELDS = ("scheme", "version", "region", "code")
_FEEDBACK_FIELDS = ("source", "value", "reasons", "algorithm")
_TRANSLATION_FIELDS = (
    "method",
    "source_algorithm",
    "distance",
    "media_sha256",
    "others",
    "ambiguous",
)
_KNOWN = frozenset(FIELDS)
_held = attrgetter(*FIELDS)


def mapping_of(record: Record) -> dict[str, Any]:
    """Return all fields of a record in JSON's types."""
    fields = dict(zip(FIELDS, _held(record), strict=True))
    if record.labels:
        fields["labels"] = [_mapping(label, _LABEL_FIELDS) for label in record.labels]
    if record.feedback:
        fields["feedback"] = [_mapping(said, _FEEDBACK_FIELDS) for said in record.feedback]
    if record.translation:
        fields["translation"] = _mapping(record.translation, _TRANSLATION_FIELDS)
    return fields


def _mapping(part: Label | Feedback | Translation, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(part, name) for name in names}


def record_of(fields: Mapping[str, Any]) -> Record:
    """Return the record that a mapping stands for; what is not there is not known.

    Fields that a record does not have are kept in `raw`. Raises ValueError for a field of the
    wrong type, HashParseError for a value that is no hash of its algorithm; neither message
    repeats a value.
    """
    texts = _texts(fields)
    algorithm, status = texts.pop("algorithm"), _one_of(Status, fields, "status") or Status.ACTIVE
    if not algorithm:
        raise ValueError("the algorithm is missing")
    value = texts["value"]
    if value is not None:
        check_value(algorithm, value, texts["encoding"])
    elif status is Status.ACTIVE:
        raise ValueError("an active record has no value")
    return Record(
        **texts,
        algorithm=algorithm,
        status=status,
        media_type=_one_of(MediaType, fields, "media_type"),
        quality=_typed(fields, "quality", int),
        frame_time_s=_number(fields, "frame_time_s"),
        labels=tuple(map(_label, _listed(fields, "labels"))),
        feedback=tuple(map(_feedback, _listed(fields, "feedback"))),
        raw=_raw(fields),
        translation=_translation(_typed(fields, "translation", dict)),
    )


_TEXTS = (
    "algorithm",
    "value",
    "encoding",
    "media_uid",
    "implementation",
    "version",
    "bit_order",
    "source",
    "member_id",
    "entry_id",
    "created",
    "updated",
)


def _texts(fields: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: fields.get(name) for name in _TEXTS}
    for name, held in found.items():
        if held is not None and type(held) is not str:
            raise ValueError(f"{name} is not of the type string")
    return found


def _raw(fields: Mapping[str, Any]) -> Mapping[str, Any] | None:
    raw = _typed(fields, "raw", dict)
    if fields.keys() <= _KNOWN:
        return raw
    return {**(raw or {}), **{name: fields[name] for name in fields if name not in _KNOWN}}


def _typed(fields: Mapping[str, Any], name: str, kind: type[_T]) -> _T | None:
    found = fields.get(name)
    if found is None:
        return None
    if isinstance(found, kind) and not (kind is int and isinstance(found, bool)):
        return found
    raise ValueError(f"{name} is not of the type {_JSON_NAMES[kind]}")


_JSON_NAMES: dict[type, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    dict: "object",
    list: "array",
}


def _number(fields: Mapping[str, Any], name: str) -> float | None:
    found = fields.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise ValueError(f"{name} is not a finite number")
    return float(found)


def _one_of(kind: type[_E], fields: Mapping[str, Any], name: str) -> _E | None:
    found = fields.get(name)
    if found is None:
        return None
    try:
        return kind(found)
    except ValueError:
        raise ValueError(f"{name} is not one of {', '.join(kind)}") from None


def _listed(fields: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = _typed(fields, name, list)
    if not found:
        return []
    if not all(isinstance(each, dict) for each in found):
        raise ValueError(f"{name} is not an array of objects")
    return found


def _label(fields: Mapping[str, Any]) -> Label:
    return Label(*(_typed(fields, name, str) or "" for name in _LABEL_FIELDS))


def _feedback(fields: Mapping[str, Any]) -> Feedback:
    reasons = _typed(fields, "reasons", list) or []
    if not all(isinstance(reason, str) for reason in reasons):
        raise ValueError("the reasons of a feedback are not an array of strings")
    return Feedback(
        _typed(fields, "source", str) or "",
        _typed(fields, "value", str) or "",
        tuple(reasons),
        _typed(fields, "algorithm", str),
    )


def _translation(fields: Mapping[str, Any] | None) -> Translation | None:
    if fields is None:
        return None
    method = _one_of(Method, fields, "method")
    if method is None:
        raise ValueError("the method of a translation is missing")
    return Translation(
        method,
        _typed(fields, "source_algorithm", str) or "",
        _number(fields, "distance"),
        _typed(fields, "media_sha256", str),
        _typed(fields, "others", int) or 0,
        bool(_typed(fields, "ambiguous", bool)),
    )
