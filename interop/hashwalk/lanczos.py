"""Resized grey planes, equal to Pillow's LANCZOS resize of an 8-bit picture.

Pillow resizes 8-bit planes along the rows, then along the columns. Each pass is a weighted sum
with weights rounded to 22 binary digits, rounded and clipped to 0..255. Such sums are exact in
float64, so a pass is a few matrix products that stay in the cache, and the result is Pillow's
to the last bit. Planes are turned between the passes, so that always whole rows are summed up,
which is faster. Where Pillow's versions differ, Pillow itself is called.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Collection
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Size = tuple[int, int]

_Floats = NDArray[np.float64]

_FIXED_POINT = float(1 << 22)
_LOBES = 3.0
_ROUNDING_DOUBT = 1e-7
_ALMOST_ZERO = 1e-9
_COARSE = 32
_COARSE_BAND = 8
_FINE_BAND = 16
_STRIP_FLOATS = 1 << 16
_MIN_STRIP = 64


class _Weights(NamedTuple):
    """The weights of one pass: row i of `taps` is for output i and the inputs from first[i] on."""

    first: NDArray[np.intp]
    taps: _Floats


class _Band(NamedTuple):
    """Neighbouring outputs of a pass: ``weights @ inputs``."""

    outputs: slice
    inputs: slice
    weights: _Floats


def resize_grey(grey: NDArray[np.uint8], sizes: Collection[Size]) -> dict[Size, NDArray[np.uint8]]:
    """Return, for each (width, height) of `sizes`, the resized (height, width) plane.

    `grey` is a (height, width) plane, each side at least 1. Equal to
    ``Image.fromarray(grey).resize(size, LANCZOS)`` of the installed Pillow bit for bit; the
    planes are read-only.
    """
    turned = {s for s in sizes if _may_be_turned(grey.shape, s)}
    resized = _resize_rows_first(grey, set(sizes) - turned)
    for size in turned:
        image = Image.fromarray(grey)
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
    widths, heights = (tuple(sorted(set(sides))) for sides in zip(*sizes, strict=True))
    narrowed = _resize_first_axis(_turned(grey), widths)
    resized = _resize_first_axis(_turned(narrowed), heights)
    across, down = _places(widths), _places(heights)
    return {(w, h): np.ascontiguousarray(resized[down[h], across[w]]) for w, h in sizes}


def _turned(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cast("NDArray[np.uint8]", cv2.transpose(np.ascontiguousarray(plane)))


def _places(lengths: tuple[int, ...]) -> dict[int, slice]:
    """Return where each of the lengths lies if they are put one behind the other."""
    ends = itertools.accumulate(lengths)
    return {length: slice(end - length, end) for length, end in zip(lengths, ends, strict=True)}


def _resize_first_axis(plane: NDArray[np.uint8], lengths: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return the rows of the plane resized to each of `lengths` (ascending), lengths in a row."""
    resized = np.empty((sum(lengths), plane.shape[1]), np.uint8)
    places = _places(lengths)
    for new in lengths:
        if new > _COARSE:
            _fill_by_bands(resized[places[new]], plane, _bands(len(plane), new))
    coarse = [(p, _bands(len(plane), new)) for new, p in places.items() if new <= _COARSE]
    if coarse:
        _fill_by_strips(resized[: coarse[-1][0].stop], plane, coarse)
    return resized


def _fill_by_bands(
    resized: NDArray[np.uint8], plane: NDArray[np.uint8], bands: tuple[_Band, ...]
) -> None:
    """Convert the inputs of one band at a time, which are few."""
    rows, span = bands[0].weights.shape
    inputs, sums = np.empty((span, plane.shape[1])), np.empty((rows, plane.shape[1]))
    for band in bands:
        inputs[...] = plane[band.inputs]
        outputs = sums[: len(band.weights)]
        np.matmul(band.weights, inputs, out=outputs)
        _put_rounded(outputs, resized[band.outputs])


