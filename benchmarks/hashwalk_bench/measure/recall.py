"""Recall of a format: of one transform, of several with equal weights."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.measure.model import Rate
from hashwalk_bench.pairs.trials import Trials
from hashwalk_bench.pairs.units import Units
from hashwalk_bench.run.tables import ORIGINAL
from hashwalk_bench.statistics.clusters import cluster_rate
from hashwalk_bench.statistics.proportions import exact_rate, no_trials

Mask = NDArray[np.bool_]


class Variants:
    """The variants of a run in one format, by transform."""

    def __init__(self, trials: Trials) -> None:
        """Take what the format makes of the run."""
        self._trials = trials

    @property
    def _units(self) -> Units:
        return self._trials.units

    @cached_property
    def _of_transform(self) -> dict[str, Mask]:
        names = self._units.transforms
        found = dict.fromkeys(name for name in names.tolist() if name != ORIGINAL)
        return {name: np.asarray(names == name, np.bool_) for name in found}

    @property
    def transforms(self) -> tuple[str, ...]:
        """The ids of the transforms' calls, in the order in which items have them."""
        return tuple(self._of_transform)

    def of(self, transform: str) -> Mask:
        """Tell which items are variants of a transform."""
        return self._of_transform[transform] & self._units.is_variant()

    def recall(self, threshold: float, half: str | None, transforms: tuple[str, ...]) -> Rate:
        """Return the share of variants within a threshold, of the sources of a half.

        Of one transform and independent sources the interval is exact; where sources are
        near-duplicates, or of several transforms, it is that of their clusters.
        """
        if not transforms:
            return no_trials("no source has an edited copy")
        inside = self._units.in_half(half)
        counts = [
            self._trials.recall_counts(threshold, self._of_transform[name] & inside)
            for name in transforms
        ]
        hits, of = (np.array(side).reshape(len(counts), -1) for side in zip(*counts, strict=True))
        if len(counts) == 1 and of.max(initial=0) <= 1:
            return exact_rate(int(hits.sum()), int(of.sum()))
        return cluster_rate(hits, of)
