"""Pixels read where Pillow keeps them are those it packs."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hashwalk.picture import Picture
from hashwalk.pixels import grey_of, rgb_of, stored_pixels

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
    picture = Picture(image)
    np.testing.assert_array_equal(picture.rgb, np.asarray(image.convert("RGB")))
    if image.mode != "LAB":  # which Pillow makes no grey of
        np.testing.assert_array_equal(picture.grey, np.asarray(image.convert("L")))


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
    pixels = stored_pixels(image)
    del image
    gc.collect()
    np.testing.assert_array_equal(pixels[..., :3], expected)


@pytest.mark.parametrize("size", [(30, 20), (2048, 2049)])
def test_pixels_are_read_only(size: tuple[int, int]) -> None:
    pixels = stored_pixels(noise("RGB", *size))
    for array in (pixels, rgb_of(pixels), grey_of(pixels)):
        assert not array.flags.writeable


def test_pixels_are_read_where_pillow_keeps_them() -> None:
    """Only where no copy was made does painting show."""
    image = noise("RGB", 300, 200)
    pixels = stored_pixels(image)
    image.putpixel((3, 5), (1, 2, 3))
    assert pixels[5, 3, :3].tolist() == [1, 2, 3]


@settings(max_examples=30, deadline=None)
@given(size=st.sampled_from([3, 4]), seed=st.integers(0, 2**32 - 1))
def test_grey_is_pillows_for_any_colours(size: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (64, 64, size), np.uint8)
    expected = np.asarray(Image.fromarray(pixels[..., :3]).convert("L"))
    np.testing.assert_array_equal(grey_of(pixels), expected)


def test_reference_pictures_are_pillows(vectors_folder: Path) -> None:
    for path in sorted((vectors_folder / "images").iterdir()):
        with Image.open(path) as image:
            image.load()
            assert_equal_to_pillow(image)


def test_painting_on_the_picture_leaves_the_pixels_that_others_have() -> None:
    picture = Picture(noise("RGB", 40, 30))
    before = picture.stored.copy()
    picture.image.paste((255, 0, 0), (0, 0, 20, 20))
    picture.image.putpixel((30, 20), (1, 2, 3))
    np.testing.assert_array_equal(picture.stored, before)
    np.testing.assert_array_equal(picture.rgb, before[..., :3])
