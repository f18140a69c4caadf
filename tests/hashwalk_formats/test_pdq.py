"""PDQ equals its reference implementations bit for bit, quality and ties included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from hashwalk.format import Hash
from hashwalk.picture import Picture
from hashwalk_formats import pdq_core
from hashwalk_formats.pdq import PDQ, PDQ_512

Pixels = NDArray[np.uint8]

ODD_SIZES = [
    (5, 5),
    (6, 9),
    (64, 64),
    (63, 65),
    (64, 65),
    (129, 128),
    (5, 700),
    (700, 5),
    (300, 257),
]


def pictures_of(vectors: dict[str, Any], folder: Path, key: str) -> Iterator[tuple[str, Hash, Any]]:
    format_ = {"pdq": PDQ, "pdq_512": PDQ_512}[key]
    for name, known in vectors["images"].items():
        if key in known:
            with Image.open(folder / "images" / name) as image:
                yield name, format_.hash_picture(Picture(image)), known[key]


def hash_pixels(pixels: Pixels) -> Hash:
    return PDQ.hash_picture(Picture.from_rgb(pixels))


def test_pdq_of_every_reference_picture_is_pdqhash_s(
    vectors: dict[str, Any], vectors_folder: Path
) -> None:
    found = list(pictures_of(vectors, vectors_folder, "pdq"))
    assert len(found) == 16
    for name, computed, known in found:
        assert (PDQ.render(computed), computed.quality) == (known["hash"], known["quality"]), name


def test_pdq_512_of_every_8_bit_reference_picture_is_the_command_s(
    vectors: dict[str, Any], vectors_folder: Path
) -> None:
    found = list(pictures_of(vectors, vectors_folder, "pdq_512"))
    assert len(found) == 15
    for name, computed, known in found:
        if name != "fractal-16bit.png":
            shown = PDQ_512.render(computed), computed.quality
            assert shown == (known["hash"], known["quality"]), name


def test_the_dialects_agree_up_to_512_pixels_only(vectors_folder: Path) -> None:
    for name, same in (("tiny-42x34.png", True), ("fractal-1600x1004.jpg", False)):
        with Image.open(vectors_folder / "images" / name) as image:
            picture = Picture(image)
            values = {f.hash_picture(picture).value for f in (PDQ, PDQ_512)}
        assert (len(values) == 1) is same


@pytest.mark.parametrize("size", [(1, 1), (4, 4), (4, 500), (500, 4)])
def test_a_side_under_5_pixels_gives_zeros_and_quality_0(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)
    for format_ in (PDQ, PDQ_512):
        computed = format_.hash_picture(Picture.from_rgb(pixels))
        assert (computed.value, computed.quality) == (bytes(32), 0)


def test_pressing_into_512_makes_a_sliver_wide_enough() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (4, 600, 3), dtype=np.uint8)
    picture = Picture.from_rgb(pixels)
    assert PDQ.hash_picture(picture).quality == 0
    assert PDQ_512.hash_picture(picture).quality == 100


def test_a_grey_picture_has_the_hash_of_its_rgb_form() -> None:
    grey = np.random.default_rng(2).integers(0, 256, (90, 130), dtype=np.uint8)
    computed = PDQ.hash_picture(Picture(Image.fromarray(grey)))
    assert computed == hash_pixels(np.repeat(grey[..., None], 3, axis=2))


def test_a_low_quality_hash_gives_no_verdict() -> None:
    flat = hash_pixels(np.full((70, 70, 3), 9, np.uint8))
    comparison = PDQ.compare(flat, flat)
    assert comparison.match is None
    assert "quality 0 is under the floor of 50" in comparison.reason


def test_the_colours_of_a_picture_are_never_converted_in_place() -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (100, 80, 3), dtype=np.uint8)
    before = pixels.copy()
    hash_pixels(pixels)
    assert np.array_equal(pixels, before)


def reference(pixels: Pixels) -> tuple[bytes, int]:
    pdqhash = pytest.importorskip("pdqhash", reason="the extra `oracles` is not installed")
    bits, quality = pdqhash.compute(np.ascontiguousarray(pixels))
    return np.packbits(bits.astype(np.uint8)).tobytes(), quality


def assert_equals_reference(pixels: Pixels) -> None:
    computed = hash_pixels(np.ascontiguousarray(pixels))
    assert (computed.value, computed.quality) == reference(pixels)


@pytest.mark.oracle
@settings(max_examples=80, deadline=None)
@given(
    size=st.tuples(st.integers(1, 150), st.integers(1, 150)),
    low=st.integers(0, 255),
    span=st.integers(1, 256),
    block=st.integers(1, 40),
    seed=st.integers(0, 2**32 - 1),
)
def test_small_pictures_of_any_contrast_hash_as_pdqhash(
    size: tuple[int, int], low: int, span: int, block: int, seed: int
) -> None:
    """Noise in blocks, from a single colour (all ties) to full contrast."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(low, min(low + span, 256), (150, 150, 3), dtype=np.uint8)
    pixels = blocks.repeat(block, axis=0).repeat(block, axis=1)
    assert_equals_reference(pixels[: size[0], : size[1]])


