"""The integer taps of FFmpeg's bicubic scaler, by which its pixels can be computed exactly.

All arithmetic is in integers of fixed point, so that the taps do not depend on the processor.
Source of the algorithm: FFmpeg 5.1, libswscale (filter set-up for SWS_BICUBIC).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_STEP_ONE = 1 << 16
_DISTANCE_ONE = 1 << 30
_KERNEL_BITS = 54
_SHARPNESS = int(0.6 * (1 << 24))
_SHARPNESS_ONE = 1 << 24
_NEGLIGIBLE = 0.002

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Taps:
    """The taps of a scaling from `source` to as many lines as there are rows of `weights`.

    Line i is the sum of ``weights[i, j] * line[min(first[i] + j, source - 1)]``; each row of
    `weights` adds up to the same power of two.
    """

    source: int
    first: Integers
    weights: Integers

    @property
    def size(self) -> int:
        """How many source lines each line is made of."""
        return int(self.weights.shape[1])

    @property
    def lines(self) -> Integers:
        """The numbers of the source lines, shaped as `weights`."""
        lines: Integers = np.minimum(self.first[:, None] + np.arange(self.size), self.source - 1)
        return lines


@lru_cache(maxsize=32)
def bicubic_taps(source: int, target: int, total: int, align: int) -> Taps:
    """Return the taps for scaling `source` to `target` lines, of rows adding up to `total`.

    The size is a multiple of `align`: FFmpeg's is 4 across and 2 down, on x86-64.
    """
    step = ((source << 16) + (target >> 1)) // target
    if abs(step - _STEP_ONE) < 10:
        return Taps(source, np.arange(target), np.full((target, 1), total))
    one = 1 << (_KERNEL_BITS - min(max(source // target, 1).bit_length() - 1, 8))
    rows = _without_negligible(*_kernel_rows(source, target, step, one), one, align)
    first, weights = _inside(*rows, source)
    return Taps(source, first, _normalised(weights, total))


def _kernel_rows(source: int, target: int, step: int, one: int) -> tuple[Integers, Integers]:
    """Return the first line and the kernel's values of each row, `one` standing for 1."""
    widest = 5 if step <= _STEP_ONE else 1 - (-4 * source // target)
    size = max(min(widest, source - 2), 1)
    centres = (2 * np.arange(target) + 1) * step - _STEP_ONE
    first = _quotient(centres - (size - 2) * _STEP_ONE, 2 * _STEP_ONE)
    lines = first[:, None] + np.arange(size)
    distances = np.abs((lines << 17) - centres[:, None]) << 13
    if step > _STEP_ONE:
        distances = distances * target // source
    return first, _quotient(_kernel(distances), (1 << _KERNEL_BITS) // one)


def _kernel(distance: Integers) -> Integers:
    """Return the cubic convolution kernel (B = 0, C = 0.6) of 30-bit distances, in 54 bits."""
    x1 = np.minimum(distance, 2 * _DISTANCE_ONE - 1)
    x2 = x1 * x1 >> 30
    x3 = x2 * x1 >> 30
    one, c = _SHARPNESS_ONE, _SHARPNESS
    near = (12 * one - 6 * c) * x3 - (18 * one - 6 * c) * x2 + 6 * one * _DISTANCE_ONE
    far = -6 * c * x3 + 30 * c * x2 - 48 * c * x1 + 24 * c * _DISTANCE_ONE
    beyond = distance >= 2 * _DISTANCE_ONE
    return np.asarray(np.where(beyond, 0, np.where(distance < _DISTANCE_ONE, near, far)))


def _without_negligible(
    first: Integers, rows: Integers, one: int, align: int
) -> tuple[Integers, Integers]:
    """Cut the taps at both ends of which a row needs none, to the width of the widest row.

    Taps that only fill up the width keep their weights.
    """
    limit = _NEGLIGIBLE * one
    skipped = _leading(rows, limit)
    for i in range(len(rows) - 2, -1, -1):
        # A row never starts behind the next one.
        room = first[i + 1] + skipped[i + 1] - first[i]
        skipped[i] = min(skipped[i], max(room, 0))
    size = rows.shape[1]
    needed = max(int((size - _leading(rows[:, ::-1], limit) - skipped).max()), 1)
    width = 1 if needed == 1 and align == 2 else -(-needed // align) * align
    padded = np.pad(rows, ((0, 0), (0, size + align)))
    columns = skipped[:, None] + np.arange(width)
    return first + skipped, np.take_along_axis(padded, columns, axis=1)


def _leading(rows: Integers, limit: float) -> Integers:
    """Count the taps at the start of each row that are negligible together."""
    return np.asarray(np.count_nonzero(np.cumsum(np.abs(rows), axis=1) <= limit, axis=1))


def _inside(first: Integers, rows: Integers, source: int) -> tuple[Integers, Integers]:
    """Move the taps beyond the first and last line onto those lines."""
    size = rows.shape[1]
    inner = np.clip(first, 0, max(source - size, 0))
    lines = np.clip(first[:, None] + np.arange(size), 0, source - 1)
    moved = np.zeros_like(rows)
    np.add.at(moved, (np.arange(len(rows))[:, None], lines - inner[:, None]), rows)
    return inner, moved


def _normalised(rows: Integers, total: int) -> Integers:
    """Return the rows scaled to `total`, each tap's rounding error carried to the next."""
    one = np.maximum(_quotient(rows.sum(axis=1) + total // 2, total), 1)
    taps = np.empty_like(rows)
    error = np.zeros_like(one)
    for j in range(rows.shape[1]):
        value = rows[:, j] + error
        taps[:, j] = np.sign(value) * ((np.abs(value) + (one >> 1)) // one)
        error = value - taps[:, j] * one
    return taps


def _quotient(a: Integers, b: int) -> Integers:
    """Divide integers as C does, towards zero."""
    return np.asarray(np.sign(a) * (np.abs(a) // b))
