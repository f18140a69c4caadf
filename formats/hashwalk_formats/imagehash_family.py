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
    return cast("Bits", low > _median(low))


def _median(values: NDArray[Any]) -> float:
    """Return numpy's median of an even number of finite values, in a fraction of its time."""
    middle = values.size // 2
    ordered = np.sort(values, axis=None)
    return cast("float", (ordered[middle - 1] + ordered[middle]) / 2)


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
        strong="Bears what leaves light and dark places alone. Measured on 88 photographs: JPEG "
        "100 %, half size 100 %, text 99 %, crop 91 % within the threshold.",
        weak="Tells little apart: 6 of 3,828 pairs of different photographs are within the "
        "threshold, too. Mirrored 19 %, turned 1 %.",
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
        strong="Bears text and tells photographs apart. Measured on 88 of them: JPEG 100 %, half "
        "size 100 %, text 99 % within the threshold, and none of 3,828 pairs of different ones.",
        weak="Misses crops and turned or mirrored copies: crop 53 %, mirrored 0 %, turned 0 %.",
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
        strong="Four times the bits for long lists. Measured on 88 photographs, in the median: "
        "JPEG and half size change 0 bits of 256, text 19; different photographs are 128 apart.",
        weak="Nobody has published a threshold. A crop changes 78 bits, mirroring 128, turning "
        "127: turned and mirrored copies look unrelated.",
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
        strong="Bears text and tells photographs apart. Measured on 88 of them: JPEG 100 %, half "
        "size 100 %, text 100 % within the threshold, and none of 3,828 pairs of different ones.",
        weak="Misses many crops and turned or mirrored copies: crop 60 %, mirrored 1 %, turned "
        "0 %.",
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
        strong="Four times the bits for long lists. Measured on 88 photographs, in the median: "
        "half size changes 1 bit of 256, JPEG 2, text 5; different photographs are 127 apart.",
        weak="Nobody has published a threshold. A crop changes 68 bits, mirroring 120, turning "
        "126: turned and mirrored copies look unrelated.",
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
        strong="Measured on 88 photographs, in the median: JPEG and half size change 0 bits of 64, "
        "text 3, a crop 9; different photographs are 32 apart.",
        weak="Nobody has published a threshold. Mirroring changes 24 bits, turning 32: turned "
        "copies look unrelated.",
    ),
    functools.partial(_vertical_bits, side=8),
    [(8, 9)],
)
