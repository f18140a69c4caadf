"""The inner loops of PDQ's downscaling: weighted sums of lines, and running sums."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashwalk.compiled import compiled

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Reals = NDArray[np.float64]
Positions = NDArray[np.int64]

_CHUNK = 512
"""How many pixels of a line are summed up at a time: the sums stay in the nearest cache."""
LINES_AT_ONCE = 4
"""Of how many lines each line of weights holds a multiple."""


@compiled("const u1[:, ::1]", "i8", "const i8[::1]", "const f4[:, ::1]", "f4[:, ::1]")
def sum_luma(lines: Bytes, size: int, first: Positions, weights: Floats, luma: Floats) -> None:
    """Write into line i of `luma` that of the lines from ``first[i]`` on, each times its weight.

    Pixels are one byte of grey, or red, green, blue and perhaps more: `size` bytes each.
    """
    red, green, blue = np.float32(0.299), np.float32(0.587), np.float32(0.114)
    sums = np.empty(_CHUNK * size, np.float32)
    for start in range(0, luma.shape[1], _CHUNK):
        stop = min(start + _CHUNK, luma.shape[1])
        values = slice(start * size, stop * size)
        for output in range(len(first)):
            sums[:] = 0
            for tap in range(0, weights.shape[1], LINES_AT_ONCE):
                at = first[output] + tap
                a, b, c, d = lines[at], lines[at + 1], lines[at + 2], lines[at + 3]
                a, b, c, d = a[values], b[values], c[values], d[values]
                of_a, of_b = weights[output, tap], weights[output, tap + 1]
                of_c, of_d = weights[output, tap + 2], weights[output, tap + 3]
                for i in range(len(a)):
                    ab = of_a * np.float32(a[i]) + of_b * np.float32(b[i])
                    sums[i] += ab + (of_c * np.float32(c[i]) + of_d * np.float32(d[i]))
            out = luma[output, start:stop]
            if size == 1:
                out[:] = sums[: len(out)]
            else:
                for i in range(len(out)):
                    at = i * size
                    out[i] = red * sums[at] + green * sums[at + 1] + blue * sums[at + 2]


@compiled("const f4[:, ::1]", "const i8[::1]", "const f4[:, ::1]", "f4[:, ::1]")
def sum_lines(lines: Floats, first: Positions, weights: Floats, sums: Floats) -> None:
    """Write into line i of `sums` the lines from ``first[i]`` on, each times its weight."""
    sums[:] = 0
    for output in range(len(first)):
        for tap in range(weights.shape[1]):
            line, weight = lines[first[output] + tap], weights[output, tap]
            for i in range(len(line)):
                sums[output, i] += weight * line[i]


@compiled("const f4[:, ::1]", "f4", "i8[::1]")
def count_steps(plane: Floats, doubt: float, counts: Positions) -> None:
    """Write how many steps of 2.55 lie between neighbours, at least and at most.

    Each of them may be off by `doubt` steps.
    """
    rows, columns = plane.shape
    fewest, most = np.float32(0), np.float32(0)
    for y in range(rows):
        for x in range(columns):
            here = plane[y, x]
            down = abs(plane[min(y + 1, rows - 1), x] - here) * np.float32(100 / 255)
            right = abs(plane[y, min(x + 1, columns - 1)] - here) * np.float32(100 / 255)
            fewest += np.floor(max(down - doubt, np.float32(0)))
            fewest += np.floor(max(right - doubt, np.float32(0)))
            most += np.floor(down + doubt) + np.floor(right + doubt)
    counts[0], counts[1] = int(fewest), int(most)


@compiled("const f4[:, :]", "const f8[:, :]", "f4")
def is_halved(coefficients: Floats, doubt: Reals, median: np.float32) -> bool:
    """Tell whether the half above the median stays above the others, if all are off by `doubt`."""
    rows, columns = coefficients.shape
    above, lowest, highest = 0, np.inf, -np.inf
    for y in range(rows):
        for x in range(columns):
            here, by = coefficients[y, x], doubt[y, x]
            if here > median:
                above += 1
                lowest = min(lowest, here - by)
            else:
                highest = max(highest, here + by)
    return 2 * above == rows * columns and lowest > highest


@compiled("i8", "i8", "i8[::1]", "f4[:, ::1]")
def put_weights(length: int, window: int, first: Positions, weights: Floats) -> None:
    """Write how much two box filters let each line weigh in each output, from ``first`` on.

    Each tap of the second pass spreads its weight evenly over the window of the first.
    """
    outputs, width = weights.shape
    half = (window + 2) // 2
    for output in range(outputs):
        centre = int((output + 0.5) * length / outputs)
        first[output] = min(max(centre + 2 * (half - window), 0), length - width)
        seconds = range(max(centre + half - window, 0), min(centre + half, length))
        for second in seconds:
            stop = min(second + half, length)
            start = max(second + half - window, 0)
            for line in range(start, stop):
                share = 1.0 / (len(seconds) * (stop - start))
                weights[output, line - first[output]] += np.float32(share)


@compiled("const f4[:, ::1]", "i8", "const i8[::1]", "f4[:, ::1]")
def put_averages(lines: Floats, window: int, kept: Positions, averages: Floats) -> None:
    """Write the lines `kept` of the box filter down each column, as the reference adds it up.

    At each step its sum takes the line that enters the window, then gives back the one that
    leaves it.
    """
    length = len(lines)
    half = (window + 2) // 2
    total = np.zeros(lines.shape[1], np.float32)
    for line in range(half - 1):
        total += lines[line]
    step = -1
    for written in range(len(kept)):
        while step < kept[written]:
            step += 1
            entering, leaving = step + half - 1, step + half - 1 - window
            if entering < length:
                total += lines[entering]
            if leaving >= 0:
                total -= lines[leaving]
        count = min(step + half, length) - max(step + half - window, 0)
        np.divide(total, np.float32(count), averages[written])
