"""The weights of Pillow's LANCZOS resize along one axis, in bands of those that are not zero.

Pillow rounds the weights for 8-bit planes to 22 binary digits. Here the outputs of all passes
along an axis are weighted at once, by a formula within a few units in the last place of
Pillow's; an output with a weight that could be rounded either way is weighted once more, in
Pillow's own order of operations.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_Whole = NDArray[np.intp]

_FIXED_POINT = float(1 << 22)
_LOBES = 3.0
_ROUNDING_DOUBT = 1e-7
_ALMOST_ZERO = 1e-9
COARSE = 32
"""Passes to so many outputs or fewer have bands that share no inputs: outputs are summed up.

The bands of other passes share no outputs.
"""
_FINE_BAND = 16


class Band(NamedTuple):
    """What some neighbouring inputs of a pass add to some neighbouring outputs.

    That is ``weights @ inputs``.
    """

    outputs: slice
    inputs: slice
    weights: Floats


Bands = tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class _Halves:
    """The outputs in the first halves of passes; those in the second halves mirror them.

    Output i lies at ``centre[i]``, the angle of its kernel grows by ``step[i]`` from input to
    input, and it weighs ``count[i]`` inputs from ``first[i]`` on. The weights of all outputs
    stand in one row, those of output i from ``begin[i]`` on.
    """

    step: Floats
    centre: Floats
    first: _Whole
    count: _Whole
    begin: _Whole

    def of(self, rows: slice) -> _Halves:
        """Return some of the outputs."""
        return _Halves(
            self.step[rows],
            self.centre[rows],
            self.first[rows],
            self.count[rows],
            self.begin[rows],
        )


@functools.lru_cache(maxsize=256)
def bands(length: int, news: tuple[int, ...], slab: int) -> tuple[Bands, ...]:
    """Return, for each of `news`, the bands of a pass from `length` inputs to so many outputs.

    The bands of a coarse pass have `slab` inputs each, but for the last one, and those of another
    pass all the same number of inputs. The weights are multiples of 2**-22; they must not be
    changed.
    """
    halves = _first_halves(length, np.array(news))
    weights = _kernels(halves)
    weights *= np.repeat(_FIXED_POINT / np.add.reduceat(weights, halves.begin), halves.count)
    doubtful = halves.begin.searchsorted(_round_off(weights), "right") - 1
    passes, start = [], 0
    for new in news:
        half = slice(start, start + (new + 1) // 2)
        unsure = {i - start for i in doubtful.tolist() if half.start <= i < half.stop}
        matrix, origins = _spread(length, new, halves.of(half), weights, unsure)
        ranges = _ranges(length, new, halves.of(half))
        coarse = new <= COARSE
        passes.append(_in_slabs(matrix, *ranges, slab) if coarse else _in_bands(matrix, origins))
        start = half.stop
    return tuple(passes)


def _first_halves(length: int, news: _Whole) -> _Halves:
    halves = (news + 1) // 2
    which = np.repeat(np.arange(len(news)), halves)
    output = np.arange(len(which)) - (np.cumsum(halves) - halves)[which]
    scale = length / news
    support = _LOBES * np.maximum(scale, 1.0)
    reach, centre = support[which], (output + 0.5) * scale[which]
    first = np.maximum((centre - reach + 0.5).astype(np.intp), 0)
    count = np.minimum((centre + reach + 0.5).astype(np.intp), length) - first
    return _Halves(math.pi / reach, centre, first, count, np.cumsum(count) - count)


def _kernels(halves: _Halves) -> Floats:
    """Return the kernel, sin(3a) sin(a) / (3 a a), for all inputs of all outputs.

    The angle a is 0 at the centre of an output and pi where its kernel ends.
    """
    inputs = np.repeat(halves.first - halves.begin, halves.count)
    inputs += np.arange(len(inputs))
    angles = inputs - np.repeat(halves.centre - 0.5, halves.count)
    angles *= np.repeat(halves.step, halves.count)
    np.abs(angles, out=angles)
    np.maximum(angles, _ALMOST_ZERO, out=angles)
    squares = np.sin(angles)
    squares *= squares
    angles *= angles
    kernels: Floats = np.divide(squares, angles, out=angles)
    squares *= -4.0 / 3.0
    squares += 1.0
    kernels *= squares
    return kernels


def _round_off(weights: Floats) -> _Whole:
    """Make the weights multiples of 2**-22; return where that may be one too many or too few."""
    remainders = weights.copy()
    np.rint(weights, out=weights)
    remainders -= weights
    weights *= 1.0 / _FIXED_POINT
    return np.flatnonzero(np.abs(remainders, out=remainders) > 0.5 - _ROUNDING_DOUBT)


def _spread(
    length: int, new: int, halves: _Halves, taps: Floats, unsure: set[int]
) -> tuple[Floats, _Whole]:
    """Return a row of weights for each output, and the input that the row starts at."""
    first, stop = _ranges(length, new, halves)
    size = new if new <= COARSE else _band_size(new)
    origins = np.repeat(first[::size], size)[:new]
    span = int((stop - origins).max())
    origins = np.minimum(origins, length - span)
    weights = np.zeros((new, span))
    _scatter(weights.ravel(), first - origins + np.arange(0, new * span, span), halves, taps)
    for output in {*unsure, *(new - 1 - i for i in unsure)}:
        inputs = range(origins[output], origins[output] + span)
        weights[output] = _weights_of_one(length, new, output, inputs)
    return weights, origins


def _ranges(length: int, new: int, halves: _Halves) -> tuple[_Whole, _Whole]:
    """Return, for each output, the first input that it weighs and the one behind the last."""
    mirrored = slice(new // 2 - 1, None, -1) if new > 1 else slice(0)
    first, stop = halves.first, halves.first + halves.count
    return (
        np.concatenate((first, length - stop[mirrored])),
        np.concatenate((stop, length - first[mirrored])),
    )


def _band_size(new: int) -> int:
    return -(-new // (new // _FINE_BAND))


def _in_bands(weights: Floats, origins: _Whole) -> Bands:
    """Return the bands of neighbouring outputs, whose rows start at the same input."""
    (new, span), size = weights.shape, _band_size(len(weights))
    return tuple(
        Band(slice(at, min(at + size, new)), slice(start, start + span), weights[at : at + size])
        for at, start in zip(range(0, new, size), origins[::size].tolist(), strict=True)
    )


def _in_slabs(weights: Floats, first: _Whole, stop: _Whole, slab: int) -> Bands:
    """Return the bands of `slab` inputs, each with the outputs that it adds to.

    Output i weighs the inputs from ``first[i]`` up to ``stop[i]``, without the latter.
    """
    starts = np.arange(0, weights.shape[1], slab)
    lowest = np.maximum.accumulate(stop).searchsorted(starts, "right")
    highest = np.minimum.accumulate(first[::-1])[::-1].searchsorted(starts + slab, "left")
    slabs = zip(lowest.tolist(), highest.tolist(), starts.tolist(), strict=True)
    return tuple(
        Band(slice(low, high), slice(at, at + slab), weights[low:high, at : at + slab].copy())
        for low, high, at in slabs
    )


def _scatter(flat: Floats, places: _Whole, halves: _Halves, taps: Floats) -> None:
    """Put the taps of each output to its place, and those of its mirror image in reverse."""
    lower = len(places) // 2
    starts, counts = halves.begin, halves.count
    begin, end = int(starts[0]), int(starts[-1] + counts[-1])
    along = np.arange(begin, end)
    flat[along + np.repeat(places[: len(starts)] - starts, counts)] = taps[begin:end]
    along = along[: int(counts[:lower].sum())]
    ends = places[::-1][:lower] + counts[:lower] - 1 + starts[:lower]
    flat[np.repeat(ends, counts[:lower]) - along] = taps[along]


def _weights_of_one(length: int, new: int, output: int, inputs: range) -> list[float]:
    """Return the weights of an output for `inputs`, by the steps of Pillow's C code."""
    stretch = max(length / new, 1.0)
    support, centre = _LOBES * stretch, (output + 0.5) * (length / new)
    start = max(int(centre - support + 0.5), 0)
    stop = min(int(centre + support + 0.5), length)
    raw = [_lanczos((x - centre + 0.5) * (1.0 / stretch)) for x in range(start, stop)]
    total = 0.0
    for weight in raw:
        total += weight
    fixed = (weight / total * _FIXED_POINT for weight in raw)
    whole = (math.trunc(w + math.copysign(0.5, w)) / _FIXED_POINT for w in fixed)
    weights = dict(zip(range(start, stop), whole, strict=True))
    return [weights.get(x, 0.0) for x in inputs]


def _lanczos(x: float) -> float:
    return _sinc(x) * _sinc(x / _LOBES) if -_LOBES <= x < _LOBES else 0.0


def _sinc(x: float) -> float:
    return math.sin(x * math.pi) / (x * math.pi) if x else 1.0
