"""Resized grey planes, equal to Pillow's LANCZOS resize of an 8-bit picture.

Pillow resizes 8-bit planes along the rows, then along the columns. Each pass is a weighted sum
with weights rounded to 22 binary digits, rounded and clipped to 0..255. Such sums are exact in
float64, so a pass over several sizes at once is a few matrix products that stay in the cache,
and the result is Pillow's to the last bit.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np
import PIL
from numpy.typing import NDArray

Size = tuple[int, int]

_Floats = NDArray[np.float64]

_FIXED_POINT = float(1 << 22)
_LOBES = 3.0
_PILLOW_TURNS_TALL_PICTURES = int(PIL.__version__.partition(".")[0]) >= 13
_ROUNDING_DOUBT = 1e-5
_OUTPUTS_A_BLOCK = 8
_MIN_BLOCK = 24


class _Weights(NamedTuple):
    """The weights of one pass: output i is ``taps[i] @ inputs[first[i]:]``, zeros behind."""

    first: NDArray[np.intp]
    taps: _Floats


class _Block(NamedTuple):
    """A run of inputs and what it adds to each size.

    `weights` has a row for each output touched; `targets` names, for each size, the rows of
    `weights` and the outputs of all sizes one behind the other that they are added to.
    """

    inputs: slice
    weights: _Floats
    targets: tuple[tuple[slice, slice], ...]


def resize_grey(grey: NDArray[np.uint8], sizes: Collection[Size]) -> dict[Size, NDArray[np.uint8]]:
    """Return, for each (width, height) of `sizes`, the resized (height, width) plane.

    `grey` is a (height, width) plane, each side at least 1. Equal to
    ``Image.fromarray(grey).resize(size, LANCZOS)`` of the installed Pillow bit for bit; the
    planes are read-only.
    """
    columns_first = {s for s in sizes if _columns_come_first(grey.shape, s)}
    resized = _resize_rows_first(grey, set(sizes) - columns_first)
    turned = _resize_rows_first(grey.T, {(h, w) for w, h in columns_first})
    resized.update(((w, h), turned[h, w].T) for w, h in columns_first)
    for plane in resized.values():
        plane.flags.writeable = False
    return resized


def _columns_come_first(shape: tuple[int, ...], size: Size) -> bool:
    """Tell whether Pillow resizes along the columns first, as Pillow 13 does with tall pictures.

    The order matters to the last bit, because the plane between the passes is rounded.
    """
    lost_rows, lost_columns = shape[0] - size[1], shape[1] - size[0]
    return _PILLOW_TURNS_TALL_PICTURES and lost_rows > max(0, 2 * lost_columns)


def _resize_rows_first(
    grey: NDArray[np.uint8], sizes: Collection[Size]
) -> dict[Size, NDArray[np.uint8]]:
    height, width = grey.shape
    widths = tuple(sorted({w for w, _ in sizes}))
    narrowed = dict(zip(widths, _resize_last_axis(grey, width, widths), strict=True))
    resized = {}
    for w, h in sizes:
        (plane,) = _resize_last_axis(narrowed[w], height, (h,))
        resized[w, h] = plane.astype(np.uint8)
    return resized


def _resize_last_axis(
    plane: NDArray[np.uint8] | _Floats, length: int, lengths: tuple[int, ...]
) -> list[_Floats]:
    """Return, for each new length, the (new length, rows) plane: resized and transposed."""
    if not lengths:
        return []
    sums = np.full((sum(lengths), plane.shape[0]), 0.5)
    for block in _blocks(length, lengths):
        inputs = plane[:, block.inputs].astype(np.float64, copy=False)
        products = block.weights @ inputs.T
        for rows, outputs in block.targets:
            sums[outputs] += products[rows]
    np.floor(sums, out=sums)
    np.clip(sums, 0.0, 255.0, out=sums)
    return np.split(sums, np.cumsum(lengths)[:-1])


@functools.lru_cache(maxsize=64)
def _blocks(length: int, lengths: tuple[int, ...]) -> tuple[_Block, ...]:
    """Cut a pass into runs of inputs, so that the zeros of the weights are mostly left out."""
    count = max(1, min(max(lengths) // _OUTPUTS_A_BLOCK, length // _MIN_BLOCK))
    edges = [length * i // count for i in range(count + 1)]
    offsets = np.cumsum((0, *lengths))
    weights = [_weights(length, new) for new in lengths]
    return tuple(
        _block(start, stop, weights, offsets)
        for start, stop in zip(edges[:-1], edges[1:], strict=True)
    )


def _block(
    start: int, stop: int, weights: Iterable[_Weights], offsets: NDArray[np.intp]
) -> _Block:
    parts: list[_Floats] = []
    targets: list[tuple[slice, slice]] = []
    row = 0
    for (first, taps), offset in zip(weights, offsets, strict=False):
        width = taps.shape[1]
        low = int(np.searchsorted(first, start - width, side="right"))
        high = int(np.searchsorted(first, stop, side="left"))
        parts.append(_dense(first[low:high] - start, taps[low:high], stop - start))
        targets.append((slice(row, row + high - low), slice(offset + low, offset + high)))
        row += high - low
    return _Block(slice(start, stop), np.concatenate(parts), tuple(targets))


def _dense(first: NDArray[np.intp], taps: _Floats, inputs: int) -> _Floats:
    """Return the (outputs, inputs) matrix of taps that start at `first`, cut off at both ends."""
    rows, width = taps.shape
    padded = np.zeros((rows, inputs + 2 * width))
    columns = first[:, None] + (np.arange(width) + width)
    padded[np.arange(rows)[:, None], columns] = taps
    return padded[:, width : width + inputs]


def _weights(length: int, new: int) -> _Weights:
    """Return Pillow's weights, as multiples of 2**-22, of a pass from `length` to `new`."""
    scale = length / new
    stretch = max(scale, 1.0)
    support = _LOBES * stretch
    centres = (np.arange(new) + 0.5) * scale
    first = np.maximum((centres - support + 0.5).astype(np.intp), 0)
    last = np.minimum((centres + support + 0.5).astype(np.intp), length)
    taps = np.arange((last - first).max())
    raw = _lanczos((taps + first[:, None] - centres[:, None] + 0.5) * (1.0 / stretch))
    raw[taps >= (last - first)[:, None]] = 0.0
    exact = raw / raw.sum(axis=1, keepdims=True) * _FIXED_POINT
    rounded = np.trunc(exact + np.copysign(0.5, exact))
    doubtful = np.abs(np.abs(exact - np.trunc(exact)) - 0.5) < _ROUNDING_DOUBT
    for i in np.flatnonzero(doubtful.any(axis=1)):
        count = int(last[i] - first[i])
        rounded[i, :count] = _weights_of_one(float(centres[i]), int(first[i]), count, stretch)
    return _Weights(first, rounded / _FIXED_POINT)


