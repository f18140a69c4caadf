"""What a format makes of each transform and of each family of transforms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hashwalk_bench.measure.model import Edited, Family
from hashwalk_bench.measure.recall import Variants
from hashwalk_bench.measure.targets import Aim, recall_at
from hashwalk_bench.pairs.trials import Trials


@dataclass(frozen=True, slots=True)
class Step:
    """What is known of a transform's call: its family, and its place on the ladder."""

    family: str
    strength: float | None


def edited(
    trials: Trials, variants: Variants, steps: Mapping[str, Step], aims: Sequence[Aim]
) -> tuple[Edited, ...]:
    """Return what the format makes of each transform."""
    return tuple(_edited(name, steps[name], trials, variants, aims) for name in variants.transforms)


def families(
    variants: Variants, steps: Mapping[str, Step], aims: Sequence[Aim]
) -> tuple[Family, ...]:
    """Return what the format makes of each family: every transform has the same weight."""
    members: dict[str, list[str]] = {}
    for name in variants.transforms:
        members.setdefault(steps[name].family, []).append(name)
    return tuple(
        Family(
            family=family,
            recall={aim.name: recall_at(aim, variants, tuple(names)) for aim in aims},
        )
        for family, names in members.items()
    )


def _edited(
    name: str, step: Step, trials: Trials, variants: Variants, aims: Sequence[Aim]
) -> Edited:
    own = variants.of(name)
    counts, total = trials.matching(own)
    known = trials.distances[own]
    known = known[np.isfinite(known)].astype(np.float64)
    return Edited(
        transform=name,
        family=step.family,
        strength=step.strength,
        trials=total,
        unusable=total - len(known),
        distances=tuple(counts.tolist()),
        mean_distance=float(known.mean()) if len(known) else None,
        recall={aim.name: recall_at(aim, variants, (name,)) for aim in aims},
    )
