"""Classification labels of files, read from CSV or JSON lines, one line at a time.

A line names a file by ``path`` or by ``sha256`` and gives ``scheme``, ``version``, ``region``
and ``code``, which are carried as they are. A file may be named by several lines.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from hashwalk.errors import LabelsError
from hashwalk.job.discover import file_uri
from hashwalk.results import Label

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELDS = ("scheme", "version", "region", "code")


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One label and the keys (``file:`` URIs, or a SHA-256 in hex) of the file it belongs to.

    A relative path has two: it counts from the folder of the labels and from the current one.
    """

    keys: tuple[str, ...]
    label: Label


def read_labels(path: str | os.PathLike[str]) -> Iterator[LabelLine]:
    """Yield the labels in a file, CSV with a header or JSON lines, told apart by content.

    Raises LabelsError with the number of the line that is malformed.
    """
    folder = Path(path).absolute().parent
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as stream:
            for number, fields in _records(stream, str(path)):
                yield _line(fields, folder, f"{path}, line {number}")
    except OSError as error:
        raise LabelsError(f"the labels cannot be read: {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LabelsError(f"the labels are not UTF-8: {path}") from error


def _records(stream: TextIO, name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    start = stream.read(1)
    stream.seek(0)
    return _json_records(stream, name) if start == "{" else _csv_records(stream, name)


def _json_records(stream: TextIO, name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except ValueError as error:
            raise LabelsError(f"{name}, line {number} is not JSON: {error}") from error
        if not isinstance(fields, dict):
            raise LabelsError(f"{name}, line {number} is not a JSON object")
        yield number, fields


def _csv_records(stream: TextIO, name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    reader = csv.DictReader(stream, strict=True)
    try:
        missing = {*_FIELDS} - {*(reader.fieldnames or ())}
        if missing:
            raise LabelsError(f"{name} has no column {', '.join(sorted(missing))}")
        for fields in reader:
            if None in fields or None in fields.values():
                raise LabelsError(
                    f"{name}, line {reader.line_num} has not as many fields as the header"
                )
            yield reader.line_num, fields
    except csv.Error as error:
        raise LabelsError(f"{name}, line {reader.line_num} is not CSV: {error}") from error


def _line(fields: Mapping[str, object], folder: Path, where: str) -> LabelLine:
    scheme, version, region, code = (_text(fields, name, where) for name in _FIELDS)
    if not scheme or not code:
        raise LabelsError(f"{where} has an empty scheme or code")
    return LabelLine(_keys(fields, folder, where), Label(scheme, version, region, code))


def _text(fields: Mapping[str, object], name: str, where: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise LabelsError(f"{where}: {name} is not text")
    return value


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
