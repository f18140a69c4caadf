"""The 64x64 luma that PDQ sees: as sums of the right weights, or as the reference adds them up.

The reference blurs the luma with two passes of a box filter along rows and columns, then takes
64x64 of the pixels. All of it is linear and separable, so :func:`downscaled` gives each of the
64x64 as one weighted sum, whose float32 error is far smaller than the reference's own.
:func:`downscaled_as_reference` repeats the reference's additions in their order instead, for
pictures whose hash hangs on that error; it takes several times as long.

Source: facebook/ThreatExchange, pdq/cpp/downscaling; PyPI pdqhash for the luma of pixels.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from hashwalk_formats.pdq_loops import (
    LINES_AT_ONCE,
    put_averages,
    put_weights,
    sum_lines,
    sum_luma,
)

Pixels = NDArray[np.uint8]
"""(height, width, 3) RGB pixels, or a (height, width) grey plane."""
Plane = NDArray[np.float32]
LumaRule = Callable[[Pixels], Plane]
"""How a reference computes luma: from pixels to a float32 plane of the same size."""

SIDE = 64
_LUMA = (0.299, 0.587, 0.114)
_STRIP = 64


def luma_rounded_once(pixels: Pixels) -> Plane:
    """Return the luma as PyPI pdqhash computes it: in float64, then rounded to float32.

    As whole numbers of thousandths, exact in float32, divided once, it is the same for all of
    the 256³ colours.
    """
    if pixels.ndim == 2:
        return pixels.astype(np.float32)
    thousandths = np.array([299, 587, 114], np.float32)
    luma = np.empty(pixels.shape[:2], np.float32)
    for rows in _strips(len(pixels)):
        np.matmul(pixels[rows].astype(np.float32), thousandths, out=luma[rows])
        luma[rows] /= np.float32(1000)
    return luma


def luma_in_float32(pixels: Pixels) -> Plane:
    """Return the luma as the C++ programs compute it: every step rounded to float32."""
    if pixels.ndim == 2:
        return pixels.astype(np.float32)
    luma = np.empty(pixels.shape[:2], np.float32)
    for rows in _strips(len(pixels)):
        planes = zip(cv2.split(pixels[rows]), np.array(_LUMA, np.float32), strict=True)
        red, green, blue = (np.multiply(*pair, dtype=np.float32) for pair in planes)
        np.add(red, green, out=red)
        np.add(red, blue, out=luma[rows])
    return luma


def downscaled(pixels: Pixels) -> Plane:
    """Return the 64x64 luma of a picture with sides of at least 5 pixels.

    Of more than three bytes a pixel, the first three are its colour. The error is below 1e-4
    grey levels for sides of up to 10,000 pixels.
    """
    height, width = pixels.shape[:2]
    if (height, width) == (SIDE, SIDE):
        return luma_rounded_once(pixels[..., :3])
    lines = np.ascontiguousarray(pixels).reshape(height, -1)
    narrow, turned = np.empty((SIDE, width), np.float32), np.empty((SIDE, SIDE), np.float32)
    sum_luma(lines, lines.shape[1] // width, *_weights(height), narrow)
    sum_lines(_turned(narrow), *_weights(width), turned)
    return np.ascontiguousarray(turned.T)


def downscaled_as_reference(pixels: Pixels, luma: LumaRule, *, keep_64: bool = True) -> Plane:
    """Return the 64x64 luma with the reference's float32 rounding errors, bit for bit.

    The picture has sides of at least 5 pixels. With `keep_64` one that is 64x64 already is not
    filtered. Takes the memory of two planes.
    """
    height, width = pixels.shape[:2]
    plane = luma(pixels)
    if keep_64 and plane.shape == (SIDE, SIDE):
        return plane
    turned = np.empty((width, height), np.float32)
    _put_averages(_turned(plane, turned), plane.reshape(width, height))
    upright = _turned(plane.reshape(width, height), turned.reshape(height, width))
    _put_averages(upright, plane)
    narrow = _picked_averages(_turned(plane, turned))
    return _picked_averages(np.ascontiguousarray(narrow.T))


def _turned(plane: Plane, into: Plane | None = None) -> Plane:
    return cast("Plane", cv2.transpose(plane, dst=into))


def _put_averages(lines: Plane, averages: Plane) -> None:
    put_averages(lines, _window(len(lines)), np.arange(len(lines)), averages)


def _picked_averages(lines: Plane) -> Plane:
    averages = np.empty((SIDE, lines.shape[1]), np.float32)
    put_averages(lines, _window(len(lines)), _picked(len(lines)), averages)
    return averages


@functools.lru_cache(maxsize=1024)
def _weights(length: int) -> tuple[NDArray[np.int64], Plane]:
    """Return, for each output, the first line that it weighs, and the weights from there."""
    window = _window(length)
    taps = -(-(2 * window - 1) // LINES_AT_ONCE) * LINES_AT_ONCE
    first, weights = np.empty(SIDE, np.int64), np.zeros((SIDE, taps), np.float32)
    put_weights(length, window, first, weights)
    return first, weights


def _picked(length: int) -> NDArray[np.int64]:
    """Return the 64 positions along an axis that are kept after the blur."""
    return ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64)


def _window(length: int) -> int:
    return (length + 2 * SIDE - 1) // (2 * SIDE)


def _strips(length: int) -> Iterator[slice]:
    return (slice(at, min(at + _STRIP, length)) for at in range(0, length, _STRIP))
