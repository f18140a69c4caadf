"""What formats cost, from the seconds that hashing a sample of the items took."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from hashwalk.format import Hash
from hashwalk_bench.measure.model import Cost
from hashwalk_bench.run.storage import read_table
from hashwalk_bench.run.tables import Table

DECODE = "decode"
"""What the table of costs calls opening and decoding alone."""


class Costs:
    """The costs of all formats of a run, told for any of its items."""

    def __init__(self, folder: Path) -> None:
        """Read the tables of a run; raises RunError."""
        costs = read_table(folder, Table.COSTS)
        items = read_table(folder, Table.ITEMS, columns=["item", "duration_s"])
        self._seconds: dict[str, dict[int, float]] = {}
        for row in costs.to_pylist():
            self._seconds.setdefault(row["format"], {})[row["item"]] = row["seconds"]
        durations = (items.column(name).to_pylist() for name in ("item", "duration_s"))
        self._durations = dict(zip(*durations, strict=True))

    def of(self, format_id: str, hashes: Mapping[int, Hash]) -> Cost:
        """Return what a format costs on the items that have these hashes.

        Times real time is the length of the videos over the seconds of decoding and hashing.
        """
        own = self._seconds.get(format_id, {})
        timed = [item for item in own if item in hashes]
        decoded = self._seconds.get(DECODE, {})
        decoding = [decoded[item] for item in timed if item in decoded]
        return Cost(
            items=len(timed),
            milliseconds=_mean_ms([own[item] for item in timed]),
            decode_milliseconds=_mean_ms(decoding),
            times_real_time=self._times_real_time({i: own[i] + decoded.get(i, 0) for i in timed}),
            bytes=_mean([sum(len(p.value) for p in each.parts) for each in hashes.values()]),
        )

    def _times_real_time(self, spent: Mapping[int, float]) -> float | None:
        lengths = {item: self._durations.get(item) for item in spent}
        seconds = sum(spent[item] for item, length in lengths.items() if length)
        length = sum(length for length in lengths.values() if length)
        return length / seconds if seconds > 0 else None


def _mean_ms(seconds: list[float]) -> float | None:
    return _mean(seconds) * 1000 if seconds else None


def _mean(values: list[float] | list[int]) -> float:
    return float(np.mean(values)) if values else 0.0
