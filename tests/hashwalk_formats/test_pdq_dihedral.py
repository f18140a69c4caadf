"""The eight orientations of a PDQ: their order, their text, and the least distance of any two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from hashwalk.errors import FormatMismatchError, HashParseError
from hashwalk.format import Hash
from hashwalk.picture import Picture
from hashwalk.testing import make_picture
from hashwalk_formats.pdq import PDQ
from hashwalk_formats.pdq_core import DIHEDRAL
from hashwalk_formats.pdq_dihedral import PDQ_DIHEDRAL

Pixels = NDArray[np.uint8]
TURNED: dict[str, Callable[[Pixels], Pixels]] = {
    "original": lambda p: p,
    "rot90": np.rot90,
    "rot180": lambda p: np.rot90(p, 2),
    "rot270": lambda p: np.rot90(p, 3),
    "flipx": lambda p: p[::-1],
    "flipy": lambda p: p[:, ::-1],
    "flip+1": lambda p: p.transpose(1, 0, 2),
    "flip-1": lambda p: p[::-1, ::-1].transpose(1, 0, 2),
}


@pytest.fixture
def square(vectors_folder: Path) -> Pixels:
    with Image.open(vectors_folder / "images/fractal-1600x1004.jpg") as image:
        return np.asarray(image.convert("RGB"))[:960, 300:1260]


@pytest.mark.parametrize("name", DIHEDRAL)
def test_a_part_is_nearest_to_the_pdq_of_the_turned_pixels(square: Pixels, name: str) -> None:
    """Near, not equal: the blur of an even number of pixels is a pixel off centre."""
    turned = np.ascontiguousarray(TURNED[name](square))
    expected = PDQ.hash_picture(Picture.from_rgb(turned)).value
    parts = PDQ_DIHEDRAL.hash_picture(Picture.from_rgb(square)).parts
    distances = {
        n: PDQ.spec.distance(p.value, expected) for n, p in zip(DIHEDRAL, parts, strict=True)
    }
    assert distances.pop(name) <= 16
    assert min(distances.values()) > 60


def test_the_first_part_is_the_pdq() -> None:
    for seed in range(5):
        picture = make_picture(seed=seed)
        found, first = PDQ.hash_picture(picture), PDQ_DIHEDRAL.hash_picture(picture).parts[0]
        assert (first.value, first.quality) == (found.value, found.quality)


def test_a_turned_and_mirrored_copy_matches(square: Pixels) -> None:
    copy = np.ascontiguousarray(np.rot90(square)[:, ::-1])
    a, b = (PDQ_DIHEDRAL.hash_picture(Picture.from_rgb(p)) for p in (square, copy))
    assert PDQ_DIHEDRAL.compare(a, b).match is True
    plain = [PDQ.hash_picture(Picture.from_rgb(p)) for p in (square, copy)]
    assert PDQ.compare(*plain).match is False


def test_the_distance_is_the_least_of_all_64_pairs() -> None:
    a, b = (PDQ_DIHEDRAL.hash_picture(make_picture(seed=seed)) for seed in (1, 2))
    pairs = [PDQ.spec.distance(x.value, y.value) for x in a.parts for y in b.parts]
    assert PDQ_DIHEDRAL.distance(a, b) == PDQ_DIHEDRAL.distance(b, a) == min(pairs)


def test_the_text_is_eight_values_joined_by_commas() -> None:
    value = PDQ_DIHEDRAL.hash_picture(make_picture())
    for encoding in ("hex", "base64"):
        text = PDQ_DIHEDRAL.render(value, encoding)
        assert text.count(",") == 7
        read = PDQ_DIHEDRAL.parse(text)
        assert [p.value for p in read.parts] == [p.value for p in value.parts]


def test_seven_values_are_refused() -> None:
    value = PDQ_DIHEDRAL.hash_picture(make_picture())
    with pytest.raises(HashParseError, match="expected 8 values"):
        PDQ_DIHEDRAL.parse(PDQ_DIHEDRAL.render(value).rpartition(",")[0])
    with pytest.raises(FormatMismatchError, match="has 8 parts, not 7"):
        PDQ_DIHEDRAL.distance(value, Hash(value.format, value.parts[1:]))


@pytest.mark.oracle
@settings(max_examples=40, deadline=None)
@given(
    size=st.sampled_from([(64, 64), (3, 9), (5, 5), (64, 65), (90, 200), (131, 130)]),
    span=st.integers(1, 256),
    block=st.integers(1, 20),
    seed=st.integers(0, 2**32 - 1),
)
def test_all_eight_equal_pdqhash(size: tuple[int, int], span: int, block: int, seed: int) -> None:
    """Also where all coefficients tie, and at 64x64, which this reference filters too."""
    pdqhash = pytest.importorskip("pdqhash", reason="the extra `oracles` is not installed")
    blocks = np.random.default_rng(seed).integers(0, span, (200, 200, 3), dtype=np.uint8)
    enlarged = blocks.repeat(block, axis=0).repeat(block, axis=1)
    pixels = np.ascontiguousarray(enlarged[: size[0], : size[1]])
    bits, quality = pdqhash.compute_dihedral(pixels)
    parts = PDQ_DIHEDRAL.hash_picture(Picture.from_rgb(pixels)).parts
    assert [p.value for p in parts] == [np.packbits(b.astype(np.uint8)).tobytes() for b in bits]
    assert {p.quality for p in parts} == {quality}
