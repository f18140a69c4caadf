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
import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(height, width, 3) RGB pixels, or a (height, width) grey plane."""
Plane = NDArray[np.float32]
LumaRule = Callable[[Pixels], Plane]
"""How a reference computes luma: from pixels to a float32 plane of the same size."""

SIDE = 64
_LUMA = (0.299, 0.587, 0.114)
_OUTPUTS_A_BAND = 4
_BAND_FLOATS = 1 << 17
_STRIP = 64


class _Band(NamedTuple):
    """Neighbouring outputs of one axis: ``weights @ inputs[first : first + len]``."""

    outputs: slice
    inputs: slice
    weights: Plane


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

    The error is below 1e-4 grey levels, whatever the size.
    """
    height, width = pixels.shape[:2]
    if (height, width) == (SIDE, SIDE):
        return luma_rounded_once(pixels)
    narrow = _weighted_rows(pixels.reshape(height, -1), _bands(height))
    if pixels.ndim == 3:
        narrow = narrow.reshape(SIDE, width, 3) @ np.array(_LUMA, np.float32)
    out = np.empty((SIDE, SIDE), np.float32)
    for band in _bands(width):
        out[:, band.outputs] = narrow[:, band.inputs] @ band.weights.T
    return out


def downscaled_as_reference(pixels: Pixels, luma: LumaRule, *, keep_64: bool = True) -> Plane:
    """Return the 64x64 luma with the reference's float32 rounding errors, bit for bit.

    The picture has sides of at least 5 pixels. With `keep_64` one that is 64x64 already is not
    filtered. Takes the memory of two planes.
    """
    rows, columns = pixels.shape[:2]
    if keep_64 and (rows, columns) == (SIDE, SIDE):
        return luma(pixels)
    # In one piece, which the system can map by large pages.
    planes = np.empty((2, rows * columns), np.float32)
    turned, upright = planes[0].reshape(columns, rows), planes[1].reshape(rows, columns)
    for part in _strips(rows):
        cv2.transpose(luma(pixels[part]), turned[:, part])
    _put_averages(turned, upright)
    _put_averages(upright, turned)
    return _picked_averages(np.ascontiguousarray(_picked_averages(turned).T))


