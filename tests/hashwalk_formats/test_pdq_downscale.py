"""The 64x64 luma of PDQ is the double box filter, as weighted sums or as running sums."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashwalk_formats.pdq_downscale import (
    downscaled,
    downscaled_as_reference,
    luma_in_float32,
    luma_rounded_once,
)

SIDES = st.one_of(st.integers(5, 140), st.sampled_from([127, 128, 129, 256, 257, 600]))


def box_filter(n: int) -> NDArray[np.float64]:
    """Return the matrix that averages each window, clipped to the line, as the definition says."""
    window = (n + 127) // 128
    output, position = np.indices((n, n))
    stop = output + (window + 2) // 2
    inside = (position >= stop - window) & (position < stop)
    return inside / inside.sum(axis=1, keepdims=True)


def defined(luma: NDArray[np.float64]) -> NDArray[np.float64]:
    if luma.shape == (64, 64):
        return luma
    down, across = (np.linalg.matrix_power(box_filter(n), 2) for n in luma.shape)
    rows, columns = (((np.arange(64) + 0.5) * n / 64).astype(int) for n in luma.shape)
    return (down @ luma @ across.T)[rows[:, None], columns]


@settings(max_examples=25, deadline=None)
@given(height=SIDES, width=SIDES, seed=st.integers(0, 2**32 - 1))
def test_both_ways_compute_the_filter_as_defined(height: int, width: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    expected = defined(pixels @ np.array([0.299, 0.587, 0.114]))
    assert np.abs(downscaled(pixels) - expected).max() < 1e-4
    as_reference = downscaled_as_reference(pixels, luma_rounded_once)
    assert np.abs(as_reference - expected).max() < 0.02


def test_a_grey_plane_gives_what_its_rgb_form_gives() -> None:
    grey = np.random.default_rng(4).integers(0, 256, (200, 333), dtype=np.uint8)
    rgb = np.repeat(grey[..., None], 3, axis=2)
    assert np.abs(downscaled(grey) - downscaled(rgb)).max() < 1e-4
    assert np.array_equal(luma_rounded_once(grey), luma_rounded_once(rgb))


def test_luma_rounded_once_is_the_float64_luma_of_every_colour() -> None:
    """All greens and blues at every 15th red: sums of thousandths lose nothing."""
    green, blue = np.indices((256, 256), dtype=np.uint8)
    for red in range(0, 256, 15):
        pixels = np.dstack([np.full_like(green, red), green, blue])
        expected = (red * 0.299 + green * 0.587 + blue * 0.114).astype(np.float32)
        assert np.array_equal(luma_rounded_once(pixels), expected)


def test_luma_in_float32_rounds_at_every_step() -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    f32 = np.float32
    expected = [
        [
            f32(f32(f32(r) * f32(0.299) + f32(g) * f32(0.587)) + f32(b) * f32(0.114))
            for r, g, b in row
        ]
        for row in pixels.tolist()
    ]
    assert np.array_equal(luma_in_float32(pixels), np.array(expected, np.float32))


def test_the_pixels_handed_in_stay_as_they_were() -> None:
    grey = np.random.default_rng(6).integers(0, 256, (70, 90), dtype=np.uint8)
    before = grey.copy()
    downscaled_as_reference(grey, luma_rounded_once)
    assert np.array_equal(grey, before)
