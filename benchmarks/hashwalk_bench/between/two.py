"""Two formats at one target rate: what the second one adds, and where they agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.between.ground import Ground
from hashwalk_bench.between.levels import Ints, Levels, level_for, together
from hashwalk_bench.measure.model import Between, Interval, Rate
from hashwalk_bench.statistics.agreement import kappa
from hashwalk_bench.statistics.clusters import cluster_difference, cluster_rate
from hashwalk_bench.statistics.effective_trials import effective_interval
from hashwalk_bench.statistics.node_draws import Draws
from hashwalk_bench.statistics.node_rates import METHOD
from hashwalk_bench.statistics.proportions import no_trials, unresolved

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Found:
    """One format, or two together, at a target: trials found, and pairs that collide."""

    trials: Mask
    pairs: Ints

    @classmethod
    def at(cls, target: float, levels: Levels, ground: Ground) -> _Found:
        level = level_for(levels.choose, ground.allowed(target))
        return cls(ground.found(levels, level), levels.report.within(level))


def between(
    several: Sequence[Levels], ground: Ground, targets: Sequence[float], seed: int
) -> Iterator[Between]:
    """Yield each ordered pair of formats at each target rate that the pairs resolve."""
    draws = Draws.of(ground.clusters, seed)
    for target in targets:
        if unresolved(target, ground.choose_pairs):
            continue
        found = {each.format: _Found.at(target, each, ground) for each in several}
        unions: dict[frozenset[str], _Found] = {}
        for a, b in permutations(several, 2):
            both = frozenset((a.format, b.format))
            if both not in unions:
                unions[both] = _Found.at(target, together([a, b]), ground)
            sides = found[a.format], found[b.format], unions[both]
            yield _told((a.format, b.format), target, sides, ground, draws)


def _told(
    names: tuple[str, str],
    target: float,
    sides: tuple[_Found, _Found, _Found],
    ground: Ground,
    draws: Draws,
) -> Between:
    a, b, _ = sides
    every = ground.by_cluster(np.ones_like(a.trials))
    of_a, of_b, of_union = (ground.by_cluster(side.trials) for side in sides)
    return Between(
        a=names[0],
        b=names[1],
        target=target,
        recall_a=cluster_rate(of_a, every),
        recall_b=cluster_rate(of_b, every),
        b_finds_a_missed=cluster_rate(
            ground.by_cluster(b.trials & ~a.trials), ground.by_cluster(~a.trials)
        ),
        union=cluster_rate(of_union, every),
        union_gain=cluster_difference((of_a, every), (of_union, every)),
        kappa=_kappa(a.trials, b.trials, ground, draws),
        shared_collisions=_shared(a.pairs, b.pairs, ground),
    )


def _kappa(a: Mask, b: Mask, ground: Ground, draws: Draws) -> Rate:
    """Return how far the two agree beyond chance on which trials they find."""
    cells = [a & b, a & ~b, ~a & b, ~a & ~b]
    table = np.stack([ground.by_cluster(cell) for cell in cells], axis=1)
    totals = table.sum(axis=0)
    value = kappa(*totals.tolist())
    if not np.isfinite(value):
        return no_trials("both find the same of all, or nothing: chance alone explains it")
    drawn = np.array([kappa(*row) for row in draws.of_nodes(table).tolist()])
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Rate(
        hits=int(totals[0] + totals[3]),
        trials=int(totals.sum()),
        value=value,
        interval=Interval(
            low=min(float(low), value), high=max(float(high), value), method="bootstrap of sources"
        ),
    )


def _shared(a: Ints, b: Ints, ground: Ground) -> Rate:
    """Return the share of the pairs colliding in A that collide in B too.

    Its variance is that of the sums of each node, whose pairs depend on one another.
    """
    if not len(a):
        return no_trials(f"no collision of the first among {ground.report_pairs.sum():,} pairs")
    shared = np.isin(a, b, assume_unique=True)
    hits, trials = int(shared.sum()), len(a)
    influence = (shared - hits / trials) / trials
    ends = np.concatenate(ground.ends(a))
    of_nodes = np.bincount(ends, weights=np.tile(influence, 2), minlength=ground.nodes)
    of_pairs = float(influence @ influence)
    variance = max(float(of_nodes @ of_nodes) - of_pairs, of_pairs)
    inside = effective_interval(hits / trials, variance, len(np.unique(ends)), trials, METHOD)
    return Rate(hits=hits, trials=trials, value=hits / trials, interval=inside)
