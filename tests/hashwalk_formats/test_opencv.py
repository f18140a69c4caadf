"""The OpenCV formats are what cv2.img_hash computes, and compare as it does."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hashwalk.picture import Picture
from hashwalk_formats import opencv
from hashwalk_formats.opencv import OpenCVFormat

ALGORITHMS: dict[OpenCVFormat, Any] = {
    opencv.AVERAGE: cv2.img_hash.AverageHash,
    opencv.PHASH: cv2.img_hash.PHash,
    opencv.BLOCK_MEAN: cv2.img_hash.BlockMeanHash,
    opencv.MARR_HILDRETH: cv2.img_hash.MarrHildrethHash,
    opencv.RADIAL_VARIANCE: cv2.img_hash.RadialVarianceHash,
    opencv.COLOR_MOMENT: cv2.img_hash.ColorMomentHash,
}
BINARY = [
    opencv.AVERAGE,
    opencv.PHASH,
    opencv.BLOCK_MEAN,
    opencv.MARR_HILDRETH,
]
each_format = pytest.mark.parametrize("tested", ALGORITHMS, ids=lambda f: str(f.spec.id))

vectors_of_bytes = st.binary(min_size=40, max_size=40)


def bgr(image: Image.Image) -> np.ndarray[Any, Any]:
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def pictures(folder: Path) -> list[Image.Image]:
    images = []
    for path in sorted((folder / "images").iterdir()):
        with Image.open(path) as image:
            images.append(image.copy())
    return images


def noise(width: int, height: int) -> Image.Image:
    generator = np.random.default_rng(3)
    return Image.fromarray(generator.integers(0, 256, (height, width, 3), dtype=np.uint8))


@each_format
def test_a_picture_has_the_bytes_that_opencv_computes(
    tested: OpenCVFormat, vectors_folder: Path
) -> None:
    for image in pictures(vectors_folder):
        expected = ALGORITHMS[tested].create().compute(bgr(image))
        assert tested.hash_picture(Picture(image)).value == expected.tobytes()


@each_format
@pytest.mark.parametrize("size", [(1, 1), (5000, 3), (3, 5000), (2, 7)])
def test_tiny_and_thin_pictures_have_a_finite_hash(
    tested: OpenCVFormat, size: tuple[int, int]
) -> None:
    image = noise(*size)
    hashed = tested.hash_picture(Picture(image))
    expected = ALGORITHMS[tested].create().compute(bgr(image))
    assert np.isfinite(expected).all()
    assert hashed.value == expected.tobytes()
    assert tested.parse(tested.render(hashed)) == hashed


@each_format
def test_the_width_of_a_value_is_the_declared_one(tested: OpenCVFormat) -> None:
    assert len(tested.hash_picture(Picture(noise(60, 40))).value) == tested.spec.value_bytes


@pytest.mark.parametrize("tested", [*BINARY, opencv.RADIAL_VARIANCE], ids=lambda f: f.spec.id)
def test_a_grey_picture_hashes_as_its_grey_plane_does(tested: OpenCVFormat) -> None:
    image = noise(123, 77).convert("L")
    expected = ALGORITHMS[tested].create().compute(np.asarray(image))
    assert tested.hash_picture(Picture(image)).value == expected.tobytes()


def compared_by_opencv(tested: OpenCVFormat, one: Image.Image, other: Image.Image) -> float:
    algorithm = ALGORITHMS[tested].create()
    found: float = algorithm.compare(algorithm.compute(bgr(one)), algorithm.compute(bgr(other)))
    return found


@pytest.mark.parametrize("tested", BINARY, ids=lambda f: f.spec.id)
def test_binary_hashes_are_as_far_apart_as_opencv_says(
    tested: OpenCVFormat, vectors_folder: Path
) -> None:
    for one, other in itertools.pairwise(pictures(vectors_folder)):
        a, b = (tested.hash_picture(Picture(image)) for image in (one, other))
        assert tested.distance(a, b) == compared_by_opencv(tested, one, other)


def test_radial_variances_are_as_far_apart_as_their_correlation_falls_short_of_1(
    vectors_folder: Path,
) -> None:
    tested = opencv.RADIAL_VARIANCE
    for one, other in itertools.pairwise(pictures(vectors_folder)):
        a, b = (tested.hash_picture(Picture(image)) for image in (one, other))
        expected = 1 - compared_by_opencv(tested, one, other)
        assert tested.distance(a, b) == pytest.approx(expected, abs=1e-6)


def test_colour_moments_are_as_far_apart_as_opencv_says_but_for_its_factor(
    vectors_folder: Path,
) -> None:
    tested = opencv.COLOR_MOMENT
    for one, other in itertools.pairwise(pictures(vectors_folder)):
        a, b = (tested.hash_picture(Picture(image)) for image in (one, other))
        expected = compared_by_opencv(tested, one, other) / 10_000
        assert tested.distance(a, b) == pytest.approx(expected, abs=1e-15)


@given(vectors_of_bytes, vectors_of_bytes)
def test_peak_cross_correlation_is_symmetric_and_within_0_and_1(a: bytes, b: bytes) -> None:
    distance = opencv.PeakCrossCorrelation()
    assert distance(a, b) == distance(b, a)
    assert 0 <= distance(a, b) <= 1
    assert distance(a, a) == 0


@given(vectors_of_bytes, st.integers(0, 39))
def test_a_shifted_vector_correlates_fully_unless_it_is_flat(value: bytes, shift: int) -> None:
    """The radial hash of a picture turned by a few degrees is nearly shifted."""
    turned = value[shift:] + value[:shift]
    expected = 1.0 if len(set(value)) == 1 and value != turned else 0.0
    assert opencv.PeakCrossCorrelation()(value, turned) == pytest.approx(expected, abs=1e-12)


def test_a_flat_vector_is_at_1_from_any_other() -> None:
    distance = opencv.PeakCrossCorrelation()
    assert distance(bytes(40), bytes([7] * 40)) == 1.0
    assert distance(bytes(40), bytes(range(40))) == 1.0
    assert distance(bytes(40), bytes(40)) == 0.0


@given(st.lists(st.binary(min_size=8, max_size=8) | st.just(bytes(8)), min_size=1, max_size=6))
def test_correlations_of_many_are_exactly_those_of_each_pair(values: list[bytes]) -> None:
    distance = opencv.PeakCrossCorrelation()
    expected = [[distance(a, b) for b in values] for a in values[:3]]
    assert distance.between(values[:3], values).tolist() == expected
