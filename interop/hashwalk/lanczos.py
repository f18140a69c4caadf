"""Resized grey planes, equal to Pillow's LANCZOS resize of an 8-bit picture.

Pillow resizes 8-bit planes along the rows, then along the columns. Each pass is a weighted sum
with weights rounded to 22 binary digits, rounded and clipped to 0..255. Such sums are exact in
float64, so a pass over several sizes at once is a few matrix products that stay in the cache,
and the result is Pillow's to the last bit. Where Pillow's versions differ, Pillow itself is
called.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Size = tuple[int, int]

_Floats = NDArray[np.float64]

_FIXED_POINT = float(1 << 22)
_LOBES = 3.0
_ROUNDING_DOUBT = 1e-7
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
    turned = {s for s in sizes if _may_be_turned(grey.shape, s)}
    resized = _resize_rows_first(grey, set(sizes) - turned)
    image = Image.fromarray(grey)
    for size in turned:
        resized[size] = np.array(image.resize(size, Image.Resampling.LANCZOS))
    for plane in resized.values():
        plane.flags.writeable = False
    return resized


def _may_be_turned(shape: tuple[int, ...], size: Size) -> bool:
    """Tell whether it depends on the version of Pillow which axis comes first.

    Pillow 13 resizes along the columns first where more than twice as many rows as columns are
    lost, some of Pillow 12 where a picture is a hundred times as high as wide. The order
    matters to the last bit, because the plane between the passes is rounded.
    """
    height, width = shape
    lost_rows, lost_columns = height - size[1], width - size[0]
    return lost_rows > max(0, 2 * lost_columns) or height > 100 * width


def _resize_rows_first(
    grey: NDArray[np.uint8], sizes: Collection[Size]
) -> dict[Size, NDArray[np.uint8]]:
    if not sizes:
        return {}
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
    sums = np.full((sum(lengths), plane.shape[0]), 0.5)
    for block in _blocks(length, lengths):
        inputs = plane[:, block.inputs].astype(np.float64, copy=False)
        products = block.weights @ inputs.T
        for rows, outputs in block.targets:
            sums[outputs] += products[rows]
    np.floor(sums, out=sums)
    np.clip(sums, 0.0, 255.0, out=sums)
    return np.split(sums, np.cumsum(lengths)[:-1])


@functools.lru_cache(maxsize=128)
def _blocks(length: int, lengths: tuple[int, ...]) -> tuple[_Block, ...]:
    """Cut a pass into runs of inputs, so that the zeros of the weights are mostly left out."""
    count = max(1, min(max(lengths) // _OUTPUTS_A_BLOCK, length // _MIN_BLOCK))
    run = -(-length // count)
    starts = np.arange(0, length, run)
    weights = [_weights(length, new) for new in lengths]
    spans = [_spans(w, starts, run) for w in weights]
    rows = np.cumsum([np.zeros_like(starts), *(high - low for low, high in spans)], axis=0)
    ends = np.cumsum(rows[-1]) * run
    origins = ends - rows[-1] * run - starts
    flat = np.zeros(ends[-1] + 1)
    for one, (low, _), row in zip(weights, spans, rows, strict=False):
        _scatter(flat, one, origins + (row - low) * run, length, run)
    matrices = [m.reshape(-1, run) for m in np.split(flat[:-1], ends[:-1])]
    offsets = np.cumsum((0, *lengths))
    return tuple(
        _Block(
            slice(start, start + run),
            matrix[:, : length - start],
            tuple(
                (slice(row[i], row[i] + high[i] - low[i]), slice(at + low[i], at + high[i]))
                for (low, high), row, at in zip(spans, rows, offsets, strict=False)
            ),
        )
        for i, (start, matrix) in enumerate(zip(starts.tolist(), matrices, strict=True))
    )


def _spans(
    weights: _Weights, starts: NDArray[np.intp], run: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return, for each run of inputs, the first output it touches and the one behind the last."""
    first, taps = weights
    low = np.searchsorted(first, starts - taps.shape[1], side="right")
    return low, np.searchsorted(first, starts + run, side="left")


def _scatter(
    flat: _Floats, weights: _Weights, origins: NDArray[np.intp], length: int, run: int
) -> None:
    """Write weights into the blocks' matrices, which lie one behind the other in `flat`.

    The weight of output o for input k goes to ``origins[k // run] + o * run + k``; what lies
    behind the last input goes to the spare place at the end.
    """
    first, taps = weights
    inputs = first[:, None] + np.arange(taps.shape[1])
    places = origins[np.minimum(inputs // run, len(origins) - 1)]
    places += inputs
    places += np.arange(0, len(first) * run, run)[:, None]
    places[inputs >= length] = len(flat) - 1
    flat[places] = taps


def _weights(length: int, new: int) -> _Weights:
    """Return Pillow's weights, as multiples of 2**-22, of a pass from `length` to `new`."""
    stretch = max(length / new, 1.0)
    support = _LOBES * stretch
    centres = (np.arange(new) + 0.5) * (length / new)
    first = np.maximum((centres - support + 0.5).astype(np.intp), 0)
    counts = np.minimum((centres + support + 0.5).astype(np.intp), length) - first
    taps = np.arange(counts.max())
    exact = _kernel(((first - centres + 0.5)[:, None] + taps) * (math.pi / support))
    exact[taps >= counts[:, None]] = 0.0
    exact *= (_FIXED_POINT / exact.sum(axis=1))[:, None]
    rounded = np.rint(exact)
    exact -= rounded
    np.abs(exact, out=exact)
    for i in np.flatnonzero(exact.max(axis=1) > 0.5 - _ROUNDING_DOUBT):
        count = int(counts[i])
        rounded[i, :count] = _weights_of_one(float(centres[i]), int(first[i]), count, stretch)
    rounded *= 1.0 / _FIXED_POINT
    return _Weights(first, rounded)


def _kernel(angle: _Floats) -> _Floats:
    """Return the kernel, sin(3a) sin(a) / (3 a a) at x = 3a/pi, from one sine a value.

    It is within a few units in the last place of Pillow's two sines.
    """
    kernel = np.sin(angle)
    kernel *= kernel
    kernel *= 1.0 - (4.0 / 3.0) * kernel
    angle *= angle
    with np.errstate(invalid="ignore"):
        kernel /= angle
    kernel[angle == 0.0] = 1.0
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
