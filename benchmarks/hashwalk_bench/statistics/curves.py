"""ROC, DET, AUC and EER, exactly, from counts of distances by bin.

Histograms are (bins,), or (…, bins) for many at once; trials are those that were counted, and
those without a usable hash, which are farther than every bin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Roc:
    """Rates at each threshold of the grid, from 0 events on: arrays of bins + 2."""

    collisions: Reals
    recall: Reals


def roc(
    matching: NDArray[np.generic],
    non_matching: NDArray[np.generic],
    matching_trials: float | Reals | None = None,
    non_matching_trials: float | Reals | None = None,
) -> Roc:
    """Return the curve from (0, 0) over each bin to (1, 1); trials default to the sums."""
    return Roc(_shares(non_matching, non_matching_trials), _shares(matching, matching_trials))


def auc(curve: Roc) -> Reals:
    """Return P(match nearer than non-match) + P(equal) / 2, by the trapezes of the curve."""
    heights = (curve.recall[..., 1:] + curve.recall[..., :-1]) / 2
    area: Reals = (np.diff(curve.collisions, axis=-1) * heights).sum(axis=-1)
    return area


def eer(curve: Roc) -> Reals:
    """Return the rate at which collisions and misses are equal, on lines between thresholds."""
    gap = curve.collisions - (1 - curve.recall)
    after = np.argmax(gap >= 0, axis=-1)[..., None]
    before = np.maximum(after - 1, 0)
    low, high = np.take_along_axis(gap, before, -1), np.take_along_axis(gap, after, -1)
    share = np.where(high > low, -low / np.where(high > low, high - low, 1), 0)
    below = np.take_along_axis(curve.collisions, before, -1)
    above = np.take_along_axis(curve.collisions, after, -1)
    rate: Reals = (below + share * (above - below))[..., 0]
    return rate


def normal_deviate(rates: NDArray[np.float64]) -> Reals:
    """Return the axis of a DET curve: the standard normal quantile of each rate, ±inf at 0, 1."""
    return np.asarray(ndtri(rates), np.float64)


def _shares(histogram: NDArray[np.generic], trials: float | Reals | None) -> Reals:
    """Return cumulative shares with 0 before the first and 1 behind the last bin."""
    reached = np.cumsum(histogram, axis=-1, dtype=np.float64)
    total = reached[..., -1] if trials is None else np.asarray(trials, np.float64)
    shares = reached / np.maximum(total, 1e-300)[..., None]
    edge = np.zeros((*reached.shape[:-1], 1))
    return np.concatenate([edge, shares, edge + 1], axis=-1)
