"""Items of the arrays in a JSON document, streamed: a document of any size in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO

import ijson

from hashwalk.errors import HashListError
from hashwalk.hashlists.canonical import json_of
from hashwalk.hashlists.record import MOST_REJECT_CHARACTERS, Record, Reject, record_or_reject

MOST_ITEM_BYTES = 4 << 20
"""Longer items are no records: the longest value, a TMK+PDQF vector in base64, has 0.35 MB."""
MOST_ITEM_DEPTH = 64
MOST_BYTES_AT_ONCE = 16 << 20
"""More than this is never read between two items: the document is refused."""
_CHUNK_BYTES = 65_536
_BOM = b"\xef\xbb\xbf"
_EACH = "[*]"
_TOO_LONG = f"over {MOST_ITEM_BYTES >> 20} MiB"
_BEGINS = frozenset(["start_map", "start_array"])
_ENDS = frozenset(["end_map", "end_array"])

_Path = tuple[str, ...]
_Around = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Item:
    """One value of a document, with its place and the problem it has, empty for a good one.

    `around` are the objects it lies in, outermost first, with their fields as far as they have
    been read; arrays that are streamed are not in them.
    """

    where: str
    value: Any
    around: tuple[dict[str, Any], ...] = ()
    problem: str = ""

    @property
    def checked(self) -> dict[str, Any]:
        """The fields; raises ValueError with the problem, or for what is no object."""
        if self.problem:
            raise ValueError(self.problem)
        if isinstance(self.value, dict):
            return self.value
        raise ValueError("not a JSON object")

    @property
    def text(self) -> str:
        """The item as JSON, at most MOST_REJECT_CHARACTERS of it; empty if it was too much."""
        if self.problem:
            return ""
        return json_of(self.value).decode()[:MOST_REJECT_CHARACTERS]

    def read_as(self, make: Callable[[dict[str, Any]], Record]) -> Record | Reject:
        """Return the record that `make` finds in the fields, or the Reject if it raises.

        `make` raises ValueError or HashParseError, with a reason that never repeats a value.
        """
        found = record_or_reject(self.where, "", lambda: make(self.checked))
        return found if isinstance(found, Record) else replace(found, start=self.text)


def json_items(file: BinaryIO, name: str, *places: str) -> Iterator[Item]:
    """Yield the items of a document that lie at `places`, in the order of the file.

    A place is ``$`` (the document itself), ``$[*]``, ``$.hashRecords[*]`` or
    ``$.value[*].Media[*]``: fields by name, ``[*]`` for each element. Where a place lies within
    another, the inner items come first, and the outer one then is without them. A file may hold
    several documents, one after the other, as pages often are. A byte order mark is skipped.

    An item that is too long, too deeply nested or has a number out of range has a problem and no
    value. Raises HashListError, which names the file by `name` and never repeats what is in it,
    for a document that is no JSON, breaks off, or has none of the places.
    """
    yield from _Documents(file, name, places).items()


def _path(place: str) -> _Path:
    return tuple(place.replace(_EACH, f".{_EACH}").split("."))


def _steps_below(places: Iterable[_Path]) -> dict[_Path, dict[str, _Path]]:
    """Return, for each path on the way to a place, where each step leads from it."""
    found: dict[_Path, dict[str, _Path]] = {}
    for place in places:
        for end in range(1, len(place)):
            found.setdefault(place[:end], {})[place[end]] = place[: end + 1]
    return found


class _BoundedSource:
    """A file for ijson that is read up to MOST_BYTES_AT_ONCE between two calls of `go_on`."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._allowed = MOST_BYTES_AT_ONCE
        self.fed = 0

    def go_on(self) -> None:
        self._allowed = self.fed + MOST_BYTES_AT_ONCE

    def read(self, size: int = -1) -> bytes:
        if self.fed > self._allowed:
            limit = MOST_BYTES_AT_ONCE >> 20
            raise HashListError(f"{self._name} has over {limit} MiB between two records")
        data = self._file.read(size)
        if not self.fed and size > 0:
            data = data.removeprefix(_BOM) or self._file.read(size)
        self.fed += len(data)
        return data


