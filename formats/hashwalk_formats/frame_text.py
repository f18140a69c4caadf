"""Frame lists as text: a line a frame and value, ``index,quality,value,time``.

A number that is not known leaves its field empty. The lines of a vPDQ hash are those that its
C++ programs write. All functions raise ValueError with a reason that never repeats the text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from hashwalk.format import Part

_WHOLE = re.compile(r"[0-9]{1,9}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?")


def render_lines(parts: Iterable[Part], render_value: Callable[[bytes], str]) -> str:
    """Return a line a value, joined by newlines, that :func:`parse_lines` reads without loss."""
    return "\n".join(
        f"{render_whole(part.index)},{render_whole(part.quality)},"
        f"{render_value(part.value)},{render_time(part.time_s)}"
        for part in parts
    )


def parse_lines(
    text: str, parse_value: Callable[[str], bytes], *, several: bool = False
) -> tuple[Part, ...]:
    """Return the values of a text with a line for each, in order of their frames' index.

    A frame has one value, or `several`.
    """
    lines = text.rstrip("\r\n").split("\n")
    parts = tuple(_numbered(n, _parse_line, line, parse_value) for n, line in enumerate(lines, 1))
    check_order(parts, several=several)
    return parts


def _parse_line(line: str, parse_value: Callable[[str], bytes]) -> Part:
    fields = line.rstrip("\r").split(",", 2)
    value, comma, time_s = fields[-1].rpartition(",")
    if len(fields) != 3 or not comma:
        raise ValueError("expected index, quality, value and time, joined by commas")
    return Part(
        parse_value(value),
        parse_whole(fields[1], "a quality"),
        parse_time(time_s),
        parse_whole(fields[0], "an index"),
    )


def _numbered(
    number: int,
    parse: Callable[[str, Callable[[str], bytes]], Part],
    line: str,
    parse_value: Callable[[str], bytes],
) -> Part:
    try:
        return parse(line, parse_value)
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from None


def check_order(parts: Sequence[Part], *, several: bool = False) -> None:
    """Raise ValueError unless the known indices increase; values of one frame share theirs."""
    known = [part.index for part in parts if part.index is not None]
    least = 0 if several else 1
    if any(after - before < least for before, after in pairwise(known)):
        raise ValueError("the indices of the frames do not increase")


def render_whole(number: int | None) -> str:
    """Return the digits of an index or quality, nothing for None."""
    return "" if number is None else str(number)


def parse_whole(text: str, what: str) -> int | None:
    """Read an index or a quality of up to nine digits; an empty text is None."""
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{what} is not a whole number")
    return int(text)


def render_time(time_s: float | None) -> str:
    """Return seconds with three decimals, more where they are needed to read the same number."""
    if time_s is None:
        return ""
    short = f"{time_s:.3f}"
    return short if float(short) == time_s else repr(time_s)


def parse_time(text: str) -> float | None:
    """Read seconds, also in scientific notation; an empty text is None."""
    if not text:
        return None
    seconds = float(text) if _DECIMAL.fullmatch(text) else math.nan
    if not math.isfinite(seconds):
        raise ValueError("a time is not a finite number")
    return seconds
