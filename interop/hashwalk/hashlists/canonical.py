"""Canonical records from mappings of JSON's types, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from hashwalk.hashlists.record import FIELDS, MediaType, Method, Record, Status
from hashwalk.hashlists.values import checked_value

_KNOWN = frozenset(FIELDS)
_PARTS = {
    "labels": dict.fromkeys(("scheme", "version", "region", "code"), ""),
    "feedback": dict.fromkeys(("source", "value"), ""),
}
"""What a part of a list is where it does not say it."""
_WORDS = {"status": Status, "media_type": MediaType, "translation.method": Method}
_MOST = 1 << 63

json_of = msgspec.json.Encoder().encode
"""Returns a record, or a value of JSON's types, as a line of JSON, without its end."""


def record_of(fields: Mapping[str, Any]) -> Record:
    """Return the record that a mapping stands for; what is not there, or null, is not known.

    Fields that a record does not have are kept in `raw`, and so is what is no hash in a record
    that takes an entry back, which has no value then. Raises ValueError for a field of the wrong
    type, HashParseError for a value that is no hash of its algorithm; neither message repeats a
    value.
    """
    given = {name: held for name, held in fields.items() if held is not None or name not in _KNOWN}
    return record_of_held(given)


def record_of_held(given: dict[str, Any]) -> Record:
    """Return the record of fields of which none is null; otherwise as :func:`record_of`.

    The mapping is the record's from then on.
    """
    given.setdefault("value", None)
    if not given.keys() <= _KNOWN:
        _keep_unknown(given)
    record = _converted(given)
    _check(record)
    return _with_value_checked(record)


def _keep_unknown(given: dict[str, Any]) -> None:
    raw = given.get("raw", {})
    if isinstance(raw, dict):
        unknown = {name: held for name, held in given.items() if name not in _KNOWN}
        given["raw"] = {**raw, **unknown}


def _converted(given: dict[str, Any]) -> Record:
    """Return the record of fields that are not null; only where it takes it look inside them."""
    try:
        return msgspec.convert(given, Record)
    except msgspec.ValidationError:
        pass
    try:
        return msgspec.convert(_completed(given), Record)
    except msgspec.ValidationError as error:
        raise ValueError(_reason(error)) from None


def _completed(given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with what is null in their parts left out, or empty where it is due."""
    completed = given | {
        name: [_without_nulls(part, due) for part in given[name]]
        for name, due in _PARTS.items()
        if isinstance(given.get(name), list)
    }
    if "translation" in given:
        completed["translation"] = _without_nulls(given["translation"], {"source_algorithm": ""})
    return completed


def _without_nulls(part: object, due: Mapping[str, str]) -> object:
    if not isinstance(part, dict):
        return part
    return {**due, **{name: held for name, held in part.items() if held is not None}}


def _reason(error: msgspec.ValidationError) -> str:
    """Return what is wrong and where, without the word that an enumeration does not have."""
    what, _, where = str(error).partition(" - at ")
    place = where.strip("`").removeprefix("$.")
    if what.startswith("Invalid enum value"):
        return f"{place} is not one of {', '.join(_WORDS[place])}"
    return f"{place}: {what}" if place else what


def _check(record: Record) -> None:
    """Raise ValueError, or HashParseError, for what a record's types alone do not say."""
    if not record.algorithm:
        raise ValueError("the algorithm is empty")
    if record.value is None and record.status is Status.ACTIVE:
        raise ValueError("an active record has no value")
    if record.quality is not None:
        _check_integer(record.quality, "quality")
    if record.frame_time_s is not None:
        _check_finite(record.frame_time_s, "frame_time_s")
    if record.translation is not None:
        _check_integer(record.translation.others, "translation.others")
        _check_finite(record.translation.distance or 0.0, "translation.distance")
        _check_finite(record.translation.probability or 0.0, "translation.probability")


def _with_value_checked(record: Record) -> Record:
    """Return the record, without a value that is no hash where what it takes back is known."""
    if record.value is None:
        return record
    entry_id = None if record.status is Status.ACTIVE else record.entry_id
    value = checked_value(record.algorithm, record.value, record.encoding, taken_back=entry_id)
    if value is not None:
        return record
    return replace(record, value=None, raw={**(record.raw or {}), "value": record.value})


def _check_integer(number: int, name: str) -> None:
    if not -_MOST <= number < _MOST:
        raise ValueError(f"{name} has more than 64 bits")


def _check_finite(number: float, name: str) -> None:
    if not math.isfinite(number):
        raise ValueError(f"{name} is not a finite number")
