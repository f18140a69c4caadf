"""JSON values of a text, strictly: no NaN, and reasons that never repeat what was read."""

from __future__ import annotations

from typing import Any

import msgspec

MOST_DEPTH = 64
"""How many arrays and objects may lie in each other."""

_decode = msgspec.json.Decoder().decode


def json_value(text: str) -> Any:  # noqa: ANN401
    """Return the JSON value of `text`; raises ValueError, whose message never repeats it."""
    try:
        found = _decode(text)
    except msgspec.DecodeError as error:
        raise ValueError(f"not JSON: {error}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if text.count("{") + text.count("[") > MOST_DEPTH and _is_deeper(found, MOST_DEPTH):
        raise ValueError("nested too deeply")
    return found


def json_object(text: str) -> dict[str, Any]:
    """Return the JSON object of `text`; raises ValueError, also for another JSON value."""
    found = json_value(text)
    if isinstance(found, dict):
        return found
    raise ValueError("not a JSON object")


def _is_deeper(value: object, levels: int) -> bool:
    """Tell whether more than `levels` arrays and objects lie in each other."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in inner)
