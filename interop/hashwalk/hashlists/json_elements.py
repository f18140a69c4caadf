"""Elements of a JSON array, written one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hashwalk.hashlists.canonical import json_of


def json_elements(values: Iterable[object]) -> Iterator[bytes]:
    """Yield what stands between the brackets of an array, an element a line."""
    separator = b"\n"
    for value in values:
        yield separator + json_of(value)
        separator = b",\n"
