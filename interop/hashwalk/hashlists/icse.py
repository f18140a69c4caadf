"""INTERPOL's ICSE export: CSV with semicolons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from hashwalk.errors import HashListError, HashParseError
from hashwalk.hashlists.container import ContainerReader, Head, Told
from hashwalk.hashlists.csv_rows import Row, csv_rows
from hashwalk.hashlists.record import MediaType, Record, Reject
from hashwalk.hashlists.values import check_value
from hashwalk.results import Label

SOURCE = "icse"
_DELIMITER = ";"
_ALGORITHMS = {"md5": "md5", "sha1": "sha1", "photodna": "photodna"}
_IDENTITY, _MEDIA_TYPE, _BASELINE = "image id", "media type", "baseline"
_NEEDED = {*_ALGORITHMS, _IDENTITY}
_MEDIA_TYPES = {
    "image": MediaType.PICTURE,
    "picture": MediaType.PICTURE,
    "photo": MediaType.PICTURE,
    "video": MediaType.VIDEO,
    "movie": MediaType.VIDEO,
}


class Icse(ContainerReader):
    """A medium a row, with its MD5, SHA-1 and PhotoDNA; columns are told by their names."""

    name = "icse"
    summary = "INTERPOL ICSE, CSV with semicolons: MD5, SHA1, PhotoDNA, Image ID, Baseline"

    def recognises(self, head: Head) -> bool:
        """Tell by the columns of the header."""
        return _columns(head.first_line.replace('"', "").split(_DELIMITER)) >= _NEEDED

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the records of each row; raises HashListError without the header."""
        rows = csv_rows(file, _DELIMITER)
        header = next(rows, None)
        if header is None or not _columns(header.cells) >= _NEEDED:
            raise HashListError(f"{told.name} has no header with {', '.join(sorted(_NEEDED))}")
        names = [name.strip() for name in header.cells]
        for row in rows:
            yield from _read_row(row, names)


def _columns(names: list[str]) -> set[str]:
    return {name.strip().lower() for name in names}


def _read_row(row: Row, names: list[str]) -> Iterator[Record | Reject]:
    """Yield a record for each hash of a row; a hash that is none is a Reject of its own."""
    try:
        cells = _cells(row, names)
    except ValueError as error:
        yield Reject(row.where, str(error), row.text)
        return
    known = {name.lower(): cell.strip() for name, cell in cells.items()}
    shared: dict[str, Any] = {
        "media_uid": f"{SOURCE}:{known[_IDENTITY]}" if known[_IDENTITY] else None,
        "media_type": _media_type(known),
        "source": SOURCE,
        "entry_id": known[_IDENTITY] or None,
        "labels": _labels(known),
        "raw": cells,
    }
    hashes = [(name, known[name]) for name in _ALGORITHMS if known[name]]
    if not hashes:
        yield Reject(row.where, "there is no hash", row.text)
    for name, value in hashes:
        try:
            check_value(_ALGORITHMS[name], value)
        except HashParseError as error:
            yield Reject(row.where, str(error), row.text)
        else:
            yield Record(**shared, algorithm=_ALGORITHMS[name], value=value)


def _cells(row: Row, names: list[str]) -> dict[str, str]:
    """Return the cells of a row by column; raises ValueError where they are not as many."""
    if len(row.checked) != len(names):
        raise ValueError(f"{len(row.cells)} cells instead of {len(names)}")
    return dict(zip(names, row.cells, strict=True))


def _media_type(known: dict[str, str]) -> MediaType | None:
    return _MEDIA_TYPES.get(known.get(_MEDIA_TYPE, "").lower())


def _labels(known: dict[str, str]) -> tuple[Label, ...]:
    """Return whether the medium belongs to INTERPOL's Baseline, in the words of the list."""
    told = known.get(_BASELINE, "")
    return (Label("interpol-baseline", "", "", told),) if told else ()
