"""The text forms in which vPDQ hashes are exchanged, told apart by their structure alone.

- lines ``frame,quality,hash,timestamp``, which the C++ programs write and read;
- a JSON array of ``"hash,quality,timestamp"``, python-threatexchange's, without frame numbers;
- a JSON object with the frame numbers as keys, python-threatexchange's before that: each value has
  ``quality``, ``hash`` and ``timestamp``, the hash as sixteen 16-bit words, the lowest first.

A number that is not known is empty in the first two and null in the third. Times are written in
full and read in any notation. All functions raise ValueError, whose reason never repeats the text.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hashwalk.errors import UsageError
from hashwalk.format import Part
from hashwalk_formats.frame_text import (
    check_order,
    parse_lines,
    parse_time,
    parse_whole,
    render_lines,
    render_time,
    render_whole,
)

LINES = "vpdq-text"
ARRAY = "vpdq-json"
BY_FRAME = "vpdq-json-frames"

ParseValue = Callable[[str], bytes]
RenderValue = Callable[[bytes], str]
_WORDS = struct.Struct("<16H")
_MAX_DIGITS = 20


@dataclass(frozen=True, slots=True)
class TextForm:
    """How frames are read and written in one form, given how one value is."""

    parse: Callable[[str, ParseValue], tuple[Part, ...]]
    render: Callable[[Sequence[Part], RenderValue], str]


def form_of(text: str) -> str:
    """Return the only form that a text can be in: no line of the first begins with a bracket."""
    return {"[": ARRAY, "{": BY_FRAME}.get(text.lstrip()[:1], LINES)


def _parse_array(text: str, parse_value: ParseValue) -> tuple[Part, ...]:
    items = _json(text)
    if not isinstance(items, list) or not items:
        raise ValueError("expected a JSON array of at least one frame")
    return tuple(_parse_item(item, parse_value) for item in items)


def _parse_item(item: object, parse_value: ParseValue) -> Part:
    fields = item.split(",") if isinstance(item, str) else []
    if len(fields) != 3:
        raise ValueError("expected hash, quality and time, joined by commas, for each frame")
    value, quality, time_s = fields
    return Part(parse_value(value), parse_whole(quality, "a quality"), parse_time(time_s))


def _render_array(parts: Sequence[Part], render_value: RenderValue) -> str:
    return json.dumps(
        [
            f"{render_value(part.value)},{render_whole(part.quality)},{render_time(part.time_s)}"
            for part in parts
        ]
    )


def _parse_by_frame(text: str, parse_value: ParseValue) -> tuple[Part, ...]:
    frames = _json(text)
    if not isinstance(frames, dict) or not frames:
        raise ValueError("expected a JSON object of at least one frame")
    parts = [_parse_frame(number, fields, parse_value) for number, fields in frames.items()]
    parts.sort(key=lambda part: part.index or 0)
    check_order(parts)
    return tuple(parts)


def _parse_frame(number: str, fields: object, parse_value: ParseValue) -> Part:
    if not isinstance(fields, dict) or fields.keys() != {"quality", "hash", "timestamp"}:
        raise ValueError("expected quality, hash and timestamp for each frame")
    quality, time_s = fields["quality"], fields["timestamp"]
    if not number or not (quality is None or type(quality) is int):
        raise ValueError("a frame number or a quality is not a whole number")
    return Part(
        _parse_words(fields["hash"], parse_value),
        parse_whole(render_whole(quality), "a quality"),
        _seconds(time_s),
        parse_whole(number, "a frame number"),
    )


def _parse_words(found: object, parse_value: ParseValue) -> bytes:
    """Read a hash that is a text, or an object with the words under ``w``."""
    if isinstance(found, str):
        return parse_value(found)
    words = found["w"] if isinstance(found, dict) and found.keys() == {"w"} else None
    if not isinstance(words, list) or not all(type(w) is int and 0 <= w < 1 << 16 for w in words):
        raise ValueError("a hash is neither a text nor an object with 16-bit words under w")
    if len(words) != 16:
        raise ValueError("a hash has not 16 words")
    return _WORDS.pack(*words)[::-1]


def _seconds(found: object) -> float | None:
    if found is None:
        return None
    if type(found) not in {int, float} or not math.isfinite(float(str(found))):
        raise ValueError("a time is not a finite number")
    return float(str(found))


def _render_by_frame(parts: Sequence[Part], _render_value: RenderValue) -> str:
    numbers = [part.index for part in parts]
    if None in numbers or len(set(numbers)) < len(numbers):
        raise UsageError(f"{BY_FRAME} needs a number for each frame: write {LINES} or {ARRAY}")
    return json.dumps(
        {
            str(part.index): {
                "quality": part.quality,
                "hash": {"w": _WORDS.unpack(part.value[::-1])},
                "timestamp": part.time_s,
            }
            for part in parts
        }
    )


def _json(text: str) -> object:
    try:
        return json.loads(
            text, object_pairs_hook=_once, parse_int=_integer, parse_constant=_refuse_constant
        )
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("expected JSON of frames, got something that is no JSON") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a frame or a field is there twice")
    return dict(pairs)


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError("a number has too many digits")
    return int(digits)


def _refuse_constant(_name: str) -> float:
    raise ValueError("a time is not a finite number")


FORMS: Mapping[str, TextForm] = {
    LINES: TextForm(parse_lines, render_lines),
    ARRAY: TextForm(_parse_array, _render_array),
    BY_FRAME: TextForm(_parse_by_frame, _render_by_frame),
}
"""Every form by its name, the canonical one first."""
