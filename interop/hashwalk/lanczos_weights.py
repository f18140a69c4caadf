"""The weights of Pillow's LANCZOS resize along one axis.

Pillow rounds the weights for 8-bit planes to 22 binary digits. Here the outputs of all passes
along an axis are weighted at once, by a formula within a few units in the last place of
Pillow's; an output with a weight that could be rounded either way is weighted once more, in
Pillow's own order of operations.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_Whole = NDArray[np.intp]

DIGITS = 22
"""How many binary digits the weights have behind the point."""
_FIXED_POINT = float(1 << DIGITS)
_LOBES = 3.0
_ROUNDING_DOUBT = 1e-7
_ALMOST_ZERO = 1e-9


@dataclass(frozen=True, slots=True)
class Taps:
    """A pass to `new` outputs: which inputs each one weighs, and by how much.

    Output i is the sum of the ``count[i]`` inputs from ``first[i]`` on, each times its weight in
    row i of `weights`, which are whole numbers of 2**-22.
    """

    new: int
    first: _Whole
    count: _Whole
    weights: NDArray[np.int32]


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
def taps(length: int, news: tuple[int, ...]) -> tuple[Taps, ...]:
    """Return, for each of `news`, the taps of a pass from `length` inputs to so many outputs.

    They must not be changed.
    """
    halves = _first_halves(length, np.array(news))
    weights = _kernels(halves)
    weights *= np.repeat(_FIXED_POINT / np.add.reduceat(weights, halves.begin), halves.count)
    doubtful = halves.begin.searchsorted(_round_off(weights), "right") - 1
    passes, start = [], 0
    for new in news:
        half = slice(start, start + (new + 1) // 2)
        unsure = {i - start for i in doubtful.tolist() if half.start <= i < half.stop}
        passes.append(_spread(length, new, halves.of(half), weights, unsure))
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
    """Make the weights whole numbers; return where that may be one too many or too few."""
    remainders = weights.copy()
    np.rint(weights, out=weights)
    remainders -= weights
    return np.flatnonzero(np.abs(remainders, out=remainders) > 0.5 - _ROUNDING_DOUBT)


def _spread(length: int, new: int, halves: _Halves, weights: Floats, unsure: set[int]) -> Taps:
    """Return the outputs of a pass, those in the second half mirrored."""
    first, stop = _ranges(length, new, halves)
    count = stop - first
    rows = np.zeros((new, int(count.max())))
    _scatter(rows.ravel(), np.arange(0, rows.size, rows.shape[1]), halves, weights)
    for output in {*unsure, *(new - 1 - i for i in unsure)}:
        inputs = range(first[output], first[output] + rows.shape[1])
        rows[output] = _weights_of_one(length, new, output, inputs)
    return Taps(new, first, count, rows.astype(np.int32))


def _ranges(length: int, new: int, halves: _Halves) -> tuple[_Whole, _Whole]:
    """Return, for each output, the first input that it weighs and the one behind the last."""
    mirrored = slice(new // 2 - 1, None, -1) if new > 1 else slice(0)
    first, stop = halves.first, halves.first + halves.count
    return (
        np.concatenate((first, length - stop[mirrored])),
        np.concatenate((stop, length - first[mirrored])),
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


def _weights_of_one(length: int, new: int, output: int, inputs: range) -> list[int]:
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
    whole = (math.trunc(w + math.copysign(0.5, w)) for w in fixed)
    weights = dict(zip(range(start, stop), whole, strict=True))
    return [weights.get(x, 0) for x in inputs]


def _lanczos(x: float) -> float:
    return _sinc(x) * _sinc(x / _LOBES) if -_LOBES <= x < _LOBES else 0.0


def _sinc(x: float) -> float:
    return math.sin(x * math.pi) / (x * math.pi) if x else 1.0
