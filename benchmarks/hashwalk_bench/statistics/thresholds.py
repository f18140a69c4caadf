"""The threshold that has a target rate of collisions, and how sure it is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.statistics.model import Interval
from hashwalk_bench.statistics.node_rates import node_rate
from hashwalk_bench.statistics.proportions import unresolved

METHOD = "thresholds whose rate's interval has the target"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The bin whose grid value is the threshold, or None and why; -1 is below every distance."""

    bin: int | None
    interval: Interval | None
    note: str = ""


def threshold_for(
    target: float,
    counts: NDArray[np.integer],
    trials: NDArray[np.integer],
    grid: NDArray[np.generic],
) -> Chosen:
    """Return the largest threshold at which no more than `target` of the pairs collide.

    `counts` is (nodes, nodes, bins), not cumulative, `trials` (nodes, nodes). The interval has
    all thresholds whose own interval has the target (Woodruff 1952). It is refused where the pairs
    do not resolve the target, and where even the first bin has more.
    """
    refused = unresolved(target, int(trials.sum()))
    if refused:
        return Chosen(None, None, refused)
    at = chosen_bin(target, counts.sum(axis=(0, 1)), int(trials.sum()))
    if at < 0:
        return Chosen(None, None, f"more than {target:.0e} collide at the least distance already")
    bins = range(counts.shape[2])
    first = bisect_left(bins, target, key=lambda last: _interval(counts, trials, last).high)
    last = bisect_right(bins, target, key=lambda last: _interval(counts, trials, last).low) - 1
    ends = float(grid[min(first, at)]), float(grid[max(last, at)])
    return Chosen(at, Interval(low=ends[0], high=ends[1], method=METHOD))


def _interval(counts: NDArray[np.integer], trials: NDArray[np.integer], last: int) -> Interval:
    reached = counts[:, :, : last + 1].sum(axis=2, dtype=np.int64)
    return node_rate(reached, trials).interval or Interval(low=0, high=1, method=METHOD)


def chosen_bin(target: float, histogram: NDArray[np.integer], trials: int) -> int:
    """Return the last bin up to which no more than `target` of `trials` lie, -1 if none."""
    reached = np.cumsum(histogram, dtype=np.int64)
    return int(np.searchsorted(reached, target * trials * (1 + 1e-12), "right")) - 1
