"""The points at which rates are told: the published threshold, and those chosen for a target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hashwalk.format import Format
from hashwalk_bench.measure.model import Point, Rate
from hashwalk_bench.measure.recall import Variants
from hashwalk_bench.pairs.trials import Trials
from hashwalk_bench.statistics.node_rates import node_rate
from hashwalk_bench.statistics.proportions import no_trials
from hashwalk_bench.statistics.thresholds import Chosen, threshold_for

TARGETS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Aim:
    """A threshold, how it came about, and the half whose rates are told at it, None for all."""

    name: str
    target: float | None
    half: str | None
    chosen: Chosen
    threshold: float | None


def aims(measured: Format, trials: Trials) -> list[Aim]:
    """Return the thresholds of a format: the published one if any, and one for each target.

    Those for targets are chosen on the half ``choose``, and told on the half ``report``.
    """
    counts, pairs = trials.of_half("choose")
    found = [
        _chosen(target, threshold_for(target, counts, pairs, trials.scale.grid), trials)
        for target in TARGETS
    ]
    published = measured.spec.threshold
    if published is None:
        return found
    at = Chosen(trials.scale.bin_of(published.value), None)
    return [Aim(PUBLISHED, None, None, at, published.value), *found]


def point_of(aim: Aim, trials: Trials, variants: Variants) -> Point:
    """Return the rates at a threshold, over all transforms with equal weights."""
    return Point(
        name=aim.name,
        target=aim.target,
        threshold=aim.threshold,
        threshold_interval=aim.chosen.interval,
        collisions=_collisions(aim, trials),
        recall=recall_at(aim, variants, variants.transforms),
        note=aim.chosen.note,
    )


def recall_at(aim: Aim, variants: Variants, transforms: tuple[str, ...]) -> Rate:
    """Return the recall of some transforms at a threshold, none where there is no threshold."""
    if aim.threshold is None:
        return no_trials(aim.chosen.note)
    return variants.recall(aim.threshold, aim.half, transforms)


def _chosen(target: float, chosen: Chosen, trials: Trials) -> Aim:
    name = f"fpr 1e-{round(-np.log10(target))}"
    at = chosen.bin
    threshold = None if at is None else float(trials.scale.grid[at])
    return Aim(name, target, "report", chosen, threshold)


def _collisions(aim: Aim, trials: Trials) -> Rate:
    if aim.chosen.bin is None:
        return no_trials(aim.chosen.note)
    counts, pairs = trials.of_half(aim.half)
    return node_rate(counts[:, :, : aim.chosen.bin + 1].sum(axis=2, dtype=np.int64), pairs)
