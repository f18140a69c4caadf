"""Which formats to use together under a budget of false alarms: the greedy best ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from hashwalk_bench.between.ground import Ground
from hashwalk_bench.between.levels import Levels, level_for, together
from hashwalk_bench.measure.model import BestSet
from hashwalk_bench.statistics.clusters import cluster_rate
from hashwalk_bench.statistics.node_rates import node_rate
from hashwalk_bench.statistics.proportions import unresolved

_MOST = 5
"""More formats than this nobody runs beside one another, and each adds less."""


def best_sets(
    medium: str, several: Sequence[Levels], ground: Ground, targets: Sequence[float]
) -> Iterator[BestSet]:
    """Yield, for each target rate that the pairs resolve, the best format, the best two, and so on.

    Each is added that raises recall on the half ``choose`` most, with thresholds re-equated to
    the one target rate; what is told is of the half ``report``. It ends where none raises it.
    """
    for target in targets:
        if not unresolved(target, ground.choose_pairs):
            yield from _grown(medium, several, ground, target)


def _grown(
    medium: str, several: Sequence[Levels], ground: Ground, target: float
) -> Iterator[BestSet]:
    chosen: list[Levels] = []
    reached = 0
    while len(chosen) < _MOST:
        left = [each for each in several if each not in chosen]
        tried = [(_recalled(together([*chosen, each]), ground, target), each) for each in left]
        best, added = max(tried, key=lambda one: one[0], default=(0, None))
        if added is None or best <= reached:
            return
        chosen.append(added)
        reached = best
        yield _told(medium, chosen, ground, target)


def _recalled(levels: Levels, ground: Ground, target: float) -> int:
    """Return how many trials of the half ``choose`` are found."""
    level = level_for(levels.choose, ground.allowed(target))
    return int((levels.matching[~ground.report] <= level).sum())


def _told(medium: str, chosen: Sequence[Levels], ground: Ground, target: float) -> BestSet:
    levels = together(chosen)
    level = level_for(levels.choose, ground.allowed(target))
    found = ground.found(levels, level)
    return BestSet(
        medium=medium,
        target=target,
        formats=tuple(each.format for each in chosen),
        recall=cluster_rate(ground.by_cluster(found), ground.by_cluster(np.ones_like(found))),
        collisions=node_rate(ground.by_nodes(levels.report.within(level)), ground.report_pairs),
    )
