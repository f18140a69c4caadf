"""What a corpus says of its own files: licences, where they come from, and who made them."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from hashwalk.csv_cells import unescaped
from hashwalk.errors import UsageError

MANIFEST_NAME = "manifest.csv"
"""Where a manifest is looked for in a corpus; the file itself is never a source."""
GENERATED = "generated"
"""The licence of a file that a program made up; a corpus of nothing else is synthetic."""
_GROUP_COLUMNS = ("group", "source")


@dataclass(frozen=True, slots=True)
class Described:
    """What a manifest says of a file; None where it says nothing."""

    licence: str | None = None
    group: str | None = None


def read_manifest(
    folder: Path, named: str | os.PathLike[str] | None = None
) -> dict[str, Described]:
    """Return what a manifest says of each file, by its path inside the corpus, with slashes.

    It is the one that is named, or the folder's own if there is one: CSV in UTF-8 with a header.
    Of its columns, ``path`` (relative to the folder) has to be there, ``licence`` and ``group`` or
    ``source`` are read, and others left. Raises UsageError, naming the line, where it is malformed
    or names a path twice.
    """
    path = folder / MANIFEST_NAME if named is None else Path(named)
    if named is None and not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return dict(_rows(stream, str(path)))
    except OSError as error:
        raise UsageError(f"the manifest {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"the manifest {path} is not UTF-8") from error


def _rows(stream: TextIO, name: str) -> Iterator[tuple[str, Described]]:
    reader = csv.DictReader(stream, strict=True)
    seen: set[str] = set()
    try:
        if "path" not in (reader.fieldnames or ()):
            raise UsageError(f"the manifest {name} has no column path in its first line")
        for row in reader:
            path = _path_of(row, seen)
            seen.add(path)
            yield path, _described(row)
    except UnicodeDecodeError:
        raise
    except (csv.Error, ValueError) as error:
        line = reader.reader.line_num
        raise UsageError(f"the manifest {name}, line {line}: {error}") from error


def _path_of(row: Mapping[str | None, str | None], seen: set[str]) -> str:
    """Raise ValueError for a row that is no file's."""
    if None in row or None in row.values():
        raise ValueError("it has not as many cells as the header")
    path = Path(unescaped(row["path"] or "")).as_posix()
    if path == ".":
        raise ValueError("it has no path")
    if path in seen:
        raise ValueError("its path was there before")
    return path


def _described(row: Mapping[str | None, str | None]) -> Described:
    groups = [unescaped(row.get(column) or "") for column in _GROUP_COLUMNS]
    group = next(filter(None, groups), None)
    return Described(unescaped(row.get("licence") or "") or None, group)
