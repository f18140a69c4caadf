"""Distances as counted by bin, made into rates at every threshold of a format's grid."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.measure.model import Edited, Measured
from hashwalk_bench.statistics.model import Rate

Reals = NDArray[np.float64]
Counts = NDArray[np.int64]
_NORMAL = 3.92
"""The width of a 95 % interval in standard errors."""


@dataclass(frozen=True)
class Rates:
    """What a format finds and confuses at each value of its grid, of all sources."""

    grid: tuple[float, ...]
    recall: Reals
    collisions: Reals
    pairs: int


def rates(measured: Measured) -> Rates:
    """Return the rates of a format at each value of its grid."""
    pairs = measured.non_matching_pairs
    return Rates(
        measured.grid,
        _recall(measured),
        np.cumsum(measured.non_matching) / max(pairs, 1),
        pairs,
    )


def _recall(measured: Measured) -> Reals:
    """Return the recall at each value of the grid: every edit that has trials weighs as much."""
    told = [edited for edited in measured.edited if edited.trials]
    each = [np.cumsum(edited.distances[: len(measured.grid)]) / edited.trials for edited in told]
    return np.asarray(np.mean(each, axis=0) if each else np.zeros(len(measured.grid)), np.float64)


def matching(measured: Measured, edits: tuple[Edited, ...]) -> tuple[Counts, int]:
    """Return the matching distances of edits by bin, and how many trials there were."""
    counted = np.zeros(len(measured.grid), np.int64)
    for edited in edits:
        counted += np.asarray(edited.distances[: len(counted)], np.int64)
    return counted, sum(edited.trials for edited in edits)


def recall_units(measured: Measured) -> int:
    """Return as how many independent trials the recall varies, for intervals at any threshold."""
    return _units([point.recall for point in measured.points], measured.references)


def pair_units(measured: Measured) -> int:
    """Return as how many independent pairs the rate of collisions varies."""
    return _units([p.collisions for p in measured.points], max(measured.references // 2, 1))


def _units(told: list[Rate], otherwise: int) -> int:
    units = [
        rate.value * (1 - rate.value) / ((rate.interval.high - rate.interval.low) / _NORMAL) ** 2
        for rate in told
        if rate.value
        and rate.value < 1
        and rate.interval
        and rate.interval.high > rate.interval.low
    ]
    return max(round(median(units)), 1) if units else otherwise
