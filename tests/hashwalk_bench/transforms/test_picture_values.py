"""Colours, light, blur and noise: what becomes of the values of pixels."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hashwalk_bench.transforms import Subject

Edited = Callable[..., Image.Image]
Pixels = NDArray[np.float64]


@pytest.fixture
def source(subject: Subject) -> Pixels:
    """The (60, 80, 3) values of the source."""
    return np.asarray(subject.rgb, float)


@pytest.mark.parametrize("change", [-0.5, -0.05, 0.1, 0.5])
def test_brightness_multiplies_all_values(edited: Edited, source: Pixels, change: float) -> None:
    """10 % more is a tenth more of each, up to 255."""
    expected = np.clip(source * (1 + change), 0, 255)
    assert np.abs(np.asarray(edited("brightness", change=change)) - expected).max() <= 1


@pytest.mark.parametrize("change", [-0.5, -0.2, 0.05, 0.2])
def test_contrast_moves_values_from_the_mean_grey(
    edited: Edited, subject: Subject, source: Pixels, change: float
) -> None:
    """The mean grey itself stays."""
    mean = np.asarray(subject.rgb.convert("L"), float).mean()
    expected = np.clip(mean + (source - mean) * (1 + change), 0, 255)
    assert np.abs(np.asarray(edited("contrast", change=change)) - expected).max() <= 2


@pytest.mark.parametrize("change", [-0.5, -0.1, 0.1, 0.5])
def test_saturation_moves_values_from_their_own_grey(
    edited: Edited, subject: Subject, source: Pixels, change: float
) -> None:
    """The grey of a pixel stays, but where a value would leave the range."""
    grey = np.asarray(subject.rgb.convert("L"), float)[..., None]
    expected = np.clip(grey + (source - grey) * (1 + change), 0, 255)
    assert np.abs(np.asarray(edited("saturation", change=change)) - expected).max() <= 2


@pytest.mark.parametrize("exponent", [0.5, 2])
def test_gamma_raises_values_to_a_power(edited: Edited, source: Pixels, exponent: float) -> None:
    """Over 1 is darker, below is lighter."""
    expected = 255 * (source / 255) ** exponent
    assert np.abs(np.asarray(edited("gamma", exponent=exponent)) - expected).max() <= 0.5


def test_grey_has_equal_channels(edited: Edited, subject: Subject) -> None:
    """All three are the source's grey."""
    made = np.asarray(edited("grey"))
    assert (made == np.asarray(subject.rgb.convert("L"))[..., None]).all()


def test_sepia_is_brown(edited: Edited) -> None:
    """Red is over green, and green over blue, in every pixel that is not at the limit."""
    red, green, blue = np.moveaxis(np.asarray(edited("sepia"), int), 2, 0)
    assert ((red >= green) & (green >= blue)).all()
    assert (red - blue).mean() > 20


def test_inverted_values_are_the_rest_to_255(edited: Edited, source: Pixels) -> None:
    """The negative."""
    assert np.array_equal(np.asarray(edited("invert")), 255 - source)


def test_hue_moves_around_the_circle(edited: Edited, subject: Subject) -> None:
    """By 120 degrees red becomes green; the value of a pixel stays."""
    before, after = (
        np.asarray(p.convert("HSV"), int) for p in (subject.rgb, edited("hue", degrees=120))
    )
    coloured = before[..., 1] > 100
    moved = (after[..., 0] - before[..., 0])[coloured & (before[..., 2] > 100)] % 256
    assert np.median(moved) == pytest.approx(120 / 360 * 256, abs=2)
    assert np.abs(after[..., 2] - before[..., 2]).max() <= 2


def test_a_vignette_darkens_corners_and_leaves_the_middle(edited: Edited, source: Pixels) -> None:
    """A corner loses the share."""
    made = np.asarray(edited("vignette", share=0.6), float)
    assert np.abs(made[0, 0] - 0.4 * source[0, 0]).max() <= 1
    assert np.abs(made[30, 40] - source[30, 40]).max() <= 1


@pytest.mark.parametrize("sigma", [1, 2, 4])
def test_a_blur_is_gaussian(edited: Edited, source: Pixels, sigma: int) -> None:
    """It is a weighted mean of neighbours, the weights falling as the sigma says."""
    reach = 5 * sigma
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    columns = range(30, 34)
    wide = np.pad(source, ((reach, reach), (reach, reach), (0, 0)), "reflect")
    down = np.stack([np.tensordot(weights, wide[r : r + len(weights)], 1) for r in range(60)])
    found = np.asarray(edited("blur", sigma=sigma))
    for left in columns:
        expected = np.tensordot(down[:, left : left + len(weights)], weights, axes=(1, 0))
        assert np.abs(found[:, left] - expected).max() < 2.5


def test_a_median_is_that_of_the_neighbours(edited: Edited, source: Pixels) -> None:
    """Radius 1 is of nine values."""
    made = np.asarray(edited("median", radius=1))
    assert np.array_equal(made[10, 10], np.median(source[9:12, 9:12].reshape(9, 3), axis=0))


def test_sharpening_makes_edges_stronger(edited: Edited, subject: Subject) -> None:
    """Neighbours differ more than they did."""
    before, after = (
        np.abs(cv2.Laplacian(np.asarray(p.convert("L")), cv2.CV_64F)).mean()
        for p in (subject.rgb, edited("sharpen"))
    )
    assert after > 1.3 * before


def test_noise_has_the_sigma_and_no_bias(edited: Edited, source: Pixels) -> None:
    """Where values have room on both sides."""
    noise = np.asarray(edited("gaussian_noise", sigma=10), float) - source
    inside = noise[(source > 50) & (source < 205)]
    assert inside.std() == pytest.approx(10, rel=0.05)
    assert abs(inside.mean()) < 0.5


def test_salt_and_pepper_fall_on_a_share_of_the_pixels(edited: Edited, source: Pixels) -> None:
    """Half of them are black, half white, and all others stay."""
    made = np.asarray(edited("salt_and_pepper", share=0.1))
    struck = (made != source).any(axis=2)
    assert struck.mean() == pytest.approx(0.1, abs=0.02)
    assert np.isin(made[struck], (0, 255)).all()
    assert (made[struck] == 255).mean() == pytest.approx(0.5, abs=0.1)
