"""The inner loops of FFmpeg 5.1's scaler: lines of 15 bits, then rows of bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashwalk.compiled import compiled

_LARGEST = 32767

Lines = NDArray[np.int32]
Numbers = NDArray[np.uint32]
Weights = NDArray[np.int16]


def _across(  # noqa: PLR0913, PLR0917
    samples: NDArray[Any],
    first: Numbers,
    weights: Weights,
    depth: int,
    conversion: Lines,
    row: NDArray[Any],
    lines: Lines,
) -> None:
    """Fill `lines` with the rows of `samples`, scaled across and in full range.

    Column x is made of the samples from ``first[x]`` on. `row` is longer than a row of `samples`
    by the width of `weights`, and 0 in the end; `conversion` is the largest value, factor, offset
    and shift.
    """
    largest, factor, offset, shift = conversion
    for y in range(lines.shape[0]):
        for x in range(samples.shape[1]):
            row[x] = samples[y, x]
        for x in range(lines.shape[1]):
            total = np.int32(0)
            for tap in range(weights.shape[1]):
                product = np.int32(row[first[x] + tap]) * np.int32(weights[x, tap])
                total = np.int32(total + product)
            value = min(total >> (depth - 1), _LARGEST, largest)
            lines[y, x] = value * factor + offset >> shift


across_8_bits = compiled(
    "const u1[:, :]", "const u4[::1]", "const i2[:, ::1]", "i8", "const i4[::1]", "i2[::1]",
    "i4[:, ::1]",
)(_across)  # fmt: skip
across_16_bits = compiled(
    "const u2[:, :]", "const u4[::1]", "const i2[:, ::1]", "i8", "const i4[::1]", "i4[::1]",
    "i4[:, ::1]",
)(_across)  # fmt: skip


@compiled(
    "const i4[:, ::1]", "const u4[:, ::1]", "const i4[:, ::1]", "const i4[:, ::1]", "i8",
    "i4[::1]", "u1[:, ::1]",
)  # fmt: skip
def down(  # noqa: PLR0913, PLR0917
    lines: Lines,
    numbers: Numbers,
    weights: Lines,
    dither: Lines,
    exact_rows: int,
    sums: Lines,
    plane: NDArray[np.uint8],
) -> None:
    """Fill `plane` with rows, each the sum of the lines of these numbers with these weights.

    The last `exact_rows` rows are rounded once, the others tap by tap; `sums` is one row.
    """
    rows, taps = weights.shape
    for y in range(rows):
        cut = 16 if y < rows - exact_rows else 0
        for x in range(len(sums)):
            sums[x] = dither[y, x] + 8 * (taps - 1) >> 4 if cut else dither[y, x] << 12
        for tap in range(taps):
            number, weight = numbers[y, tap], weights[y, tap]
            for x in range(len(sums)):
                sums[x] += lines[number, x] * weight >> cut
        for x in range(len(sums)):
            plane[y, x] = min(max(sums[x] >> (19 - cut), 0), 255)
