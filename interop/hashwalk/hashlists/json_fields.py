"""Fields of a JSON object by type, with reasons that never repeat what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hashwalk.hashlists.epochs import instant_of_seconds
from hashwalk.hashlists.instants import in_utc

_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def text_of(fields: Mapping[str, Any], name: str) -> str | None:
    """Return a text, None where there is none or an empty one; raises ValueError for others."""
    found = fields.get(name)
    if found is None or isinstance(found, str):
        return found or None
    raise ValueError(f"{name} is not a string")


def identifier_of(fields: Mapping[str, Any], name: str) -> str | None:
    """Return an identifier, a text or an integer, as text; raises ValueError for others."""
    found = fields.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return text_of(fields, name)


def truth_of(fields: Mapping[str, Any], name: str) -> bool | None:
    """Return whether something is so, also of "true" and "false" in any case, of 1 and 0.

    None where nothing is said; raises ValueError for anything else, never guessing.
    """
    found = fields.get(name)
    if found is None or found == "":
        return None
    if isinstance(found, bool):
        return found
    truth = _TRUTHS.get(str(found).strip().lower()) if isinstance(found, str | int) else None
    if truth is None:
        raise ValueError(f"{name} is neither true nor false")
    return truth


def texts_of(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return an array of texts, empty where there is none; raises ValueError for others."""
    found = fields.get(name) or []
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return tuple(found)
    raise ValueError(f"{name} is not an array of strings")


def objects_of(fields: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return an array of objects, empty where there is none; raises ValueError for others."""
    found = fields.get(name) or []
    if isinstance(found, list) and all(isinstance(each, dict) for each in found):
        return found
    raise ValueError(f"{name} is not an array of objects")


def instant_of_field(fields: Mapping[str, Any], name: str) -> str | None:
    """Return an instant in UTC of seconds since 1970, a number or its text, or of ISO 8601.

    A text of another form is returned as it is; raises ValueError for anything but these.
    """
    found = fields.get(name)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return instant_of_seconds(found)
    text = text_of(fields, name)
    if text is None:
        return None
    try:
        return instant_of_seconds(float(text))
    except ValueError:
        return in_utc(text)
