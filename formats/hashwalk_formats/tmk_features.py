"""The features of a video's frames, summed up as they come: the mean, and waves over time.

Every number is rounded where the reference rounds it, and added in its order, so that the
vector of the same frames is the same to the last bit. Source: facebook/ThreatExchange, tmk/cpp.
"""

from __future__ import annotations

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from hashwalk_formats.pdq_dct import coefficients_in_order
from hashwalk_formats.tmk_loops import Reals, add_waves
from hashwalk_formats.tmk_luma import LumaBatch
from hashwalk_formats.tmk_vector import (
    COEFFICIENTS,
    DIMENSION,
    PERIODS,
    Floats,
    TmkVector,
    kernel_weights,
)

_SHAPE = (2, len(PERIODS), COEFFICIENTS, DIMENSION)
_WAVES = 2 * len(PERIODS) * COEFFICIENTS
_AT_ONCE = 32
"""How many frames are worked on together, which shares the cost of each step among them."""
_PERIODS = np.array(PERIODS)
_TURNS = 2 * np.pi * np.arange(COEFFICIENTS)


class FeatureSums:
    """Sums up features; takes 2 MB, however many frames there are."""

    def __init__(self) -> None:
        """Begin with no frame."""
        self.frame_count = 0
        self._lumas = LumaBatch(_AT_ONCE)
        self._copies: list[int] = []
        self._summed = 0
        self._total: Floats = np.zeros(DIMENSION, np.float32)
        self._waves: Floats = np.zeros((_WAVES, DIMENSION), np.float32)

    def show(self, frame: VideoFrame) -> None:
        """Take the frame that is counted next; raises av.FFmpegError for odd pixel formats."""
        if len(self._copies) == _AT_ONCE:
            self._sum_up()
        self._lumas.add(frame)
        self._copies.append(0)

    def count(self, copies: int) -> None:
        """Count the frame that was shown last so many times more."""
        self._copies[-1] += copies
        self.frame_count += copies

    def vector(self) -> TmkVector:
        """Return the features of all frames, at least one of them; it takes no frame after."""
        self._sum_up()
        mean = self._total / np.float32(self.frame_count)
        cos, sin = _of_length_one(self._waves).reshape(_SHAPE) * np.sqrt(kernel_weights())[:, None]
        return TmkVector(self.frame_count, mean, cos, sin)

    def _sum_up(self) -> None:
        features = coefficients_in_order(self._lumas.take()).reshape(-1, DIMENSION)
        directions = _of_length_one(features).astype(np.float64)
        shown = np.repeat(np.arange(len(features)), self._copies)
        for start in range(0, len(shown), _AT_ONCE):
            some = shown[start : start + _AT_ONCE]
            # Along the first axis of an array in C order numpy adds one slice to the next.
            self._total = np.add.reduce([self._total, *features[some]], axis=0)
            times = np.arange(self._summed, self._summed + len(some))
            add_waves(directions, some, _phases(times), self._waves)
            self._summed += len(some)
        self._copies.clear()


def _of_length_one(vectors: Floats) -> Floats:
    """Return the vectors along the last axis divided by their lengths; zeros stay zeros."""
    # Unlike a sum, a cumulative one adds strictly one after the other.
    squares: Floats = np.cumsum(vectors * vectors, axis=-1, dtype=np.float32)[..., -1:]
    lengths: Floats = np.sqrt(np.where(squares > 0, squares, np.float32(1)))
    directions: Floats = vectors / lengths
    return directions


def _phases(times: NDArray[np.intp]) -> Reals:
    """Return (time, wave), cosines of all periods and coefficients, then sines, at some frames."""
    turned = (_TURNS * times[:, None, None] / _PERIODS[:, None]).reshape(len(times), -1)
    return np.hstack([np.cos(turned), np.sin(turned)])