def _weighted_rows(rows: Pixels, bands: tuple[_Band, ...]) -> Plane:
    """Return the (64, values a row) weighted sums of rows; converts what fits in a cache."""
    values = rows.shape[1]
    out = np.empty((SIDE, values), np.float32)
    height = max(band.weights.shape[1] for band in bands)
    step = max(SIDE, _BAND_FLOATS // height)
    floats = np.empty((height, min(step, values)), np.float32)
    for band in bands:
        for start in range(0, values, step):
            part = slice(start, min(start + step, values))
            block = floats[: band.weights.shape[1], : part.stop - start]
            block[...] = rows[band.inputs, part]
            np.matmul(band.weights, block, out=out[band.outputs, part])
    return out


@functools.lru_cache(maxsize=256)
def _bands(length: int) -> tuple[_Band, ...]:
    """Return the bands of an axis of `length` pixels; together they hold 4 x `length` weights."""
    first, taps = _taps(length)
    origin = np.repeat(first[::_OUTPUTS_A_BAND], _OUTPUTS_A_BAND)
    column = (first - origin)[:, None] + np.arange(taps.shape[1])
    weights = np.zeros((SIDE, int(column.max()) + 1), np.float32)
    np.put_along_axis(weights, column, taps, axis=1)
    weights.flags.writeable = False
    return tuple(
        _band(weights[output : output + _OUTPUTS_A_BAND], output, int(origin[output]), length)
        for output in range(0, SIDE, _OUTPUTS_A_BAND)
    )


def _band(weights: Plane, output: int, origin: int, length: int) -> _Band:
    """Return the band whose weights start at input `origin`, without inputs outside the axis."""
    start, stop = max(origin, 0), min(origin + weights.shape[1], length)
    inside = weights[:, start - origin : stop - origin]
    return _Band(slice(output, output + len(weights)), slice(start, stop), inside)


def _taps(length: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return, for each output, its first input (may be negative) and the weights from there.

    Each tap of the second pass spreads its weight evenly over the window of the first: noted
    as a step up at the window's start and a step down at its end, then summed up.
    """
    window, picked = _window(length), _picked(length)
    first = picked + 2 * (_half(window) - window)
    second = picked[:, None] + np.arange(_half(window) - window, _half(window))
    used = (second >= 0) & (second < length)
    start, stop = _box(np.clip(second, 0, length - 1), length)
    share = used / (stop - start) / np.count_nonzero(used, axis=1)[:, None]
    row = np.arange(SIDE)[:, None] * 2 * window - first[:, None]
    size = SIDE * 2 * window
    steps = np.bincount((row + start).ravel(), share.ravel(), size)
    steps -= np.bincount((row + stop).ravel(), share.ravel(), size)
    taps: NDArray[np.float64] = np.cumsum(steps.reshape(SIDE, -1), axis=1)
    return first, taps[:, :-1]


def _picked(length: int) -> NDArray[np.intp]:
    """Return the 64 positions along an axis that are kept after the blur."""
    return ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.intp)


def _window(length: int) -> int:
    return (length + 2 * SIDE - 1) // (2 * SIDE)


def _half(window: int) -> int:
    return (window + 2) // 2


def _box(centre: NDArray[np.intp], length: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first input, and the one behind the last, that the box filter averages."""
    window = _window(length)
    stop = centre + _half(window)
    return np.maximum(stop - window, 0), np.minimum(stop, length)


def _put_averages(lines: Plane, turned: Plane) -> None:
    """Put the box filter down each column into `turned`, where the columns are rows."""
    total, steps = _running_sum(lines)
    counts = _counts(len(lines))
    sums = np.empty((_STRIP, lines.shape[1]), np.float32)
    averages, heres = np.empty_like(sums), list(sums)
    add, subtract = np.add, np.subtract
    for part in _strips(len(lines)):
        size = part.stop - part.start
        for here, (entering, leaving) in zip(heres[:size], steps, strict=False):
            total = subtract(add(total, entering, here), leaving, here)
        np.divide(sums[:size], counts[part, None], averages[:size])
        cv2.transpose(averages[:size], turned[:, part])


def _picked_averages(lines: Plane) -> Plane:
    """Return the 64 lines that are kept of the box filter down each column."""
    picked = _picked(len(lines))
    total, steps = _running_sum(lines)
    out = np.empty((SIDE, lines.shape[1]), np.float32)
    add, subtract = np.add, np.subtract
    for here, count in zip(out, np.diff(picked, prepend=-1).tolist(), strict=True):
        for entering, leaving in itertools.islice(steps, count):
            subtract(add(total, entering, total), leaving, total)
        here[...] = total
    out /= _counts(len(lines))[picked, None]
    return out


def _running_sum(lines: Plane) -> tuple[Plane, Iterator[tuple[Plane, Plane]]]:
    """Return the reference's sum before its first step, and what its steps add and subtract.

    At each step the sum takes the line that enters the window, then gives back the one that
    leaves it; outside of the picture these are zeros, which change no sum. All columns take a
    step together; the division by the count can wait.
    """
    window = _window(len(lines))
    ahead = _half(window) - 1
    total, zeros = np.zeros((2, lines.shape[1]), np.float32)
    each = list(lines)
    for entering in each[:ahead]:
        np.add(total, entering, total)
    all_entering = [*each[ahead:], *[zeros] * ahead]
    return total, zip(all_entering, [*[zeros] * (window - ahead), *each], strict=False)


def _counts(length: int) -> Plane:
    """Return how many inputs the box filter averages at each position."""
    start, stop = _box(np.arange(length), length)
    return (stop - start).astype(np.float32)


def _strips(length: int) -> Iterator[slice]:
    return (slice(at, min(at + _STRIP, length)) for at in range(0, length, _STRIP))
