"""Classification labels of files, read from CSV or JSON lines, one line at a time.

A line names a file by ``path`` or by ``sha256`` and gives ``scheme``, ``version``, ``region``
and ``code``, which are carried as they are. A file may be named by several lines.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from hashwalk.errors import LabelsError
from hashwalk.hashing import file_uri
from hashwalk.results import Label

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELDS = ("scheme", "version", "region", "code")


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One label and the keys (``file:`` URIs, or a SHA-256 in hex) of the file it belongs to.

    A relative path has two: it counts from the folder of the labels and from the current one.
    `number` is that of the line in the file of labels, from 1.
    """

    keys: tuple[str, ...]
    label: Label
    number: int


def read_labels(path: str | os.PathLike[str]) -> Iterator[LabelLine]:
    """Yield the labels in a file, CSV with a header or JSON lines, told apart by content.

    Raises LabelsError with the number of the line that is malformed.
    """
    folder = Path(path).absolute().parent
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as stream:
            for number, fields in _records(stream, str(path)):
                keys, label = _line(fields, folder, f"{path}, line {number}")
                yield LabelLine(keys, label, number)
    except OSError as error:
        raise LabelsError(f"the labels cannot be read: {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LabelsError(f"the labels are not UTF-8: {path}") from error


def _records(stream: TextIO, name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Yield the fields of each line with its number; empty lines may come first."""
    for before, line in enumerate(stream):
        if line.strip():
            read = _json_records if line.lstrip().startswith("{") else _csv_records
            return read(chain([line], stream), name, before)
    raise LabelsError(f"the labels are empty: {name}")


def _json_records(
    lines: Iterator[str], name: str, before: int
) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(lines, start=before + 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line, object_pairs_hook=_without_repeats)
        except json.JSONDecodeError as error:
            reason = f"{error.msg} at column {error.colno}"
            raise LabelsError(f"{name}, line {number} is not JSON: {reason}") from error
        except (ValueError, RecursionError) as error:
            raise LabelsError(f"{name}, line {number} cannot be read: {error}") from error
        if not isinstance(fields, dict):
            raise LabelsError(f"{name}, line {number} is not a JSON object")
        yield number, fields


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("it names a field twice")
    return fields


def _csv_records(
    lines: Iterator[str], name: str, before: int
) -> Iterator[tuple[int, Mapping[str, object]]]:
    reader = csv.DictReader(lines, strict=True)
    try:
        _check_header(reader.fieldnames or (), name)
        for fields in reader:
            if None in fields or None in fields.values():
                number = before + reader.line_num
                raise LabelsError(f"{name}, line {number} has not as many fields as the header")
            yield before + reader.line_num, fields
    except csv.Error as error:
        number = before + reader.line_num
        raise LabelsError(f"{name}, line {number} is not CSV: {error}") from error


def _check_header(columns: Sequence[str], name: str) -> None:
    missing = {*_FIELDS} - {*columns}
    if missing:
        raise LabelsError(f"{name} has no column {', '.join(sorted(missing))}")
    repeated = {column for column in columns if columns.count(column) > 1}
    if repeated:
        raise LabelsError(f"{name} has two columns {', '.join(sorted(repeated))}")


def _line(fields: Mapping[str, object], folder: Path, where: str) -> tuple[tuple[str, ...], Label]:
    scheme, version, region, code = (_text(fields, name, where) for name in _FIELDS)
    if not scheme or not code:
        raise LabelsError(f"{where} has an empty scheme or code")
    return _keys(fields, folder, where), Label(scheme, version, region, code)


def _text(fields: Mapping[str, object], name: str, where: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise LabelsError(f"{where}: {name} is not text")
    if not value.isascii():
        _check_unicode(value, name, where)
    return value


def _check_unicode(value: str, name: str, where: str) -> None:
    """Refuse halves of characters; a path may have those that stand for bytes of its name."""
    try:
        os.fsencode(value) if name == "path" else value.encode()
    except UnicodeEncodeError as error:
        raise LabelsError(f"{where}: {name} has half a character (a lone surrogate)") from error


def _keys(fields: Mapping[str, object], folder: Path, where: str) -> tuple[str, ...]:
    path = _text(fields, "path", where)
    digest = _text(fields, "sha256", where).lower()
    if bool(path) == bool(digest):
        raise LabelsError(f"{where} must name its file by path or by sha256, one of them")
    if path:
        return tuple(dict.fromkeys((file_uri(str(folder / path)), file_uri(path))))
    if not _SHA256.fullmatch(digest):
        raise LabelsError(f"{where}: sha256 is not 64 hex digits")
    return (digest,)
