"""The planes of a picture are Pillow's, wherever its pixels came from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray
from PIL import Image

from hashwalk.picture import Picture

rgb_arrays = npst.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)))


@given(rgb_arrays)
def test_the_grey_of_pixels_is_what_pillow_makes_of_them(rgb: NDArray[np.uint8]) -> None:
    assert np.array_equal(Picture.from_rgb(rgb).grey, np.asarray(Image.fromarray(rgb).convert("L")))


def test_grey_is_rounded_as_pillow_rounds_it_for_the_whole_range_of_colours() -> None:
    """Every third value of each channel, so that sums next to a half are met too."""
    steps = np.arange(0, 256, 3, dtype=np.uint8)
    rgb = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(len(steps), -1, 3)
    assert np.array_equal(Picture.from_rgb(rgb).grey, np.asarray(Image.fromarray(rgb).convert("L")))


def test_pixels_in_another_order_of_storage_give_the_same_grey() -> None:
    rgb = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    mirrored = Picture.from_rgb(rgb[::-1, ::-1])
    assert np.array_equal(mirrored.grey, Picture.from_rgb(rgb).grey[::-1, ::-1])


@pytest.mark.parametrize(("mode", "is_grey"), [("L", True), ("RGB", False), ("1", False)])
def test_a_picture_is_grey_if_pillow_has_one_plane_of_it(mode: str, is_grey: bool) -> None:
    assert Picture(Image.new(mode, (4, 4))).is_grey is is_grey


def test_pixels_are_never_grey_even_if_they_are_without_colour() -> None:
    picture = Picture.from_rgb(np.full((4, 4, 3), 9, np.uint8))
    assert not picture.is_grey
    assert picture.image.mode == "RGB"
    assert not picture.is_grey
