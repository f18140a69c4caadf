"""What a manifest may say: it is plain JSON that anybody can edit, and it names columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hashwalk.format import FORMAT_ID, Kind, Shape

Rule = tuple[Callable[[Any], bool], str]


def check_manifest(read: Mapping[str, Any]) -> None:
    """Return if a manifest of this schema says what one can; raise ValueError with the reason."""
    _check(read, _MANIFEST, "it")
    for format_id, entry in read["formats"].items():
        check_format_id(format_id)
        _check(entry, _ENTRY, f"the format {format_id}")
    for name, versions in read["libraries"].items():
        if not _is_line(name) or not _is_list(versions, _is_line):
            raise ValueError("a library has a name and a list of versions, a line each")
    for member in read["members"]:
        _check(member, _MEMBER, "a member")


def check_format_id(format_id: str) -> None:
    """Return if a format may have this id; raise ValueError."""
    if not FORMAT_ID.fullmatch(format_id):
        raise ValueError(
            f"{ascii(format_id)[:80]} is no format id: one is lower-case words joined by - _ . : @"
        )


def _check(read: object, rules: Mapping[str, Rule], owner: str) -> None:
    if not isinstance(read, Mapping):
        raise ValueError(f"{owner} is not an object")  # noqa: TRY004
    unknown = sorted(read.keys() - rules.keys())
    if unknown:
        raise ValueError(f"{owner} has an unknown key {ascii(unknown[0])[:80]}")
    for key, (holds, rule) in rules.items():
        if key not in read:
            raise ValueError(f"{owner} has no {key}")
        if not holds(read[key]):
            raise ValueError(f"{key} of {owner} must be {rule}")


def _is_line(value: object) -> bool:
    return isinstance(value, str) and value != "" and value.isprintable()


def _is_whole(least: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value < 1 << 63


def _is_list(value: object, holds: Callable[[Any], bool] = lambda _: True) -> bool:
    return isinstance(value, list) and all(map(holds, value))


def _are_parameters(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_line, (*value, *value.values())))


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


_LINE: Rule = (_is_line, "a line of text")
_MANIFEST: dict[str, Rule] = {
    "schema": (_is_whole(1), "a whole number"),
    "created": _LINE,
    "hashwalk": _LINE,
    "formats": (_is_object, "an object"),
    "libraries": (_is_object, "an object"),
    "members": (_is_list, "a list"),
}
_ENTRY: dict[str, Rule] = {
    "version": (_is_whole(1), "a whole number, 1 or more"),
    "kind": (lambda value: value in list(Kind), f"one of {', '.join(Kind)}"),
    "shape": (lambda value: value in list(Shape), f"one of {', '.join(Shape)}"),
    "bits": (lambda value: value is None or _is_whole(1)(value), "null or a whole number"),
    "parameters": (_are_parameters, "an object of lines of text"),
}
_MEMBER: dict[str, Rule] = {
    "name": _LINE,
    "created": _LINE,
    "media": (_is_whole(0), "a whole number"),
}
