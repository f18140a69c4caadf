"""Scaling that makes full-range pictures of video, exactly as FFmpeg 5.1 does it.

FFmpeg 7.1 and later, which PyAV contains, turn the limited range of video into the full range of
JPEG with another rounding. Wavelet bits of a dark collage hang on single pixels, so the older
arithmetic is done here. Source of the algorithm: FFmpeg 5.1, libswscale (15-bit lines, range
conversion, and the vertical scaler of x86-64 processors).
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from hashwalk.line_sums import Windows, padded, windows
from hashwalk_formats.bicubic_taps import bicubic_taps
from hashwalk_formats.videohash_lines import (
    Lines,
    Numbers,
    Weights,
    Wholes,
    across_8_bits,
    across_16_bits,
    down,
)
from hashwalk_formats.videohash_planes import Samples

_LUMA = np.array([30189, 19077, -39057361, 14], np.int32)
_CHROMA = np.array([30775, 4663, -9289992, 12], np.int32)
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

_Bytes = NDArray[np.uint8]


def full_range_plane(
    samples: Samples, shape: tuple[int, int], *, depth: int, index: int, exact_rows: int
) -> _Bytes:
    """Return plane `index` (0 luma, 1 and 2 chroma) of a limited-range video, scaled.

    `samples` is (height, width) of `depth` bits, 8 to 14; `shape` is the result's. The last
    `exact_rows` rows are rounded once, the others tap by tap.
    """
    height, width = shape
    lines = _across(samples, width, depth, _CHROMA if index else _LUMA)
    dither = _dither(height, width, is_deep=depth > 8, is_last=index == 2)
    return _down(lines, dither, exact_rows)


@lru_cache(maxsize=16)
def _dither(height: int, width: int, *, is_deep: bool, is_last: bool) -> Wholes:
    pattern = np.roll(_ORDERED if is_deep else _FLAT, -_SECOND_CHROMA_SHIFT * is_last, 1)
    repeated = np.tile(pattern, (-(-height // 8), -(-width // 8)))
    return np.ascontiguousarray(repeated[:height, :width].astype(np.int32))


def _across(samples: Samples, width: int, depth: int, conversion: Wholes) -> Lines:
    """Return the lines scaled to `width`, in 15 bits and full range."""
    first, weights = _taps_across(samples.shape[1], width)
    height = len(samples)
    lines = padded(samples, weights.shape[1])
    scaled = np.empty((width, len(lines)), np.int16)
    across = across_8_bits if lines.dtype == np.uint8 else across_16_bits
    across(lines, first, weights, depth, conversion, scaled)
    return cast("Lines", cv2.transpose(scaled))[:height]


@lru_cache(maxsize=64)
def _taps_across(source: int, width: int) -> Windows:
    taps = bicubic_taps(source, width, 1 << 14, 4)
    return windows(taps.first, taps.weights, source)


def _down(lines: Lines, dither: Wholes, exact_rows: int) -> _Bytes:
    height, width = dither.shape
    numbers, weights = _taps_down(len(lines), height)
    if weights.shape[1] == 1:
        copied: _Bytes = np.clip(lines[numbers[:, 0]] + dither >> 7, 0, 255).astype(np.uint8)
        return copied
    plane = np.empty((height, width), np.uint8)
    down(lines, numbers, weights, dither, exact_rows, np.empty(width, np.int32), plane)
    return plane


@lru_cache(maxsize=64)
def _taps_down(source: int, height: int) -> tuple[Numbers, Weights]:
    taps = bicubic_taps(source, height, 1 << 12, 2)
    return taps.lines.astype(np.uint32), taps.weights.astype(np.int16)
