"""The inner loops of FFmpeg 5.1's scaler: lines of 15 bits, then rows of bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashwalk.compiled import compiled
from hashwalk.line_sums import LINES_AT_ONCE, put_sums

Lines = NDArray[np.int16]
Numbers = NDArray[np.uint32]
Weights = NDArray[np.int16]
Wholes = NDArray[np.int32]


def _across(  # noqa: PLR0913, PLR0917
    samples: NDArray[Any],
    first: NDArray[np.int64],
    weights: Weights,
    depth: int,
    conversion: Wholes,
    scaled: Lines,
) -> None:
    """Fill row x of `scaled` with the sums of lines' ``first[x]`` and following, in full range.

    `samples` has 16 lines at least; `conversion` is the largest value, factor, offset and shift.
    """
    largest, factor, offset, shift = conversion
    height = len(samples)
    line = samples.strides[0] // samples.itemsize
    for row in range(0, height, LINES_AT_ONCE):
        top = min(row, height - LINES_AT_ONCE)
        for x in range(len(first)):
            at = top * line + first[x]
            put_sums(samples, at, line, weights, x, 0, depth - 1, scaled, x * height + top)
    products = np.empty(height, np.int32)
    for x in range(len(first)):
        for y in range(height):
            products[y] = min(scaled[x, y], largest) * factor + offset
        for y in range(height):
            scaled[x, y] = products[y] >> shift


across_8_bits = compiled(
    "const u1[:, :]", "const i8[::1]", "const i2[:, ::1]", "i8", "const i4[::1]", "i2[:, ::1]",
)(_across)  # fmt: skip
across_16_bits = compiled(
    "const u2[:, :]", "const i8[::1]", "const i2[:, ::1]", "i8", "const i4[::1]", "i2[:, ::1]",
)(_across)  # fmt: skip


@compiled(
    "const i2[:, ::1]", "const u4[:, ::1]", "const i2[:, ::1]", "const i4[:, ::1]", "i8",
    "i4[::1]", "u1[:, ::1]",
)  # fmt: skip
def down(  # noqa: PLR0913, PLR0917
    lines: Lines,
    numbers: Numbers,
    weights: Weights,
    dither: Wholes,
    exact_rows: int,
    sums: Wholes,
    plane: NDArray[np.uint8],
) -> None:
    """Fill `plane` with rows, each the sum of the lines of these numbers with these weights.

    The last `exact_rows` rows are rounded once, the others tap by tap; `sums` is one row.
    """
    rows, taps = weights.shape
    for y in range(rows):
        is_exact = y >= rows - exact_rows
        for x in range(len(sums)):
            sums[x] = dither[y, x] << 12 if is_exact else dither[y, x] + 8 * (taps - 1) >> 4
        for tap in range(taps):
            line, weight = lines[numbers[y, tap]], weights[y, tap]
            if is_exact:
                for x in range(len(sums)):
                    sums[x] += line[x] * weight
            else:
                for x in range(len(sums)):
                    sums[x] += line[x] * weight >> 16
        bits = 19 if is_exact else 3
        for x in range(len(sums)):
            plane[y, x] = min(max(sums[x] >> bits, 0), 255)
