"""Recall of one format in two runs over the same media, source by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hashwalk.errors import FormatError
from hashwalk_bench.errors import RunError
from hashwalk_bench.measure.targets import PUBLISHED
from hashwalk_bench.pairs.scale import Distances
from hashwalk_bench.pairs.trials import read_compared
from hashwalk_bench.pairs.units import Units, read_units
from hashwalk_bench.run.storage import read_table
from hashwalk_bench.run.tables import Table
from hashwalk_bench.statistics.clusters import cluster_difference
from hashwalk_bench.statistics.model import Rate

Counts = NDArray[np.int64]
Pair = tuple[Path, Path]


@dataclass(frozen=True, slots=True)
class _Side:
    """One run: the distance of each item to its original, and the number of its cluster.

    Clusters have the same numbers, up to `size`, on both sides.
    """

    units: Units
    distances: Distances
    cluster_of_item: NDArray[np.int64]
    size: int

    def counts(
        self, transforms: tuple[str, ...], threshold: float, half: str | None
    ) -> tuple[Counts, Counts]:
        """Return how many variants are found, and how many there are: (transforms, clusters)."""
        inside = self.units.is_variant() & self.units.in_half(half)
        near = self.distances <= np.float32(threshold)
        chosen = [inside & (self.units.transforms == name) for name in transforms]
        return self._by_cluster([each & near for each in chosen]), self._by_cluster(chosen)

    def _by_cluster(self, masks: Sequence[NDArray[np.bool_]]) -> Counts:
        counts = [np.bincount(self.cluster_of_item[m], minlength=self.size) for m in masks]
        return np.array(counts, np.int64)


@dataclass(frozen=True, slots=True)
class Paired:
    """Both runs in one format; clusters of near-duplicates are those of the first.

    `same_halves` says whether both chose thresholds on the same sources.
    """

    before: _Side
    after: _Side
    same_halves: bool

    @classmethod
    def read(cls, runs: Pair, format_id: str, medium: str) -> Self | None:
        """Return the format in both runs, None where it is not installed or cannot be read."""
        try:
            before, after = (read_compared(folder, format_id, medium) for folder in runs)
        except (FormatError, RunError):
            return None
        known = before.units.clusters.astype(np.int64)
        clusters = dict(zip(digests(runs[0], before.units), known.tolist(), strict=True))
        size = int(known.max(initial=-1)) + 1
        of_items = [
            _clusters(folder, side.units, clusters)
            for folder, side in zip(runs, (before, after), strict=True)
        ]
        return cls(
            _Side(before.units, before.matching(), of_items[0], size),
            _Side(after.units, after.matching(), of_items[1], size),
            same_halves=_halves(runs[0]) == _halves(runs[1]),
        )

    def change(
        self, transforms: tuple[str, ...], point: str, thresholds: tuple[float, float]
    ) -> Rate:
        """Return the change of recall over some transforms of equal weight, at a point."""
        half = None if point == PUBLISHED else "report"
        before = self.before.counts(transforms, thresholds[0], half)
        after = self.after.counts(transforms, thresholds[1], half)
        return cluster_difference(before, after)


def same_sources(runs: Pair, medium: str) -> bool:
    """Tell whether both folders have tables of runs, over sources with the same bytes."""
    try:
        found = [sorted(digests(folder, read_units(folder, medium))) for folder in runs]
    except RunError:
        return False
    return bool(found[0]) and found[0] == found[1]


def digests(folder: Path, units: Units) -> list[str]:
    """Return the SHA-256 of each source of a medium."""
    table = read_table(folder, Table.SOURCES, columns=["source", "sha256"]).to_pydict()
    of_source = dict(zip(table["source"], table["sha256"], strict=True))
    return [of_source[source] for source in units.sources.tolist()]


def _halves(folder: Path) -> dict[str, str]:
    table = read_table(folder, Table.SOURCES, columns=["sha256", "half"]).to_pydict()
    return dict(zip(table["sha256"], table["half"], strict=True))


def _clusters(folder: Path, units: Units, clusters: dict[str, int]) -> NDArray[np.int64]:
    of_source = [clusters[digest] for digest in digests(folder, units)]
    return np.array(of_source, np.int64)[units.source_of]
