"""The hashes of a run that may be matched, and why the others may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from hashwalk.format import Format, Hash, Part
from hashwalk_bench.run.storage import read_table
from hashwalk_bench.run.tables import Table

NO_HASH = "no hash"


def read_hashes(folder: Path, format_id: str) -> dict[int, Hash]:
    """Return the hashes of a format by the number of the item; raises RunError."""
    columns = ["item", "part", "value", "quality", "time_s"]
    table = read_table(folder, Table.HASHES, columns=columns, format_id=format_id)
    rows = zip(*(table[name].to_pylist() for name in columns), strict=True)
    return {
        item: Hash(format_id, tuple(Part(value, *known) for _, _, value, *known in parts))
        for item, parts in groupby(rows, itemgetter(0))
    }


def read_failures(folder: Path, format_id: str) -> dict[int, str]:
    """Return the codes of failures of a format, or of every format, by the item's number."""
    table = read_table(folder, Table.FAILURES, columns=["item", "format", "code"])
    rows = zip(*(table[name].to_pylist() for name in table.column_names), strict=True)
    return {item: code for item, name, code in rows if name in {format_id, "*"}}


def reasons_of(
    compared: Format, items: Sequence[int], hashes: Mapping[int, Hash], failures: Mapping[int, str]
) -> tuple[str, ...]:
    """Return why each item has no usable hash: a failure's code or the floor; nothing if it has."""
    return tuple(
        _below_floor(compared, hashes[item]) if item in hashes else failures.get(item, NO_HASH)
        for item in items
    )


def _below_floor(compared: Format, value: Hash) -> str:
    """Return a reason without the hash's own quality, so that reasons can be counted."""
    floor = compared.spec.quality_floor
    if not compared.below_floor(value):
        return ""
    return f"quality under {floor.value}" if floor else "under the floor"