class _Documents:
    """Walks the events of a file down to the places, and builds what lies there."""

    def __init__(self, file: BinaryIO, name: str, places: tuple[str, ...]) -> None:
        self._name = name
        self._places = places
        self._items = frozenset(map(_path, places))
        self._below = _steps_below(self._items)
        self._source = _BoundedSource(file, name)
        events = ijson.basic_parse(self._source, multiple_values=True, buf_size=_CHUNK_BYTES)
        # With a number that Python refuses, ijson gives an event and an error at once, which
        # crashes the process later; a call of next() makes an error of both.
        self._events: Iterator[tuple[str, Any]] = iter(partial(next, iter(events)), None)
        self._found = False
        self._problem = ""
        self._fed_before = 0

    def items(self) -> Iterator[Item]:
        last = ""
        try:
            for item in self._walk_all():
                last = item.where
                yield item
        except (ijson.JSONError, ValueError, SystemError):
            place = f"after {last}" if last else "from the start"
            raise HashListError(f"{self._name} breaks off or is not JSON {place}") from None
        if not self._found:
            raise HashListError(f"{self._name} has no {' and no '.join(self._places)} in it")

    def _walk_all(self) -> Iterator[Item]:
        for number, (event, value) in enumerate(self._events, 1):
            where = "$" if number == 1 else f"document {number}: $"
            yield from self._walk(event, value, ("$",), where, ())

    def _walk(
        self, event: str, value: object, path: _Path, where: str, around: _Around
    ) -> Iterator[Item]:
        """Yield what lies at `path`, an item or on the way to one, and below it."""
        below = self._below.get(path, {})
        if event == "start_array" and _EACH in below:
            yield from self._elements(below[_EACH], where, around)
        elif event == "start_map" and below:
            yield from self._fields(path, where, around)
        elif path in self._items:
            yield self._item(self._built(event, value, 0), where, around)
        else:
            self._found = self._found or (event == "null" and _EACH in below)
            self._built(event, value, 0)

    def _elements(self, path: _Path, where: str, around: _Around) -> Iterator[Item]:
        self._found = self._found or path in self._items
        plain = path in self._items and path not in self._below
        for index, (event, value) in enumerate(self._events):
            if event == "end_array":
                return
            place = f"{where}[{index}]"
            if plain:
                yield self._item(self._built(event, value, 0), place, around)
            else:
                yield from self._walk(event, value, path, place, around)

    def _fields(self, path: _Path, where: str, around: _Around) -> Iterator[Item]:
        below, fields, problem = self._below[path], dict[str, Any](), ""
        for _, key in self._events:
            if key is None:
                break
            event, value = next(self._events)
            if key in below:
                yield from self._walk(event, value, below[key], f"{where}.{key}", (*around, fields))
            else:
                fields[key] = self._built(event, value, 0)
                problem, self._problem = problem or self._problem, ""
        if path in self._items:
            self._problem = problem
            yield self._item(fields, where, around)

    def _item(self, value: object, where: str, around: _Around) -> Item:
        """Return what has been built since the last call as an item."""
        problem, self._problem = self._problem, ""
        if self._item_bytes() > MOST_ITEM_BYTES:
            problem = _TOO_LONG
        self._found, self._fed_before = True, self._source.fed
        self._source.go_on()
        return Item(where, None if problem else value, around, problem)

    def _built(self, event: str, value: object, depth: int) -> object:
        """Return the value that begins with `event`; a problem it has is kept for the item."""
        if event == "start_map":
            return None if self._refused(depth) else self._built_map(depth + 1)
        if event == "start_array":
            return None if self._refused(depth) else self._built_array(depth + 1)
        return self._number(value) if isinstance(value, Decimal) else value

    def _built_map(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        key = ""
        for event, value in self._events:
            if event == "map_key":
                key = value
            elif event == "string":
                found[key] = value
            elif event == "end_map":
                break
            else:
                found[key] = self._built(event, value, depth)
        return found

    def _built_array(self, depth: int) -> list[Any]:
        found: list[Any] = []
        for event, value in self._events:
            if event == "end_array":
                break
            found.append(value if event == "string" else self._built(event, value, depth))
        return found

    def _number(self, value: Decimal) -> float:
        number = float(value)
        if not math.isfinite(number):
            self._problem = "a number out of range"
        return number

    def _refused(self, depth: int) -> bool:
        """Tell whether the array or object just begun is too much, having skipped it."""
        if depth < MOST_ITEM_DEPTH and self._item_bytes() <= MOST_ITEM_BYTES:
            return False
        self._problem = "nested too deeply" if depth >= MOST_ITEM_DEPTH else _TOO_LONG
        open_ones = 1
        while open_ones:
            event, _ = next(self._events)
            open_ones += (event in _BEGINS) - (event in _ENDS)
            self._source.go_on()
        return True

    def _item_bytes(self) -> int:
        return self._source.fed - self._fed_before - _CHUNK_BYTES
