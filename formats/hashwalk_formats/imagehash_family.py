"""The hashes of the imagehash package that look at a small grey plane."""

from __future__ import annotations

import functools
from typing import Any, cast

import numpy as np
import scipy.fftpack
from numpy.typing import NDArray

from hashwalk.picture import Picture
from hashwalk_formats.imagehash_format import (
    IMAGEDEDUP_THRESHOLD,
    Bits,
    ImagehashFormat,
    imagehash_spec,
)

_PHASH_OVERSAMPLING = 4


def _average_bits(picture: Picture) -> Bits:
    """Return which pixels of the 8x8 plane are brighter than their mean."""
    pixels = picture.grey_resized(8, 8)
    return cast("Bits", pixels > pixels.mean())


def _dct_bits(picture: Picture, side: int) -> Bits:
    """Return which of the side x side lowest DCT coefficients are above their median."""
    pixels = picture.grey_resized(side * _PHASH_OVERSAMPLING, side * _PHASH_OVERSAMPLING)
    columns: NDArray[Any] = scipy.fftpack.dct(pixels, axis=0)
    low = scipy.fftpack.dct(columns, axis=1)[:side, :side]
    return cast("Bits", low > np.median(low))


def _horizontal_bits(picture: Picture, side: int) -> Bits:
    """Return which pixels are brighter than their left neighbour."""
    pixels = picture.grey_resized(side + 1, side)
    return pixels[:, 1:] > pixels[:, :-1]


def _vertical_bits(picture: Picture, side: int) -> Bits:
    """Return which pixels are brighter than the one above."""
    pixels = picture.grey_resized(side, side + 1)
    return pixels[1:, :] > pixels[:-1, :]


AHASH = ImagehashFormat(
    imagehash_spec(
        "ahash",
        "imagehash.average_hash(image)",
        "Average hash: which pixels of the picture shrunk to 8x8 are brighter than their mean.",
        threshold=IMAGEDEDUP_THRESHOLD,
    ),
    _average_bits,
    [(8, 8)],
)

PHASH = ImagehashFormat(
    imagehash_spec(
        "phash",
        "imagehash.phash(image)",
        "Perceptual hash: which of the 8x8 lowest frequencies are above their median.",
        threshold=IMAGEDEDUP_THRESHOLD,
        libraries=("Pillow", "numpy", "scipy"),
    ),
    functools.partial(_dct_bits, side=8),
    [(32, 32)],
)

PHASH_256 = ImagehashFormat(
    imagehash_spec(
        "phash-256",
        "imagehash.phash(image, hash_size=16)",
        "Perceptual hash of 256 bits: which of the 16x16 lowest frequencies are above their "
        "median.",
        bits=256,
        libraries=("Pillow", "numpy", "scipy"),
    ),
    functools.partial(_dct_bits, side=16),
    [(64, 64)],
)

DHASH = ImagehashFormat(
    imagehash_spec(
        "dhash",
        "imagehash.dhash(image)",
        "Difference hash: where the picture shrunk to 9x8 gets brighter from left to right.",
        threshold=IMAGEDEDUP_THRESHOLD,
    ),
    functools.partial(_horizontal_bits, side=8),
    [(9, 8)],
)

DHASH_256 = ImagehashFormat(
    imagehash_spec(
        "dhash-256",
        "imagehash.dhash(image, hash_size=16)",
        "Difference hash of 256 bits: where the picture shrunk to 17x16 gets brighter from "
        "left to right.",
        bits=256,
    ),
    functools.partial(_horizontal_bits, side=16),
    [(17, 16)],
)

DHASH_VERTICAL = ImagehashFormat(
    imagehash_spec(
        "dhash-vertical",
        "imagehash.dhash_vertical(image)",
        "Vertical difference hash: where the picture shrunk to 8x9 gets brighter downwards.",
    ),
    functools.partial(_vertical_bits, side=8),
    [(8, 9)],
)
