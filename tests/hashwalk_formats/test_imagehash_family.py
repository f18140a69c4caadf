"""The imagehash family is what the package imagehash computes, on any picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hashwalk.errors import HashParseError
from hashwalk.format import Format, Hash, Part, PictureHasher
from hashwalk.picture import Picture
from hashwalk.registry import formats
from hashwalk_formats.crop_resistant import CROP_RESISTANT
from hashwalk_formats.wavelet import WHASH_HAAR

Reference = Callable[[Image.Image], Any]

SMALL: dict[str, Reference] = {
    "ahash": imagehash.average_hash,
    "phash": imagehash.phash,
    "phash-256": lambda image: imagehash.phash(image, hash_size=16),
    "dhash": imagehash.dhash,
    "dhash-256": lambda image: imagehash.dhash(image, hash_size=16),
    "dhash-vertical": imagehash.dhash_vertical,
    "whash-haar": imagehash.whash,
    "colorhash": imagehash.colorhash,
}
ALL: dict[str, Reference] = {**SMALL, "crop-resistant": imagehash.crop_resistant_hash}

MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F")


def text_of(format_id: str, image: Image.Image) -> str:
    found: Format = formats()[format_id]
    assert isinstance(found, PictureHasher)
    return found.render(found.hash_picture(Picture(image, found.grey_sizes)))


def outcome(compute: Callable[[], object]) -> str:
    """Return the text of a hash, or that there is none."""
    try:
        return str(compute())
    except Exception:  # noqa: BLE001
        return "no hash"


def noise(width: int, height: int, seed: int = 0, channels: int = 3) -> np.ndarray[Any, Any]:
    generator = np.random.default_rng(seed)
    return generator.integers(0, 256, (height, width, channels), dtype=np.uint8)


def image_in(mode: str, width: int = 90, height: int = 70) -> Image.Image:
    if mode == "I;16":
        deep = np.random.default_rng(1).integers(0, 65536, (height, width), dtype=np.uint16)
        return Image.fromarray(deep)
    colours = Image.fromarray(noise(12, 9, channels=4), "RGBA").resize((width, height))
    if mode == "PA":
        return colours.convert("LA").convert("PA")
    return colours.convert("RGB" if mode in {"P", "YCbCr", "I", "F"} else mode).convert(mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format_id", ALL)
def test_every_mode_of_pillow_gives_what_imagehash_gives(format_id: str, mode: str) -> None:
    """A mode that Pillow cannot convert has no hash here or there."""
    image = image_in(mode)
    expected = outcome(lambda: ALL[format_id](image))
    assert outcome(lambda: text_of(format_id, image)) == expected
    assert expected != "no hash" or format_id == "colorhash"


@pytest.mark.parametrize("format_id", SMALL)
def test_reference_pictures_give_what_imagehash_gives(format_id: str, vectors_folder: Path) -> None:
    for path in sorted((vectors_folder / "images").iterdir()):
        with Image.open(path) as image:
            assert text_of(format_id, image) == str(SMALL[format_id](image)), path.name


@pytest.mark.parametrize(
    "name", ["chart-640x480.png", "fractal-512x321.webp", "flat.png", "tiny-42x34.png"]
)
def test_crop_resistant_finds_the_regions_that_imagehash_finds(
    name: str, vectors_folder: Path
) -> None:
    with Image.open(vectors_folder / "images" / name) as image:
        expected = str(imagehash.crop_resistant_hash(image))
        assert text_of("crop-resistant", image) == expected


@pytest.mark.parametrize("size", [(1, 1), (5000, 3), (3, 5000), (7, 7), (8, 9), (1, 40), (16, 16)])
@pytest.mark.parametrize("format_id", SMALL)
def test_tiny_and_thin_pictures_give_what_imagehash_gives(
    format_id: str, size: tuple[int, int]
) -> None:
    image = Image.fromarray(noise(*size))
    assert text_of(format_id, image) == str(SMALL[format_id](image))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 140),
    st.integers(1, 140),
    st.integers(0, 2**32),
    st.sampled_from(sorted(SMALL)),
)
def test_noise_of_any_size_gives_what_imagehash_gives(
    width: int, height: int, seed: int, format_id: str
) -> None:
    image = Image.fromarray(noise(width, height, seed))
    assert text_of(format_id, image) == str(SMALL[format_id](image))


@settings(max_examples=80, deadline=None)
@given(
    st.integers(3, 8),
    st.integers(0, 2**32),
    st.integers(1, 4),
    st.booleans(),
)
def test_wavelet_ties_are_broken_by_the_same_float_noise(
    log_side: int, seed: int, shades: int, patterned: bool
) -> None:
    """Grids of few shades have many cells that equal the median."""
    side = 1 << log_side
    generator = np.random.default_rng(seed)
    palette = generator.integers(0, 256, shades, dtype=np.uint8)
    cells = np.kron(generator.choice(palette, (8, 8)), np.ones((side // 8, side // 8), np.uint8))
    if patterned:
        cells[::2] ^= 8
    image = Image.fromarray(cells.astype(np.uint8))
    assert text_of("whash-haar", image) == str(imagehash.whash(image))


@pytest.mark.parametrize("shade", [0, 1, 77, 128, 200, 255])
@pytest.mark.parametrize("format_id", SMALL)
def test_flat_pictures_give_what_imagehash_gives(format_id: str, shade: int) -> None:
    image = Image.new("RGB", (333, 257), (shade, shade, shade))
    assert text_of(format_id, image) == str(SMALL[format_id](image))


def test_colorhash_counts_every_hue_and_saturation_as_imagehash_does() -> None:
    """Every hue and saturation, at the edges of the bins too, in one picture each."""
    for saturation in (84, 85, 169, 170, 171, 255):
        hues = np.arange(256, dtype=np.uint8)
        hsv = np.stack([hues, np.full_like(hues, saturation), np.full_like(hues, 220)], axis=1)
        image = Image.fromarray(np.tile(hsv, (3, 1, 1)), "HSV").convert("RGB")
        assert text_of("colorhash", image) == str(imagehash.colorhash(image))


def test_a_wavelet_hash_declares_no_size_because_it_follows_the_picture() -> None:
    assert WHASH_HAAR.grey_sizes == frozenset()


def test_a_crop_resistant_hash_reads_what_imagehash_writes() -> None:
    image = Image.fromarray(noise(40, 40).repeat(8, axis=0).repeat(8, axis=1))
    hashed = imagehash.crop_resistant_hash(image)
    ours = CROP_RESISTANT.parse(str(hashed))
    assert len(ours.parts) == len(hashed.segment_hashes)
    assert CROP_RESISTANT.render(ours) == str(hashed)


regions = st.lists(st.binary(min_size=8, max_size=8), min_size=1, max_size=5)


@given(regions, regions)
def test_crop_resistant_hashes_match_when_imagehash_says_they_match(
    one: list[bytes], other: list[bytes]
) -> None:
    a, b = (Hash("crop-resistant", tuple(map(Part, values))) for values in (one, other))
    by_imagehash = imagehash.hex_to_multihash(CROP_RESISTANT.render(a)).matches(
        imagehash.hex_to_multihash(CROP_RESISTANT.render(b))
    )
    assert CROP_RESISTANT.compare(a, b).match == by_imagehash
    assert CROP_RESISTANT.distance(a, b) == CROP_RESISTANT.distance(b, a)


@pytest.mark.parametrize("text", ["", ",", "0123456789abcdef,", "0123456789abcdef,zz"])
def test_a_crop_resistant_text_with_a_broken_region_is_refused(text: str) -> None:
    with pytest.raises(HashParseError):
        CROP_RESISTANT.parse(text)


@pytest.mark.parametrize("seed", range(12))
def test_regions_of_a_tiny_picture_that_shrink_to_nothing_are_hashed_as_imagehash_does(
    seed: int,
) -> None:
    image = Image.fromarray(noise(4, 5, seed)).convert("L")
    assert text_of("crop-resistant", image) == str(imagehash.crop_resistant_hash(image))