@pytest.mark.oracle
@pytest.mark.parametrize("size", ODD_SIZES)
@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (77, 77, 77), (13, 200, 99)])
def test_flat_pictures_hash_as_pdqhash(size: tuple[int, int], colour: tuple[int, ...]) -> None:
    """All coefficients are rounding errors here, so only the order of additions decides."""
    assert_equals_reference(np.broadcast_to(np.array(colour, np.uint8), (*size, 3)).copy())


@pytest.mark.oracle
@pytest.mark.parametrize("size", ODD_SIZES)
def test_symmetric_patterns_hash_as_pdqhash(size: tuple[int, int]) -> None:
    """Checkerboards, stripes, two halves and slow gradients have many ties."""
    rows, columns = np.indices(size)
    patterns = [
        (rows // 3 + columns // 3) % 2 * 255,
        (rows // 8 + columns // 8) % 2 * 100 + 20,
        rows % 2 * 255,
        (columns * 2 > size[1]) * 200,
        (rows * 2 > size[0]) * 3 + 7,
        columns * 255 // size[1],
        rows * 9 // size[0] + columns * 5 // size[1],
    ]
    for pattern in patterns:
        assert_equals_reference(np.repeat(pattern[..., None], 3, axis=2).astype(np.uint8))


@pytest.mark.oracle
@pytest.mark.parametrize("size", [(700, 900), (1023, 257), (2600, 1900)])
def test_charts_with_text_hash_as_pdqhash(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(size)
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = int(rng.integers(size[0])), int(rng.integers(size[1]))
        colour = tuple(int(c) for c in rng.integers(0, 256, 3))
        draw.text((x, y), "a chart of 123", fill=colour, font_size=max(9, size[1] // 30))
        draw.rectangle((x, y, x + size[0] // 9, y + size[1] // 7), outline=colour, width=2)
    assert_equals_reference(np.asarray(image))


@pytest.mark.oracle
@settings(max_examples=60, deadline=None)
@given(
    size=st.tuples(st.integers(65, 700), st.integers(65, 700)),
    tile=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    colours=st.integers(2, 300),
    contrast=st.sampled_from([1, 3, 20, 256]),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_reference_stays_within_the_doubt_that_the_estimate_is_given(
    size: tuple[int, int], tile: tuple[int, int], colours: int, contrast: int, seed: int
) -> None:
    """Repeated patterns, which make its running sums drift furthest, down to low contrast."""
    pdqhash = pytest.importorskip("pdqhash", reason="the extra `oracles` is not installed")
    rng = np.random.default_rng(seed)
    darkest = rng.integers(0, 257 - contrast, 3)
    palette = (darkest + rng.integers(0, contrast, (colours, 3))).astype(np.uint8)
    pattern = rng.integers(0, colours, tile)
    rows, columns = np.indices(size)
    pixels = palette[pattern[rows % tile[0], columns % tile[1]]]
    estimate = pdq_core._estimate(pixels)
    coefficients, _ = pdqhash.compute_float(np.ascontiguousarray(pixels))
    deviation = np.abs(coefficients[::-1].reshape(16, 16) - estimate.coefficients)
    assert (deviation < estimate.doubt).all()


@pytest.mark.oracle
@pytest.mark.parametrize("length", [12_000, 300_000])
@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_the_doubt_grows_with_the_sides(length: int, is_turned: bool, seed: int) -> None:
    """Over hundreds of thousands of pixels sums drift further than any doubt of usual pictures."""
    pdqhash = pytest.importorskip("pdqhash", reason="the extra `oracles` is not installed")
    blocks = np.random.default_rng(seed).integers(0, 256, (64, 5, 3), dtype=np.uint8)
    pixels = blocks[np.arange(length) * 64 // length]
    pixels = np.ascontiguousarray(pixels.swapaxes(0, 1)) if is_turned else pixels
    assert_equals_reference(pixels)
    estimate = pdq_core._estimate(pixels)
    coefficients, _ = pdqhash.compute_float(pixels)
    deviation = np.abs(coefficients[::-1].reshape(16, 16) - estimate.coefficients)
    assert (deviation < estimate.doubt).all()
