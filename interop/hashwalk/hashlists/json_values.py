"""JSON values of a text, strictly: no NaN, and reasons that never repeat what was read."""

from __future__ import annotations

import json
from typing import Any


def json_value(text: str) -> Any:  # noqa: ANN401
    """Return the JSON value of `text`; raises ValueError, whose message never repeats it."""
    try:
        return _decode(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from None


def json_object(text: str) -> dict[str, Any]:
    """Return the JSON object of `text`; raises ValueError, also for another JSON value."""
    found = json_value(text)
    if isinstance(found, dict):
        return found
    raise ValueError("not a JSON object")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"not JSON: {name} is no number")


_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode
