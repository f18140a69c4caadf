"""Project VIC's VICS data model in JSON: hash sets and case files of 1.x and 2.0."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from hashwalk.errors import HashListError
from hashwalk.hashlists.container import ContainerReader, ContainerWriter, Head, Told
from hashwalk.hashlists.json_elements import json_elements
from hashwalk.hashlists.json_items import Item, json_items
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Record, Reject
from hashwalk.hashlists.vics_media import HASH_FIELDS, Model, read_media
from hashwalk.hashlists.vics_writing import WRITTEN_AS, media_of

_CONTEXT_KEYS = ("odata.metadata", "@odata.context")
_MODEL = r"[^\"]*ProjectVic/DataModels/([0-9]+(?:\.[0-9]+)*)\.xml(?:/([^/\"$#]+)/)?[^\"]*"
_CONTEXT = re.compile(_MODEL, re.IGNORECASE)
_IN_HEAD = re.compile(rf'"(?:odata\.metadata|@odata\.context)"\s*:\s*"{_MODEL}"', re.IGNORECASE)


class Vics(ContainerReader, ContainerWriter):
    """The media of a hash set or of a case, each with its category and its hashes."""

    name = "vics"
    summary = "Project VIC VICS, JSON: hash sets and cases of 1.2, 1.3 and 2.0; written as 2.0"
    carries = frozenset(
        {"media_uid", "media_type", "algorithm", "value", "source", "entry_id", "labels"}
        | {"updated", "raw"}
    )

    def recognises(self, head: Head) -> bool:
        """Tell by the data model that the context names."""
        text = head.text
        return text.startswith("{") and bool(_IN_HEAD.search(text.replace("\\/", "/")))

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the records of each medium, of `value` or of the cases in it.

        Raises HashListError where no data model is named before the first medium: without it a
        category has no meaning.
        """
        for item in json_items(file, told.name, "$.value[*]", "$.value[*].Media[*]"):
            model = _model(item, told.name)
            if not _is_case(item):
                yield from read_media(item, model)

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write a hash set of 2.0; importers need the context first and the media second."""
        file.write(f'{{"@odata.context":"{WRITTEN_AS}","value":['.encode())
        file.writelines(json_elements(media_of(records, loss)))
        file.write(b"\n]}\n")


def _model(item: Item, name: str) -> Model:
    """Return the data model that the document around an item names."""
    document = item.around[0]
    for key in _CONTEXT_KEYS:
        found = _CONTEXT.fullmatch(str(document.get(key)))
        if found:
            return Model(found[1], found[2] or "")
    keys = " or ".join(_CONTEXT_KEYS)
    raise HashListError(f"{name} names no VICS data model, as {keys}, before its media")


def _is_case(item: Item) -> bool:
    """Tell the object around the media of a case, which comes when they have been read."""
    if item.problem or len(item.around) > 1 or not isinstance(item.value, dict):
        return False
    return "CaseID" in item.value and HASH_FIELDS.isdisjoint(item.value)
