"""The tables of a suite: ladders of transforms, and lists of formats.

A table ``[[picture]]`` or ``[[video]]`` names a ``transform`` and its parameters; the one that is
a list is the ladder, and each value a call. ``family`` puts the calls into another family than
the transform's own. ``[formats]`` has the ids of each medium's formats.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from hashwalk.suggestion import did_you_mean
from hashwalk_bench.errors import SuiteError
from hashwalk_bench.suites.suite import check_format
from hashwalk_bench.transforms import Call, Medium, Value, check, family

_TRANSFORM, _FAMILY = "transform", "family"


def read_formats(table: object) -> dict[Medium, tuple[str, ...]]:
    """Return the formats of each medium, each once; raises SuiteError."""
    if not isinstance(table, dict):
        raise SuiteError("formats must be a table: begin it with [formats]")
    try:
        refuse_unknown(table, tuple(Medium))
        return {medium: tuple(_formats(table.get(medium, []), medium)) for medium in Medium}
    except SuiteError as error:
        raise SuiteError(f"[formats], {error}") from error


def read_calls(tables: object, medium: Medium) -> Iterator[Call]:
    """Yield the calls of a medium's tables, a ladder in its order; raises SuiteError."""
    if not isinstance(tables, list):
        raise SuiteError(f"{medium} must be a list: begin each with [[{medium}]]")
    seen: set[str] = set()
    for number, table in enumerate(tables, start=1):
        try:
            for call in _calls(table, medium):
                if call.id in seen:
                    raise SuiteError(f"{call.id} was there before")  # noqa: TRY301
                seen.add(call.id)
                yield call
        except SuiteError as error:
            raise SuiteError(f"[[{medium}]] {number}, {error}") from error


def read_text(table: Mapping[str, object], key: str) -> str:
    """Return one line of text, empty where there is none; raises SuiteError."""
    text = table.get(key, "")
    if not isinstance(text, str) or not text.isprintable():
        raise SuiteError(f"{key} must be one line of text")
    return text


def refuse_unknown(table: Mapping[str, object], known: Iterable[str]) -> None:
    """Raise SuiteError for the first key that is none of `known`."""
    names = tuple(known)
    for key in table:
        if key not in names:
            meant = did_you_mean(key, names) or f"; there are {', '.join(names)}"
            raise SuiteError(f"there is no key {key}{meant}")


def _formats(ids: object, medium: Medium) -> Iterator[str]:
    if not isinstance(ids, list) or not all(isinstance(found, str) for found in ids):
        raise SuiteError(f"{medium}: must be a list of the ids of formats")
    for found in dict.fromkeys(ids):
        try:
            fits = medium in check_format(found)
        except SuiteError as error:
            raise SuiteError(f"{medium}: {error}") from error
        if not fits:
            raise SuiteError(f"{medium}: {found} is no format of a {medium}")
        yield found


def _calls(table: object, medium: Medium) -> Iterator[Call]:
    if not isinstance(table, dict):
        raise SuiteError(f"it must be a table: begin it with [[{medium}]]")
    name = read_text(table, _TRANSFORM)
    if not name:
        raise SuiteError("the key transform must name one")
    given = {key: value for key, value in table.items() if key not in {_TRANSFORM, _FAMILY}}
    ladders = [key for key, value in given.items() if isinstance(value, list)]
    if len(ladders) > 1:
        raise SuiteError(f"{name}: {' and '.join(ladders)} are lists, but only one is the ladder")
    ladder = ladders[0] if ladders else None
    steps = given[ladder] if ladder else [None]
    if not steps:
        raise SuiteError(f"{name}: {ladder} is an empty list")
    for step in steps:
        parameters = {key: step if key == ladder else value for key, value in given.items()}
        yield _call(medium, name, parameters, ladder, read_text(table, _FAMILY))


def _call(
    medium: Medium, name: str, given: Mapping[str, object], ladder: str | None, named: str
) -> Call:
    parameters = tuple((key, _value(value, f"{name}: {key}")) for key, value in given.items())
    bare = Call(medium, name, parameters, named)
    check(bare)
    return Call(medium, name, parameters, family(bare), _strength(dict(parameters), ladder))


def _strength(parameters: Mapping[str, Value], ladder: str | None) -> float | None:
    value = None if ladder is None else parameters[ladder]
    return None if value is None or isinstance(value, bool | str) else float(value)


def _value(value: object, of: str) -> Value:
    if isinstance(value, str) and value.isprintable():
        return value
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise SuiteError(f"{of} must be a number, a text, true or false, or a list of such")
