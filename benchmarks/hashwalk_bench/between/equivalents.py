"""Which threshold of one format is worth that of another: equal rates of collisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.measure.model import Equivalent, Interval
from hashwalk_bench.pairs.trials import Trials
from hashwalk_bench.statistics.node_draws import Draws
from hashwalk_bench.statistics.proportions import EVENTS_NEEDED, zero_bound

Reals = NDArray[np.float64]

_METHOD = "node bootstrap"


@dataclass(frozen=True, slots=True)
class Curve:
    """The rate of collisions of a format at each threshold of its grid.

    `rates` is (grid,), `drawn` (draws, grid) of the same draws of nodes for all formats;
    `thresholds` are those that equivalents are wanted for.
    """

    format: str
    grid: Reals
    rates: Reals
    drawn: Reals
    pairs: int
    thresholds: tuple[float, ...]


def curve_of(trials: Trials, draws: Draws, far_drawn: Reals, thresholds: Sequence[float]) -> Curve:
    """Return the curve of a format over all sources; `draws` are of the nodes of its units.

    `far_drawn` (draws, bins) are the counts of unrelated pairs in these draws.
    """
    total = int(trials.pairs.sum())
    drawn = np.maximum(draws.of_pairs(trials.pairs), 1)
    return Curve(
        format=trials.format,
        grid=trials.scale.grid,
        rates=np.cumsum(trials.counts.sum(axis=(0, 1), dtype=np.int64)) / max(total, 1),
        drawn=np.cumsum(far_drawn, axis=1) / drawn[:, None],
        pairs=total,
        thresholds=tuple(dict.fromkeys(thresholds)),
    )


def equivalents(curves: Sequence[Curve]) -> Iterator[Equivalent]:
    """Yield the threshold of each other format that is worth each threshold of a format."""
    for a, b in permutations(curves, 2):
        for threshold in a.thresholds:
            yield _equivalent(a, b, threshold)


def _equivalent(a: Curve, b: Curve, threshold: float) -> Equivalent:
    at = int(np.searchsorted(a.grid, threshold, "right")) - 1
    note = _refused(a, at)
    place = -1 if note else _last_within(b.rates, a.rates[at])
    if place < 0:
        return Equivalent(
            a=a.format,
            b=b.format,
            threshold_a=threshold,
            threshold_b=None,
            interval=None,
            note=note or f"{b.format} collides more often at its least distance already",
        )
    drawn = [max(_last_within(r, rate), 0) for r, rate in zip(b.drawn, a.drawn[:, at], strict=True)]
    low, high = np.quantile(b.grid[drawn], [0.025, 0.975], method="inverted_cdf")
    own = float(b.grid[place])
    return Equivalent(
        a=a.format,
        b=b.format,
        threshold_a=threshold,
        threshold_b=own,
        interval=Interval(low=min(float(low), own), high=max(float(high), own), method=_METHOD),
    )


def _refused(a: Curve, at: int) -> str:
    hits = round(a.rates[at] * a.pairs) if at >= 0 else 0
    if hits >= EVENTS_NEEDED:
        return ""
    return (
        f"not resolvable with {a.pairs:,} pairs: {hits} collide in {a.format}, "
        f"{EVENTS_NEEDED} are needed; no event would bound its rate at {zero_bound(a.pairs):.1e}"
    )


def _last_within(rates: Reals, rate: float) -> int:
    """Return the last place of the grid with a rate of no more, -1 if none."""
    return int(np.searchsorted(rates, rate * (1 + 1e-12), "right")) - 1
