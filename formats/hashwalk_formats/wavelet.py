"""The wavelet hash of the imagehash package, with Haar wavelets.

The picture is shrunk to a square whose side is a power of two; bits tell which cells of an 8x8
grid over it are brighter than the median cell. imagehash computes the cells by float wavelet
transforms of the whole square, after removing the overall brightness. Integer sums give the
same bits at a fraction of the cost, unless the two middle cells are equal: then float noise
decides, and the transforms are repeated, of as few cells as possible, by the library that
imagehash uses.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pywt
from numpy.typing import NDArray

from hashwalk.picture import Picture
from hashwalk_formats.imagehash_format import (
    IMAGEDEDUP_THRESHOLD,
    Bits,
    ImagehashFormat,
    imagehash_spec,
)

_SIDE = 8
_LEVELS = 3
_MIDDLE = _SIDE * _SIDE // 2

_Floats = NDArray[np.float64]


def _wavelet_bits(picture: Picture) -> Bits:
    scale = max(1 << (min(picture.width, picture.height).bit_length() - 1), _SIDE)
    pixels = picture.grey_resized(scale, scale)
    sums = _cell_sums(pixels)
    ordered = np.sort(sums, axis=None)
    if ordered[_MIDDLE - 1] < ordered[_MIDDLE]:
        return cast("Bits", sums >= ordered[_MIDDLE])
    return _bits_of_ties(pixels, np.sign(sums - ordered[_MIDDLE]))


def _cells(plane: NDArray[Any]) -> NDArray[Any]:
    """Return a view of the plane as [row of cells, column of cells, row, column]."""
    side = len(plane) // _SIDE
    return plane.reshape(_SIDE, side, _SIDE, side).swapaxes(1, 2)


def _cell_sums(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    rows = pixels.reshape(_SIDE, -1, len(pixels)).sum(axis=1, dtype=np.int32)
    return cast("NDArray[np.int64]", rows.reshape(_SIDE, _SIDE, -1).sum(axis=2, dtype=np.int64))


def _bits_of_ties(pixels: NDArray[np.uint8], order: NDArray[np.int64]) -> Bits:
    """Return the bits where float noise decides between the cells of `order` 0."""
    levels = (len(pixels) // _SIDE).bit_length() - 1
    averages = _averages(pixels / 255.0, levels)
    coefficients = pywt.wavedec2(averages, "haar", level=_LEVELS)
    coefficients[0] *= 0
    averages = pywt.waverec2(coefficients, "haar")
    tied = order == 0
    noisy = np.where(order > 0, np.inf, -np.inf)
    noisy[tied] = _with_averages(_cells(pixels)[tied], averages[tied], levels)
    return cast("Bits", noisy > np.median(noisy))


def _averages(values: _Floats, levels: int) -> _Floats:
    """Return the low-pass Haar coefficients of the last two axes, columns first as pywt.

    pywt is many times faster along rows that lie together in memory.
    """
    for _ in range(levels):
        halved, _ = pywt.dwt(_turned(values), "haar")
        values, _ = pywt.dwt(_turned(halved), "haar")
    return values


def _turned(values: _Floats) -> _Floats:
    return np.ascontiguousarray(values.swapaxes(-1, -2))


def _with_averages(cells: NDArray[np.uint8], averages: _Floats, levels: int) -> _Floats:
    """Return the low-pass coefficients of cells whose averages have been replaced by others.

    Haar wavelets never reach over the edge of a cell, and equal cells are transformed once.
    """
    keys = [(cell.tobytes(), average) for cell, average in zip(cells, averages, strict=True)]
    places = {key: i for i, key in enumerate(keys)}
    distinct = list(places.values())
    coefficients = pywt.wavedec2(cells[distinct] / 255.0, "haar", level=levels)
    coefficients[0] = averages[distinct].reshape(-1, 1, 1)
    results = _averages(pywt.waverec2(coefficients, "haar"), levels).ravel()
    of_key = dict(zip(places, results, strict=True))
    return np.array([of_key[key] for key in keys])


WHASH_HAAR = ImagehashFormat(
    imagehash_spec(
        "whash-haar",
        "imagehash.whash(image)",
        "Wavelet hash: which cells of an 8x8 grid are brighter than the median cell.",
        threshold=IMAGEDEDUP_THRESHOLD,
        libraries=("Pillow", "numpy", "PyWavelets"),
    ),
    _wavelet_bits,
)
