"""The features of a video's frames, summed up as they come: the mean, and waves over time.

Every number is rounded where the reference rounds it, and added in its order, so that the
vector of the same frames is the same to the last bit. Source: facebook/ThreatExchange, tmk/cpp.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashwalk_formats.pdq_core import coefficients_as_reference
from hashwalk_formats.pdq_downscale import Pixels, luma_in_float32
from hashwalk_formats.tmk_vector import (
    COEFFICIENTS,
    DIMENSION,
    PERIODS,
    Floats,
    TmkVector,
    kernel_weights,
)

_SHAPE = (2, len(PERIODS), COEFFICIENTS, DIMENSION)


def frame_feature(pixels: Pixels) -> Floats:
    """Return the 256 PDQ coefficients of 64x64 RGB pixels, without PDQ's blur."""
    return coefficients_as_reference(luma_in_float32(pixels)).ravel()


class FeatureSums:
    """Sums up features; takes 1 MB, however many frames there are."""

    def __init__(self) -> None:
        """Begin with no frame."""
        self.frame_count = 0
        self._total: Floats = np.zeros(DIMENSION, np.float32)
        self._waves: Floats = np.zeros(_SHAPE, np.float32)
        self._exact: NDArray[np.float64] = np.empty(_SHAPE)

    def add(self, feature: Floats) -> None:
        """Take the feature of the next frame."""
        self._total += feature
        phases = _phases(self.frame_count)[..., None]
        np.multiply(phases, _of_length_one(feature).astype(np.float64), out=self._exact)
        self._exact += self._waves
        self._waves[...] = self._exact
        self.frame_count += 1

    def vector(self) -> TmkVector:
        """Return the features of all frames, at least one of them."""
        mean = self._total / np.float32(self.frame_count)
        cos, sin = _of_length_one(self._waves) * np.sqrt(kernel_weights())[:, None]
        return TmkVector(self.frame_count, mean, cos, sin)


def _of_length_one(vectors: Floats) -> Floats:
    """Return the vectors along the last axis divided by their lengths; zeros stay zeros."""
    # Unlike a sum, a cumulative one adds strictly one after the other.
    squares: Floats = np.cumsum(vectors * vectors, axis=-1, dtype=np.float32)[..., -1:]
    lengths: Floats = np.sqrt(np.where(squares > 0, squares, np.float32(1)))
    directions: Floats = vectors / lengths
    return directions


def _phases(time: int) -> NDArray[np.float64]:
    """Return the cosines and sines of all waves (2, periods, coefficients) at frame `time`."""
    turned = 2 * np.pi * np.arange(COEFFICIENTS) * time / np.array(PERIODS)[:, None]
    return np.array([np.cos(turned), np.sin(turned)])
