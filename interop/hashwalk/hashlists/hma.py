"""Signals of a bank of Hasher-Matcher-Actioner (HMA), in JSON: an object a medium."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count, groupby
from typing import Any, BinaryIO

from hashwalk.hashlists.canonical import json_of
from hashwalk.hashlists.container import ContainerReader, ContainerWriter, Head, Told
from hashwalk.hashlists.json_fields import text_of
from hashwalk.hashlists.json_items import Item, json_items
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Record, Reject, record_or_reject
from hashwalk.hashlists.signal_names import SIGNAL_TYPES, signal_meaning, signal_name, signal_text
from hashwalk.hashlists.source_record import source_record
from hashwalk.hashlists.values import check_value

SOURCE = "hma"
_NOTE = "note"
_FIRST_FIELD = re.compile(r'\[?\s*\{\s*"(?:' + "|".join([_NOTE, *SIGNAL_TYPES]) + r')"\s*:\s*"')


class Hma(ContainerReader, ContainerWriter):
    """Every field of an object is a signal type with its hash, except the note."""

    name = "hma"
    summary = "HMA bank signals, JSON: an object a medium, in an array or one a line"
    carries = frozenset({"media_uid", "media_type", "algorithm", "value", "source", "raw"})

    def recognises(self, head: Head) -> bool:
        """Tell by the first field: a signal type or the note, with a text."""
        return _FIRST_FIELD.match(head.text) is not None

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield a record for each hash; those of one object have the same media_uid, its place."""
        for item in json_items(file, told.name, "$", "$[*]"):
            yield from _signals(item)

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write an object a line, with all hashes of a medium that follow each other."""
        for _, medium in groupby(records, key=partial(_medium, count())):
            file.writelines(json_of(signals) + b"\n" for signals in _objects(medium, loss))


def _signals(item: Item) -> Iterator[Record | Reject]:
    try:
        names = _names(item)
    except ValueError as error:
        yield Reject(item.where, str(error), item.text)
    else:
        for name in names:
            yield record_or_reject(f"{item.where}.{name}", item.text, partial(_record, item, name))


def _names(item: Item) -> list[str]:
    names = [name for name in item.checked if name != _NOTE]
    if names:
        return names
    raise ValueError("an object without a signal")


def _record(item: Item, name: str) -> Record:
    algorithm, media_type = signal_meaning(name)
    value = text_of(item.value, name)
    if value is None:
        raise ValueError("the signal is empty")
    check_value(algorithm, value)
    note = text_of(item.value, _NOTE)
    return Record(
        algorithm=algorithm,
        media_type=media_type,
        value=value,
        source=SOURCE,
        media_uid=item.where,
        raw={name: value, _NOTE: note} if note else {name: value},
    )


def _medium(numbers: Iterator[int], record: Record) -> object:
    """Return what the hashes of one medium share, and no other has."""
    is_named = record.media_uid is not None or record.entry_id is not None
    return (record.media_uid, record.entry) if is_named else next(numbers)


def _objects(medium: Iterable[Record], loss: Loss) -> Iterator[dict[str, Any]]:
    """Yield the signals of a medium, several objects where it has two of one type."""
    signals: dict[str, Any] = {}
    for record in medium:
        name = signal_name(record)
        if name in signals:
            yield signals
            signals = {}
        signals[name] = signal_text(record)
        note = source_record(record, SOURCE, loss).get(_NOTE)
        if note:
            signals[_NOTE] = note
    yield signals
