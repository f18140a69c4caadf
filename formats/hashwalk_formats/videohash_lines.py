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
    columns: NDArray[Any],
    first: Numbers,
    weights: Weights,
    depth: int,
    conversion: Lines,
    scaled: Lines,
) -> None:
    """Fill row x of `scaled` with the sum of columns from ``first[x]`` on, in full range.

    Columns lie in rows, too, and there are 4, 8, 12 ... weights for each sum; `conversion` is the
    largest value, factor, offset and shift.
    """
    largest, factor, offset, shift = conversion
    for x in range(len(first)):
        sums = scaled[x]
        sums[:] = 0
        for tap in range(0, weights.shape[1], 4):
            at, here = first[x] + tap, weights[x, tap : tap + 4]
            a, b, c, d = columns[at], columns[at + 1], columns[at + 2], columns[at + 3]
            of_a, of_b, of_c, of_d = here[0], here[1], here[2], here[3]
            for y in range(len(sums)):
                sums[y] += of_a * a[y] + of_b * b[y] + of_c * c[y] + of_d * d[y]
        for y in range(len(sums)):
            value = min(sums[y] >> (depth - 1), _LARGEST, largest)
            sums[y] = value * factor + offset >> shift


across_8_bits = compiled(
    "const u1[:, ::1]", "const u4[::1]", "const i2[:, ::1]", "i8", "const i4[::1]", "i4[:, ::1]"
)(_across)
across_16_bits = compiled(
    "const u2[:, ::1]", "const u4[::1]", "const i2[:, ::1]", "i8", "const i4[::1]", "i4[:, ::1]"
)(_across)


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
