"""Features are summed up frame by frame, every sum rounded to float32, however often one counts."""

from __future__ import annotations

import numpy as np
import pytest
from av.video.frame import VideoFrame

from hashwalk.testing import make_pixels
from hashwalk_formats.pdq_dct import coefficients_in_order
from hashwalk_formats.pdq_downscale import luma_in_float32
from hashwalk_formats.tmk_features import FeatureSums
from hashwalk_formats.tmk_vector import PERIODS, TmkVector, kernel_weights

PICTURES = [make_pixels(64, 64, seed) for seed in range(33)]


def vector_of(copies: list[int]) -> TmkVector:
    """Return the vector of the pictures, each counted so many times."""
    sums = FeatureSums()
    for pixels, count in zip(PICTURES, copies, strict=False):
        sums.show(VideoFrame.from_ndarray(pixels, "rgb24"))
        sums.count(count)
    return sums.vector()


def of_length_one(vectors: np.ndarray) -> np.ndarray:
    """Return the vectors of length 1, their squares added one by one; zeros stay zeros."""
    squares = np.zeros(vectors.shape[:-1], np.float32)
    for values in np.moveaxis(vectors, -1, 0):
        squares += values * values
    return np.asarray(vectors / np.sqrt(np.where(squares, squares, 1))[..., None])


@pytest.mark.parametrize("copies", [[1], [1] * 11, [2, 1, 3], [1, 40, 1], [3] * 11, [1] * 33])
def test_waves_are_those_of_one_frame_after_the_other(copies: list[int]) -> None:
    total, waves = np.zeros(256, np.float32), np.zeros((2, 4, 32, 256), np.float32)
    for time, number in enumerate(np.repeat(np.arange(len(copies)), copies)):
        feature = coefficients_in_order(luma_in_float32(PICTURES[number])[None]).ravel()
        total = total + feature
        angles = 2 * np.pi * np.arange(32) * time / np.array(PERIODS)[:, None]
        phases = np.stack([np.cos(angles), np.sin(angles)])[..., None]
        waves = (waves + phases * of_length_one(feature).astype(float)).astype(np.float32)
    cos, sin = of_length_one(waves) * np.sqrt(kernel_weights())[:, None]
    vector = vector_of(copies)
    assert vector.frame_count == sum(copies)
    np.testing.assert_array_equal(vector.mean, total / np.float32(sum(copies)))
    np.testing.assert_array_equal(vector.cos, cos)
    np.testing.assert_array_equal(vector.sin, sin)


def test_a_frame_counts_as_if_it_had_been_shown_as_often() -> None:
    sums = FeatureSums()
    for number in np.repeat(np.arange(3), 10):
        sums.show(VideoFrame.from_ndarray(PICTURES[number], "rgb24"))
        sums.count(1)
    assert sums.vector().to_bytes() == vector_of([10, 10, 10]).to_bytes()