def _fill_by_strips(
    resized: NDArray[np.uint8],
    plane: NDArray[np.uint8],
    passes: list[tuple[slice, tuple[_Band, ...]]],
) -> None:
    """Convert strips of columns for all lengths at once, where bands have many inputs."""
    rows, columns = plane.shape
    step = min(columns, max(_MIN_STRIP, _STRIP_FLOATS // rows))
    inputs, sums = np.empty((rows, step)), np.empty((len(resized), step))
    for start in range(0, columns, step):
        part = plane[:, start : start + step]
        strip, outputs = inputs[:, : part.shape[1]], sums[:, : part.shape[1]]
        strip[...] = part
        for place, bands in passes:
            of_length = outputs[place]
            for band in bands:
                np.matmul(band.weights, strip[band.inputs], out=of_length[band.outputs])
        _put_rounded(outputs, resized[:, start : start + step])


def _put_rounded(sums: _Floats, resized: NDArray[np.uint8]) -> None:
    sums += 0.5
    np.clip(sums, 0.0, 255.0, out=sums)
    resized[...] = sums


@functools.lru_cache(maxsize=256)
def _bands(length: int, new: int) -> tuple[_Band, ...]:
    """Return the bands of a pass, all of the same number of inputs."""
    first, taps = _weights(length, new)
    rows = -(-new // max(1, new // (_COARSE_BAND if new <= _COARSE else _FINE_BAND)))
    starts = first[::rows]
    span = int((first - np.repeat(starts, rows)[:new]).max()) + taps.shape[1]
    starts = np.minimum(starts, length - span)
    places = first - np.repeat(starts, rows)[:new] + np.arange(0, new * span, span)
    weights = np.zeros((new, span))
    weights.ravel()[places[:, None] + np.arange(taps.shape[1])] = taps
    return tuple(
        _Band(slice(at, at + rows), slice(start, start + span), weights[at : at + rows])
        for at, start in zip(range(0, new, rows), starts.tolist(), strict=True)
    )


def _weights(length: int, new: int) -> _Weights:
    """Return Pillow's weights, as multiples of 2**-22, of a pass from `length` to `new`.

    The second half of the outputs mirrors the first, but for the rounding of weights in doubt.
    """
    stretch = max(length / new, 1.0)
    support = _LOBES * stretch
    centres = (np.arange(new, dtype=np.float64) + 0.5) * (length / new)
    start = np.maximum((centres - support + 0.5).astype(np.intp), 0)
    stop = np.minimum((centres + support + 0.5).astype(np.intp), length)
    most, half = int((stop - start).max()), (new + 1) // 2
    first = np.minimum(start[:half], length - most)
    exact = _kernels(first, centres[:half], most, math.pi / support)
    _clear_outside(exact, start[:half] - first, stop[:half] - first)
    exact *= (_FIXED_POINT / exact.sum(axis=1))[:, None]
    taps = np.empty((new, most))
    rounded = taps[:half]
    np.rint(exact, out=rounded)
    exact -= rounded
    doubtful = _rows_in_doubt(exact)
    taps[half:] = rounded[: new - half][::-1, ::-1]
    first = np.concatenate((first, (length - most - first)[: new - half][::-1]))
    for i in {*doubtful, *(new - 1 - i for i in doubtful)}:
        at, end = int(start[i]), int(stop[i])
        one = _weights_of_one(float(centres[i]), at, end - at, stretch)
        taps[i, at - first[i] : end - first[i]] = one
    taps *= 1.0 / _FIXED_POINT
    return _Weights(first, taps)


def _clear_outside(kernels: _Floats, start: NDArray[np.intp], stop: NDArray[np.intp]) -> None:
    """Set to 0 what lies before `start` or from `stop` on in each row."""
    taps = np.arange(kernels.shape[1])
    kernels *= taps < stop[:, None]
    late = start > 0
    if late.any():
        kernels[late] *= taps >= start[late, None]


def _rows_in_doubt(remainders: _Floats) -> list[int]:
    """Return the rows with a remainder so close to a half that either way may be right."""
    highest = np.maximum(remainders.max(axis=1), -remainders.min(axis=1))
    return np.flatnonzero(highest > 0.5 - _ROUNDING_DOUBT).tolist()


def _kernels(first: NDArray[np.intp], centres: _Floats, count: int, step: float) -> _Floats:
    """Return the kernel at `count` inputs from `first` on, for each centre.

    The sines are put together from those of the first angle and of the steps, which is precise
    enough but for the input nearest to the centre, whose sine may be very small.
    """
    base, steps = ((first - centres + 0.5) * step)[:, None], np.arange(count) * step
    sines = np.sin(base) * np.cos(steps)
    sines += np.cos(base) * np.sin(steps)
    with np.errstate(all="ignore"):
        kernels = _kernel(base + steps, sines)
    nearest = centres.astype(np.intp)
    angles = np.maximum(np.abs(nearest - centres + 0.5) * step, _ALMOST_ZERO)
    kernels[np.arange(len(first)), nearest - first] = _kernel(angles, np.sin(angles))
    return kernels


def _kernel(angles: _Floats, sines: _Floats) -> _Floats:
    """Return the kernel, sin(3a) sin(a) / (3 a a) at x = 3a/pi; overwrites both arguments.

    It is within a few units in the last place of Pillow's two sines.
    """
    sines *= sines
    kernels = sines * (-4.0 / 3.0)
    kernels += 1.0
    kernels *= sines
    angles *= angles
    kernels /= angles
    return kernels


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
