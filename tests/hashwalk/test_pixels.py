"""Pixels copied from where Pillow keeps them are those it packs."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hashwalk.pixels import rgb_pixels

MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr", "LAB", "I;16")


def noise(mode: str, width: int, height: int) -> Image.Image:
    """Draw other noise in each band, so that swapped or shifted bands show."""
    values = np.random.default_rng(width).integers(0, 256, (height, width, 4), np.uint8)
    image = Image.fromarray(values, "RGBA")
    if mode in {"PA", "LAB", "I;16"}:
        bands = {"PA": 2, "LAB": 3, "I;16": 2}[mode]
        return Image.frombytes(mode, (width, height), values[..., :bands].tobytes())
    return image if mode == "RGBA" else image.convert("RGB").convert(mode)


def assert_equal_to_pillow(image: Image.Image) -> None:
    expected = np.asarray(image.convert("RGB"))
    np.testing.assert_array_equal(rgb_pixels(image), expected)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (7, 1), (5, 3), (641, 33)])
def test_pixels_of_any_mode_are_pillows(mode: str, size: tuple[int, int]) -> None:
    assert_equal_to_pillow(noise(mode, *size))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
@pytest.mark.parametrize("size", [(2048, 2048), (2048, 2049), (5003, 1999), (4_200_000, 2)])
def test_pixels_of_pictures_around_and_over_16_mib_are_pillows(
    mode: str, size: tuple[int, int]
) -> None:
    assert_equal_to_pillow(noise(mode, *size))


def test_pixels_stay_when_the_picture_is_gone() -> None:
    image = noise("RGB", 300, 200)
    expected = np.asarray(image).copy()
    pixels = rgb_pixels(image)
    del image
    gc.collect()
    np.testing.assert_array_equal(pixels, expected)


def test_pixels_may_be_changed_without_the_picture() -> None:
    image = noise("RGB", 30, 20)
    before = image.tobytes()
    rgb_pixels(image)[:] = 0
    assert image.tobytes() == before


def test_reference_pictures_are_pillows(vectors_folder: Path) -> None:
    for path in sorted((vectors_folder / "images").iterdir()):
        with Image.open(path) as image:
            image.load()
            assert_equal_to_pillow(image)
