"""Resized grey planes are Pillow's, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from hashwalk.lanczos import Size, resize_grey

Plane = NDArray[np.uint8]

sides = st.integers(1, 90)
targets = st.tuples(st.integers(1, 70), st.integers(1, 70))


@st.composite
def planes(draw: st.DrawFn) -> Plane:
    """Draw noise, black and white noise (which overshoots most), or a flat plane."""
    shape = (draw(sides), draw(sides))
    noise = np.random.default_rng(draw(st.integers(0, 2**32))).integers(0, 256, shape, np.uint8)
    kind = draw(st.sampled_from(["noise", "extremes", "flat"]))
    if kind == "extremes":
        return np.where(noise < 128, 0, 255).astype(np.uint8)
    return np.full_like(noise, noise[0, 0]) if kind == "flat" else noise


def by_pillow(plane: Plane, size: Size) -> Plane:
    return np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.LANCZOS))


def noise(width: int, height: int) -> Plane:
    return np.random.default_rng(width).integers(0, 256, (height, width), np.uint8)


def assert_equal_to_pillow(plane: Plane, sizes: set[Size]) -> None:
    resized = resize_grey(plane, sizes)
    assert resized.keys() == sizes
    for size in sizes:
        np.testing.assert_array_equal(resized[size], by_pillow(plane, size))
        assert resized[size].dtype == np.uint8


@settings(max_examples=300, deadline=None)
@given(planes(), st.sets(targets, min_size=1, max_size=4))
def test_any_plane_at_any_sizes_is_pillows(plane: Plane, sizes: set[Size]) -> None:
    assert_equal_to_pillow(plane, sizes)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(129, 600),
    st.integers(129, 600),
    st.sets(st.tuples(st.integers(1, 33), st.integers(1, 33)), min_size=1, max_size=3),
)
def test_planes_that_lose_most_rows_and_columns_are_pillows(
    width: int, height: int, sizes: set[Size]
) -> None:
    assert_equal_to_pillow(noise(width, height), sizes)


@pytest.mark.parametrize(
    ("width", "height"),
    [(1, 1), (1, 900), (900, 1), (70000, 3), (3, 5000), (8, 8), (1999, 701), (257, 4096)],
)
def test_slivers_and_large_planes_are_pillows(width: int, height: int) -> None:
    sizes = {(8, 8), (9, 8), (8, 9), (17, 16), (32, 32), (64, 64), (256, 256)}
    assert_equal_to_pillow(noise(width, height), sizes)


@pytest.mark.parametrize("size", [(20, 8), (32, 12), (40, 3), (44, 8), (30, 180), (8, 211)])
def test_tall_planes_are_resized_in_the_order_of_the_installed_pillow(size: Size) -> None:
    """Pillow 13 resizes some of them along the columns first, Pillow 12.3 slivers alone."""
    assert_equal_to_pillow(noise(44, 211), {size, (8, 8)})
    assert_equal_to_pillow(noise(2, 211), {size, (8, 8)})


def test_sides_that_have_the_length_asked_for_are_left_as_they_are() -> None:
    plane = noise(64, 48)
    assert_equal_to_pillow(plane, {(64, 48), (64, 20), (30, 48), (64, 200), (8, 48)})
    assert not np.shares_memory(resize_grey(plane, [(64, 48)])[64, 48], plane)


def test_weights_close_to_rounding_are_rounded_as_pillow_does() -> None:
    """Sums of a single bright pixel show each weight on its own."""
    for width in (31, 96, 640, 1537):
        plane = np.zeros((1, width), np.uint8)
        for bright in range(0, width, 7):
            plane[:] = 0
            plane[0, bright] = 255
            assert_equal_to_pillow(plane, {(8, 1), (17, 1)})


def test_reference_pictures_are_pillows(vectors_folder: Path) -> None:
    for path in sorted((vectors_folder / "images").iterdir()):
        with Image.open(path) as image:
            plane = np.asarray(image.convert("L"))
        assert_equal_to_pillow(plane, {(8, 8), (9, 8), (32, 32), (128, 128), (300, 300)})


def test_read_only_and_strided_planes_are_taken_and_left_as_they_are() -> None:
    plane = noise(120, 80)[::2, ::3]
    before = plane.copy()
    plane.flags.writeable = False
    np.testing.assert_array_equal(
        resize_grey(plane, [(8, 8)])[8, 8], by_pillow(np.ascontiguousarray(plane), (8, 8))
    )
    np.testing.assert_array_equal(plane, before)


def test_resized_planes_are_read_only() -> None:
    for plane in resize_grey(noise(30, 200), [(8, 8), (20, 8)]).values():
        assert not plane.flags.writeable


def test_no_sizes_give_no_planes() -> None:
    assert resize_grey(noise(9, 9), []) == {}
