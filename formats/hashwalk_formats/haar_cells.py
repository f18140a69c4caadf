"""The cells of an 8x8 grid over a square plane: their sums, and their low-pass Haar coefficients.

The coefficients are those of pywt to the last bit: columns come first, and each product and sum
is rounded on its own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashwalk.compiled import compiled

SIDE = 8
_FACTOR = math.sqrt(0.5)

Floats = NDArray[np.float64]


def cell_sums(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the 8x8 sums of the pixels in each cell."""
    sums = np.zeros((SIDE, SIDE), np.int64)
    _add_up(pixels, sums)
    return sums


def cell_averages(pixels: NDArray[np.uint8]) -> Floats:
    """Return the 8x8 low-pass coefficients of the whole cells, pixels being from 0 to 1."""
    side = len(pixels) // SIDE
    return np.concatenate([_of_row(row) for row in pixels.reshape(SIDE, side, -1)])


def low_pass(cells: Floats, levels: int) -> Floats:
    """Return the low-pass coefficient of each of some cells of ``2 ** levels`` rows and columns."""
    plane = np.ascontiguousarray(cells).reshape(-1, cells.shape[-1])
    return _halved(plane, levels).ravel()


def low_pass_of_flat(averages: Floats, levels: int) -> Floats:
    """Return what ``low_pass`` does of cells that were made from these coefficients alone."""
    for _ in range(2 * levels):
        averages = averages * _FACTOR
    for _ in range(2 * levels):
        averages = 2 * (averages * _FACTOR)
    return averages


def _of_row(pixels: NDArray[np.uint8]) -> Floats:
    """Return the coefficients of cells that are side by side."""
    height, width = pixels.shape
    if not pixels.any():
        return np.zeros((1, SIDE))
    if height == 1:
        return pixels / 255.0
    plane = np.empty((height // 2, width // 2))
    _halve_bytes(pixels, 255.0, np.empty(width), plane)
    return _halved(plane, height.bit_length() - 2)


def _halved(plane: Floats, levels: int) -> Floats:
    for _ in range(levels):
        height, width = plane.shape
        half = np.empty((height // 2, width // 2))
        _halve(plane, 1.0, np.empty(width), half)
        plane = half
    return plane


@compiled("const u1[:, ::1]", "i8[:, ::1]")
def _add_up(pixels: NDArray[np.uint8], sums: NDArray[np.int64]) -> None:
    side = pixels.shape[0] // SIDE
    for y in range(pixels.shape[0]):
        for column in range(SIDE):
            total = np.int32(0)
            for x in range(side):
                total = np.int32(total + pixels[y, column * side + x])
            sums[y // side, column] += total


def _half(plane: NDArray[Any], one: float, space: Floats, half: Floats) -> None:
    """Fill `half` with the low-pass coefficients of a plane in which `one` stands for 1."""
    for y in range(half.shape[0]):
        for x in range(plane.shape[1]):
            upper, lower = plane[2 * y, x] / one, plane[2 * y + 1, x] / one
            space[x] = lower * _FACTOR + upper * _FACTOR
        for x in range(half.shape[1]):
            half[y, x] = space[2 * x + 1] * _FACTOR + space[2 * x] * _FACTOR


_halve_bytes = compiled("const u1[:, ::1]", "f8", "f8[::1]", "f8[:, ::1]")(_half)
_halve = compiled("const f8[:, ::1]", "f8", "f8[::1]", "f8[:, ::1]")(_half)
