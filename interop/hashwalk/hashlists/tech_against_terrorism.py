"""The hash list of Tech Against Terrorism, in JSON or CSV of the same fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from hashwalk.errors import HashListError
from hashwalk.hashlists.container import HEAD_BYTES, ContainerReader, Head, Told
from hashwalk.hashlists.csv_rows import Row, csv_rows
from hashwalk.hashlists.json_fields import identifier_of, instant_of_field, text_of, truth_of
from hashwalk.hashlists.json_items import json_items
from hashwalk.hashlists.record import MediaType, Record, Reject, Status, record_or_reject
from hashwalk.hashlists.values import checked_value
from hashwalk.results import Label

SOURCE = "tat"
_ALGORITHMS = {
    "MD5": "md5",
    "SHA1": "sha1",
    "SHA256": "sha256",
    "PDQ": "pdq",
    "TMK": "tmk-pdqf",
    "TMKPDQF": "tmk-pdqf",
}
_NO_LETTER = re.compile(r"[^A-Z0-9]")
_MEDIA_TYPES = {
    **dict.fromkeys(("avif", "bmp", "gif", "heic", "jpeg", "jpg", "png"), MediaType.PICTURE),
    **dict.fromkeys(("tif", "tiff", "webp", "image", "photo"), MediaType.PICTURE),
    **dict.fromkeys(("3gp", "avi", "flv", "m4v", "mkv", "mov", "mp4"), MediaType.VIDEO),
    **dict.fromkeys(("mpeg", "mpg", "webm", "wmv", "video"), MediaType.VIDEO),
}
_NEEDED = {"hash_digest", "algorithm", "deleted"}


class TechAgainstTerrorism(ContainerReader):
    """A hash an entry; `deleted`, a boolean or its text, is the tombstone."""

    name = "tat"
    summary = "Tech Against Terrorism, JSON or CSV: hash_digest, algorithm, ideology, deleted, id"

    def recognises(self, head: Head) -> bool:
        """Tell by the fields hash_digest and algorithm, as keys or in the header."""
        if _is_json(head):
            return '"hash_digest"' in head.text and '"algorithm"' in head.text
        return set(head.first_line.replace('"', "").split(",")) >= _NEEDED

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the record of each entry; raises HashListError without results or header."""
        head = Head(told.name, file.read(HEAD_BYTES))
        file.seek(0)
        if _is_json(head):
            for item in json_items(file, told.name, "$.results[*]", "$[*]"):
                yield item.read_as(_record)
        else:
            yield from _rows(file, told.name)


def _is_json(head: Head) -> bool:
    return head.text[:1] in ("{", "[")


def _rows(file: BinaryIO, name: str) -> Iterator[Record | Reject]:
    rows = csv_rows(file)
    header = next(rows, None)
    if header is None or not set(header.cells) >= _NEEDED:
        raise HashListError(f"{name} has no header with {', '.join(sorted(_NEEDED))}")
    for row in rows:
        yield record_or_reject(row.where, row.text, partial(_record_of_row, header.cells, row))


def _record_of_row(columns: list[str], row: Row) -> Record:
    if len(row.checked) != len(columns):
        raise ValueError(f"{len(row.cells)} cells instead of {len(columns)}")
    return _record(dict(zip(columns, row.cells, strict=True)))


def _record(fields: dict[str, Any]) -> Record:
    word = text_of(fields, "algorithm")
    if word is None:
        raise ValueError("algorithm is missing")
    algorithm = _ALGORITHMS.get(_NO_LETTER.sub("", word.upper()), word)
    is_deleted = truth_of(fields, "deleted")
    if is_deleted is None:
        raise ValueError("deleted is missing")
    entry_id, value = identifier_of(fields, "id"), text_of(fields, "hash_digest")
    if value is not None:
        value = checked_value(algorithm, value, taken_back=entry_id if is_deleted else None)
    elif not is_deleted:
        raise ValueError("hash_digest is missing")
    ideology = text_of(fields, "ideology")
    return Record(
        algorithm=algorithm,
        media_type=_media_type(fields),
        value=value,
        source=SOURCE,
        entry_id=entry_id,
        status=Status.DELETED if is_deleted else Status.ACTIVE,
        labels=(Label("tat-ideology", "", "", ideology),) if ideology else (),
        created=instant_of_field(fields, "created_on"),
        updated=instant_of_field(fields, "updated_on"),
        raw=fields,
    )


def _media_type(fields: Mapping[str, Any]) -> MediaType | None:
    """Return what a file type, an extension or a MIME type, is; None for one not known here."""
    file_type = (text_of(fields, "file_type") or "").lower().lstrip(".")
    return _MEDIA_TYPES.get(file_type) or _MEDIA_TYPES.get(file_type.split("/")[0])