def _lanczos(x: _Floats) -> _Floats:
    """Return the kernel, within a few units in the last place of Pillow's; one sine a value."""
    angle = x * (math.pi / _LOBES)
    sine = np.sin(angle)
    square = sine * sine
    with np.errstate(divide="ignore", invalid="ignore"):
        kernel = square * (1.0 - 4.0 / 3.0 * square) / (angle * angle)
    kernel[angle == 0.0] = 1.0
    kernel[(x < -_LOBES) | (x >= _LOBES)] = 0.0
    return kernel


def _weights_of_one(centre: float, first: int, count: int, stretch: float) -> list[float]:
    """Return the weights of one output, in the order of operations of Pillow's C code."""
    step = 1.0 / stretch
    raw = [_lanczos_of_one((x + first - centre + 0.5) * step) for x in range(count)]
    total = 0.0
    for weight in raw:
        total += weight
    fixed = [weight / total * _FIXED_POINT for weight in raw]
    return [float(math.trunc(w + math.copysign(0.5, w))) for w in fixed]


def _lanczos_of_one(x: float) -> float:
    return _sinc(x) * _sinc(x / _LOBES) if -_LOBES <= x < _LOBES else 0.0


def _sinc(x: float) -> float:
    return math.sin(x * math.pi) / (x * math.pi) if x else 1.0
