"""PDQ's cosine transform, each product added to its sum in the reference's order.

Source: facebook/ThreatExchange, pdq/cpp/hashing.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from hashwalk.compiled import compiled

Floats = NDArray[np.float32]


def coefficients_in_order(planes: Floats) -> Floats:
    """Return (plane, 16, 16), the lowest frequencies of (plane, 64, 64), without the constant."""
    columns = cosines()
    number, size, few = len(planes), *columns.shape
    down = np.empty((number, few, size), np.float32)
    _write_products(planes, columns, down)
    side_by_side = np.ascontiguousarray(down.transpose(2, 0, 1)).reshape(1, size, number * few)
    across = np.empty((1, few, number * few), np.float32)
    _write_products(side_by_side, columns, across)
    return np.ascontiguousarray(across.reshape(few, number, few).transpose(1, 2, 0))


@compiled("const f4[:, :, ::1]", "const f4[:, ::1]", "f4[:, :, ::1]")
def _write_products(planes: Floats, columns: Floats, products: Floats) -> None:
    """Write ``columns.T @ plane`` of each plane, the terms of each sum added one by one."""
    for number in range(planes.shape[0]):
        products[number] = 0
        for y in range(planes.shape[1]):
            for row in range(columns.shape[1]):
                for x in range(planes.shape[2]):
                    products[number, row, x] += columns[y, row] * planes[number, y, x]


@functools.cache
def cosines() -> Floats:
    """Return (64, 16): a column of 64 cosines for each frequency, to be read alone."""
    frequency, position = np.arange(1, 17), np.arange(64)[:, None]
    scale = np.float64(np.float32(np.sqrt(2 / 64)))
    cosines = np.cos(np.pi / 2 / 64 * frequency * (2 * position + 1))
    columns: Floats = (scale * cosines).astype(np.float32)
    return columns
