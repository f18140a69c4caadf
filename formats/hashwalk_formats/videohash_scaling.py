"""Scaling that makes full-range pictures of video, exactly as FFmpeg 5.1 does it.

FFmpeg 7.1 and later, which PyAV contains, turn the limited range of video into the full range of
JPEG with another rounding. Wavelet bits of a dark collage hang on single pixels, so the older
arithmetic is done here. Source of the algorithm: FFmpeg 5.1, libswscale (15-bit lines, range
conversion, and the vertical scaler of x86-64 processors).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hashwalk_formats.bicubic_taps import Taps, bicubic_taps
from hashwalk_formats.videohash_planes import Samples

_LUMA = (30189, 19077, -39057361, 14)
_CHROMA = (30775, 4663, -9289992, 12)
"""Of the conversion to full range: the largest value, factor, offset and shift."""
_FLAT = np.full((8, 8), 64)
_ORDERED = np.array(
    [
        [36, 68, 60, 92, 34, 66, 58, 90],
        [100, 4, 124, 28, 98, 2, 122, 26],
        [52, 84, 44, 76, 50, 82, 42, 74],
        [116, 20, 108, 12, 114, 18, 106, 10],
        [32, 64, 56, 88, 38, 70, 62, 94],
        [96, 0, 120, 24, 102, 6, 126, 30],
        [48, 80, 40, 72, 54, 86, 46, 78],
        [112, 16, 104, 8, 118, 22, 110, 14],
    ]
)
"""What is added before rounding: half for 8-bit video, a pattern for deeper one."""
_SECOND_CHROMA_SHIFT = 3
MAX_DEPTH = 14
"""The deepest video that is scaled by lines of 15 bits."""

_Lines = NDArray[np.int32]


def full_range_plane(
    samples: Samples, shape: tuple[int, int], *, depth: int, index: int, exact_rows: int
) -> NDArray[np.uint8]:
    """Return plane `index` (0 luma, 1 and 2 chroma) of a limited-range video, scaled.

    `samples` is (height, width) of `depth` bits, 8 to 14; `shape` is the result's. The last
    `exact_rows` rows are rounded once, the others tap by tap.
    """
    height, width = shape
    lines = _expanded(_across(samples, width, depth), _CHROMA if index else _LUMA)
    pattern = np.roll(_FLAT if depth == 8 else _ORDERED, -_SECOND_CHROMA_SHIFT * (index == 2), 1)
    repeated = np.tile(pattern, (-(-height // 8), -(-width // 8)))
    dither = repeated[:height, :width].astype(np.int32)
    return _down(lines, bicubic_taps(len(lines), height, 1 << 12, 2), dither, exact_rows)


def _across(samples: Samples, width: int, depth: int) -> _Lines:
    """Return the lines scaled to `width`, in 15 bits."""
    # Sums of 8-bit samples are exact in the faster float32.
    kind = np.dtype(np.float32 if depth == 8 else np.int32)
    columns = cv2.transpose(np.ascontiguousarray(samples)).astype(kind)
    sums = (_matrix(samples.shape[1], width, kind) @ columns).astype(np.int32)
    return np.ascontiguousarray(np.minimum(sums >> (depth - 1), 32767).T)


@lru_cache(maxsize=16)
def _matrix(source: int, width: int, kind: np.dtype[Any]) -> sparse.csr_matrix:
    taps = bicubic_taps(source, width, 1 << 14, 4)
    ends = np.arange(width + 1) * taps.size
    weights = taps.weights.ravel().astype(kind)
    return sparse.csr_matrix((weights, taps.lines.ravel(), ends), shape=(width, source))


def _expanded(lines: _Lines, conversion: tuple[int, int, int, int]) -> _Lines:
    largest, factor, offset, shift = conversion
    return np.minimum(lines, largest) * factor + offset >> shift


def _down(lines: _Lines, taps: Taps, dither: _Lines, exact_rows: int) -> NDArray[np.uint8]:
    if taps.size == 1:
        return _in_bytes(lines[taps.first] + dither >> 7)
    products = lines[taps.lines]
    products *= taps.weights[:, :, None].astype(np.int32)
    exact = (dither << 12)[-exact_rows:] + products[-exact_rows:].sum(axis=1, dtype=np.int32)
    products >>= 16
    total = (dither + 8 * (taps.size - 1) >> 4) + products.sum(axis=1, dtype=np.int32)
    total[-exact_rows:] = exact >> 16
    return _in_bytes(total >> 3)


def _in_bytes(values: _Lines) -> NDArray[np.uint8]:
    return np.clip(values, 0, 255).astype(np.uint8)
