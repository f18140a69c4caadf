"""A cross-walk and a hash list of any size, made of random hashes whose media are known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hashwalk import get_format
from hashwalk.crosswalk import CrosswalkWriter
from hashwalk.crosswalk.parts import write_batch
from hashwalk.crosswalk.schema import SCHEMAS, Table
from hashwalk.hashlists import Record, write_list

FORMATS = ("pdq", "phash", "vpdq")
FRAMES = 5
THRESHOLD = 31
_MEDIA_AT_ONCE = 100_000
_QUALITY = 100

Codes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Lookups:
    """What a list has: the PDQ of each record, which media it is of, and how far it is from it.

    Records of no media have the number -1. The distances are those of the whole list's halves:
    0 for the first half, 1 to THRESHOLD for the next quarter, and -1 for the last.
    """

    codes: Codes
    media: NDArray[np.int64]
    distances: NDArray[np.int64]


def sha256_of(number: int) -> str:
    """Return the SHA-256 of a medium by its number."""
    return hashlib.sha256(number.to_bytes(8, "big")).hexdigest()


def write_crosswalk(folder: Path, media: int, seed: int = 0) -> Codes:
    """Write a cross-walk of so many media in FORMATS, and return the PDQ of each."""
    rng = np.random.default_rng(seed)
    with CrosswalkWriter.open(folder, formats=map(get_format, FORMATS)):
        pass
    written = []
    for batch, first in enumerate(range(0, media, _MEDIA_AT_ONCE), start=1):
        numbers = range(first, min(first + _MEDIA_AT_ONCE, media))
        names = [sha256_of(number) for number in numbers]
        values = {name: _random(rng, len(names) * _values(name), _size(name)) for name in FORMATS}
        hashes = (_hashes(names, name, codes, batch) for name, codes in values.items())
        tables = {Table.MEDIA: (_media(names, numbers, batch),), Table.HASHES: hashes}
        write_batch(folder, batch, tables)
        written.append(values["pdq"])
    return np.concatenate(written)


def draw_lookups(codes: Codes, records: int, seed: int = 1) -> Lookups:
    """Return look-ups of media with these PDQs: half equal, a quarter near, a quarter of none."""
    rng = np.random.default_rng(seed)
    exact, near = records // 2, records // 4
    media = rng.choice(len(codes), exact + near, replace=exact + near > len(codes))
    distances = np.repeat([0, -1], [exact, records - exact])
    distances[exact : exact + near] = rng.integers(1, THRESHOLD + 1, near)
    found = np.concatenate([codes[media], _random(rng, records - exact - near, _size("pdq"))])
    found[exact : exact + near] ^= _flips(rng, distances[exact : exact + near])
    absent = np.full(records - exact - near, -1)
    return Lookups(found, np.concatenate([media, absent]), distances)


def write_lookups(path: Path, lookups: Lookups) -> None:
    """Write the look-ups as a list, the number of each being its entry's."""
    records = (
        Record(algorithm="pdq", value=code.tobytes().hex(), source="bench", entry_id=str(number))
        for number, code in enumerate(lookups.codes)
    )
    write_list(records, path, "jsonl")


def _values(format_id: str) -> int:
    return FRAMES if format_id == "vpdq" else 1


def _size(format_id: str) -> int:
    return get_format(format_id).spec.value_bytes or 0


def _random(rng: np.random.Generator, count: int, size: int) -> Codes:
    return rng.integers(0, 256, (count, size), np.uint8)


def _flips(rng: np.random.Generator, counts: NDArray[np.int64]) -> Codes:
    """Return a row of bits for each count, of which so many are set."""
    places = rng.random((len(counts), 8 * _size("pdq"))).argsort(axis=1)
    return np.packbits(places < counts[:, None], axis=1)


def _media(names: list[str], numbers: range, batch: int) -> pa.Table:
    columns = {
        "uri": [f"file:///{number}" for number in numbers],
        "sha256": names,
        "md5": [name[:32] for name in names],
        "type": ["video"] * len(names),
        "labels": [[]] * len(names),
    }
    whole = dict.fromkeys(("size", "mtime_ns", "batch"), np.full(len(names), batch))
    return _table(Table.MEDIA, columns | whole, len(names))


def _hashes(names: list[str], format_id: str, codes: Codes, batch: int) -> pa.Table:
    values, rows = _values(format_id), len(codes)
    part = np.tile(np.arange(values), len(names))
    columns = {
        "sha256": pa.array(names).take(np.repeat(np.arange(len(names)), values)),
        "format": [format_id] * rows,
        "part": part,
        "value": pa.array([code.tobytes() for code in codes], pa.binary()),
        "quality": None if format_id == "phash" else np.full(rows, _QUALITY),
        "time_s": part.astype(np.float64) if values > 1 else None,
        "frame_index": part if values > 1 else None,
        "batch": np.full(rows, batch),
    }
    return _table(Table.HASHES, columns, rows)


def _table(table: Table, columns: dict[str, object], rows: int) -> pa.Table:
    def column(field: pa.Field) -> pa.Array:
        given = columns.get(field.name)
        return pa.nulls(rows, field.type) if given is None else pa.array(given, field.type)

    return pa.table([column(field) for field in SCHEMAS[table]], schema=SCHEMAS[table])
