"""Blockhash is what the published implementation computes, rounding of sums included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hashwalk.picture import Picture
from hashwalk_formats.blockhash import BLOCKHASH

sides = st.one_of(st.integers(1, 60), st.sampled_from([16, 32, 48]))


def text_of(image: Image.Image) -> str:
    return BLOCKHASH.render(BLOCKHASH.hash_picture(Picture(image)))


def by_reference(image: Image.Image) -> str:
    core = pytest.importorskip("blockhash.core", reason="the extra `oracles` is not installed")
    utility = pytest.importorskip(
        "blockhash.utility", reason="the extra `oracles` is not installed"
    )
    text: str = core.blockhash(utility.normalize_image(image), 16)
    return text


def noise(width: int, height: int, seed: int = 0, channels: int = 3) -> np.ndarray[Any, Any]:
    generator = np.random.default_rng(seed)
    return generator.integers(0, 256, (height, width, channels), dtype=np.uint8)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(max_examples=60, deadline=None)
@given(sides, sides, st.integers(0, 2**32))
def test_noise_of_any_size_gives_what_the_reference_gives(
    width: int, height: int, seed: int
) -> None:
    image = Image.fromarray(noise(width, height, seed))
    assert text_of(image) == by_reference(image)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(max_examples=60, deadline=None)
@given(sides, sides, st.lists(st.integers(0, 255), min_size=1, max_size=2), st.integers(0, 99))
def test_dark_and_bright_ties_are_broken_by_the_same_rounding(
    width: int, height: int, shades: list[int], seed: int
) -> None:
    """Pictures of one or two shades have many blocks that equal the median."""
    chosen = np.random.default_rng(seed).choice(np.array(shades, np.uint8), (height, width, 1))
    image = Image.fromarray(chosen.repeat(3, axis=2))
    assert text_of(image) == by_reference(image)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "name", ["flat.png", "tiny-42x34.png", "sliver-5x40.png", "chart-1bit.png"]
)
def test_reference_pictures_give_what_the_reference_gives(name: str, vectors_folder: Path) -> None:
    with Image.open(vectors_folder / "images" / name) as image:
        image.load()
        assert text_of(image) == by_reference(image)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_that_the_reference_takes_gives_the_same(mode: str) -> None:
    image = Image.fromarray(noise(50, 37, channels=4), "RGBA")
    converted = image.convert("RGB").convert("P") if mode == "P" else image.convert(mode)
    assert text_of(converted) == by_reference(converted)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("size", [(1, 1), (5000, 3), (3, 5000)])
def test_tiny_and_thin_pictures_give_what_the_reference_gives(size: tuple[int, int]) -> None:
    image = Image.fromarray(noise(*size))
    assert text_of(image) == by_reference(image)


def test_a_transparent_pixel_is_as_bright_as_white() -> None:
    colours = noise(64, 48, channels=4)
    colours[..., 3] = np.where(colours[..., 3] < 128, 0, 255)
    white = colours[..., :3].copy()
    white[colours[..., 3] == 0] = 255
    assert text_of(Image.fromarray(colours, "RGBA")) == text_of(Image.fromarray(white))


def test_other_modes_are_hashed_as_their_rgb_pixels() -> None:
    image = Image.fromarray(noise(50, 37, channels=4), "CMYK")
    assert text_of(image) == text_of(image.convert("RGB"))


def test_each_band_of_four_rows_has_a_median_of_its_own() -> None:
    """The left half of every band is brighter, however dark the band."""
    plane = np.repeat(np.array([200, 140, 80, 20], np.uint8), 8)[:, None].repeat(32, axis=1)
    plane[:, :16] += 10
    assert text_of(Image.fromarray(plane)) == "ff00" * 16
