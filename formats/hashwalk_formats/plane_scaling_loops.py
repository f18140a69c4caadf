"""The inner loop of FFmpeg's scaler for small pictures of large ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashwalk.compiled import compiled
from hashwalk.line_sums import LINES_AT_ONCE, put_sums

_ACROSS_BITS, _DOWN_BITS = 7, 19

Bytes = NDArray[np.uint8]
Words = NDArray[np.int16]
Numbers = NDArray[np.int64]


@compiled(
    "const u1[:, ::1]", "const u1[:, ::1]", "const u1[:, ::1]",
    "const i8[:, ::1]", "const i2[:, :, ::1]", "const i8[:, ::1]", "const i2[:, :, ::1]",
    "i2[:, ::1]", "i2[:, :, ::1]",
)  # fmt: skip
def scale_planes(  # noqa: PLR0913, PLR0917
    luma: Bytes,
    blue: Bytes,
    red: Bytes,
    first_across: Numbers,
    across: Words,
    first_down: Numbers,
    down: Words,
    between: Words,
    scaled: Words,
) -> None:
    """Write `scaled`, (plane, row, column), of which colours fill half of the columns.

    Taps are of luma, then of colours. Column x is made of ``across[kind, x]`` from column
    ``first_across[kind, x]`` on, with lines of 15 bits, and so are rows. Planes have 16 lines at
    least; `between` holds as many columns as `scaled` has, as rows, of the luma's height.
    """
    for number, plane in enumerate((luma, blue, red)):
        kind = min(number, 1)
        height, line = plane.shape
        columns = scaled.shape[2] >> kind
        for row in range(0, height, LINES_AT_ONCE):
            top = min(row, height - LINES_AT_ONCE)
            for x in range(columns):
                at, to = top * line + first_across[kind, x], x * between.shape[1] + top
                put_sums(plane, at, line, across[kind], x, 0, _ACROSS_BITS, between, to)
        for y in range(scaled.shape[1]):
            for x in range(0, columns, LINES_AT_ONCE):
                at, to = x * between.shape[1] + first_down[kind, y], y * scaled.shape[2] + x
                half = 1 << _DOWN_BITS - 1
                put_sums(
                    between, at, between.shape[1], down[kind], y, half, _DOWN_BITS,
                    scaled[number], to,
                )  # fmt: skip
