"""Checks of formats that compute a hash from one picture."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashwalk.format import Format, PictureHasher
from hashwalk.picture import Picture
from hashwalk.testing.check import expect, guarded
from hashwalk.testing.pictures import MODES, make_image, make_picture
from hashwalk.testing.samples import hash_or_reason, hash_seed
from hashwalk.testing.value_checks import check_shape, check_well_formed

SIZES = ((1, 1), (2, 1), (1, 2), (3, 3), (5000, 3), (3, 5000))


@guarded
def check_picture_determinism(candidate: Format) -> None:
    """Check that the same pixels give the same hash, again and after another picture."""
    hasher = _picture_hasher(candidate)
    picture = make_picture(grey_sizes=hasher.grey_sizes)
    first = hasher.hash_picture(picture)
    again = hasher.hash_picture(picture)
    hash_seed(hasher, seed=1)
    expect(first == again, "a second hash of one picture differs")
    expect(first == hash_seed(hasher, seed=0), "a hash depends on what was hashed before")


@guarded
def check_picture_untouched(candidate: Format) -> None:
    """Check that hashing leaves the picture and its shared planes as they were."""
    hasher = _picture_hasher(candidate)
    for mode in ("RGB", *MODES):
        picture = Picture(make_image(mode, 96, 64), hasher.grey_sizes)
        before = _contents(picture)
        hash_or_reason(functools.partial(hasher.hash_picture, picture))
        expect(_contents(picture) == before, f"hashing changes a picture of mode {mode}")
        expect(not picture.rgb.flags.writeable, "hashing makes the pixels writeable")


@guarded
def check_picture_sizes(candidate: Format) -> None:
    """Check that tiny and very long pictures give a hash or a MediaError with a reason."""
    hasher = _picture_hasher(candidate)
    for width, height in SIZES:
        _check_hashable(candidate, make_picture(width, height, grey_sizes=hasher.grey_sizes))


@guarded
def check_flat_pictures(candidate: Format) -> None:
    """Check that black, white and grey all over give a hash or a MediaError with a reason."""
    hasher = _picture_hasher(candidate)
    for level in (0, 128, 255):
        image = Image.new("RGB", (64, 48), (level, level, level))
        _check_hashable(candidate, Picture(image, hasher.grey_sizes))


@guarded
def check_picture_modes(candidate: Format) -> None:
    """Check that grey, alpha, palette, bits and inks give a hash or a MediaError with a reason."""
    hasher = _picture_hasher(candidate)
    for mode in MODES:
        _check_hashable(candidate, Picture(make_image(mode, 96, 64), hasher.grey_sizes))


@guarded
def check_grey_sizes(candidate: Format) -> None:
    """Check that the format declares the resized planes it asks for in ``grey_sizes``."""
    hasher = _picture_hasher(candidate)
    picture = RecordingPicture(make_image("RGB", 96, 64), hasher.grey_sizes)
    hasher.hash_picture(picture)
    check_asked(picture, hasher.grey_sizes)


class RecordingPicture(Picture):
    """A picture that remembers the sizes of the resized planes it is asked for."""

    def __init__(
        self, image: Image.Image, grey_sizes: frozenset[tuple[int, int]] = frozenset()
    ) -> None:
        """Take what a Picture takes."""
        super().__init__(image, grey_sizes)
        self.asked: set[tuple[int, int]] = set()

    def grey_resized(self, width: int, height: int) -> NDArray[np.uint8]:
        """Return the plane and remember its size."""
        self.asked.add((width, height))
        return super().grey_resized(width, height)


def check_asked(picture: RecordingPicture, declared: frozenset[tuple[int, int]]) -> None:
    """Raise AssertionError unless `picture` was asked for planes of `declared` sizes only."""
    missing = ", ".join(f"{w}x{h}" for w, h in sorted(picture.asked - declared))
    expect(not missing, f"it asks for grey planes that grey_sizes does not declare: {missing}")


def _check_hashable(candidate: Format, picture: Picture) -> None:
    hasher = _picture_hasher(candidate)
    value = hash_or_reason(functools.partial(hasher.hash_picture, picture))
    if value is not None:
        check_well_formed(candidate, value)
        check_shape(candidate, value)
        for part in value.parts:
            text = candidate.render_part(part.value)
            expect(candidate.parse_part(text) == part.value, "a value changes as text")


def _contents(picture: Picture) -> tuple[str, bytes, bytes, bytes]:
    image = picture.image
    return image.mode, image.tobytes(), picture.rgb.tobytes(), picture.grey.tobytes()


def _picture_hasher(candidate: Format) -> PictureHasher:
    if isinstance(candidate, PictureHasher):
        return candidate
    raise AssertionError("it does not compute hashes of pictures")
