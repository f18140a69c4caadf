"""Resized grey planes, equal to Pillow's LANCZOS resize of an 8-bit picture.

Pillow resizes 8-bit planes along the rows, then along the columns, or the other way round. Each
pass is a weighted sum with weights rounded to 22 binary digits, rounded and clipped to 0..255,
which is repeated here. Planes are turned between the passes, so that always whole rows are
summed up, which is faster. Where Pillow's versions differ in which axis comes first, all but
the version that is known to turn are called themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

import cv2
import numpy as np
import PIL
from numpy.typing import NDArray
from PIL import Image

from hashwalk.compiled import compiled
from hashwalk.lanczos_weights import DIGITS, Taps, taps

Size = tuple[int, int]
Plane = NDArray[np.uint8]

_TALL_IS_TURNED = PIL.__version__.startswith("13.")
_HALF = 1 << DIGITS - 1


def resize_grey(grey: Plane, sizes: Collection[Size]) -> dict[Size, Plane]:
    """Return, for each (width, height) of `sizes`, the resized (height, width) plane.

    `grey` is a (height, width) plane, each side at least 1. Equal to
    ``Image.fromarray(grey).resize(size, LANCZOS)`` of the installed Pillow bit for bit; the
    planes are read-only.
    """
    tall = {size for size in sizes if _is_tall(grey.shape, size)}
    unknown = tall if not _TALL_IS_TURNED else set()
    if _is_sliver(grey.shape):
        unknown = set(sizes)
    resized = _resize(_turned(grey), set(sizes) - tall - unknown)
    turned = {size[::-1] for size in tall - unknown}
    for (height, width), plane in _resize(np.ascontiguousarray(grey), turned).items():
        resized[width, height] = _turned(plane)
    for size in unknown:
        resized[size] = np.array(Image.fromarray(grey).resize(size, Image.Resampling.LANCZOS))
    for plane in resized.values():
        plane.flags.writeable = False
    return resized


def _is_tall(shape: tuple[int, ...], size: Size) -> bool:
    """Tell whether more than twice as many rows as columns are lost.

    Pillow 13 resizes along the columns first then. The order matters to the last bit, because
    the plane between the passes is rounded.
    """
    lost_rows, lost_columns = shape[0] - size[1], shape[1] - size[0]
    return lost_rows > max(0, 2 * lost_columns)


def _is_sliver(shape: tuple[int, ...]) -> bool:
    """Tell whether a plane is so high and narrow that some of Pillow 12 turn it."""
    return shape[0] > 100 * shape[1]


def _resize(turned: Plane, sizes: Collection[Size]) -> dict[Size, Plane]:
    """Return the planes resized along the first axis of `turned`, then along the other one."""
    if not sizes:
        return {}
    widths, heights = (tuple(sorted(set(sides))) for sides in zip(*sizes, strict=True))
    length, columns = turned.shape
    across = {of_pass.new: of_pass for of_pass in taps(length, widths)}
    down = {of_pass.new: of_pass for of_pass in taps(columns, heights)}
    narrowed = {
        new: _turned(_resize_first_axis(turned, of_pass)) for new, of_pass in across.items()
    }
    return {(w, h): _resize_first_axis(narrowed[w], down[h]) for w, h in sizes}


def _turned(plane: Plane) -> Plane:
    return cast("Plane", cv2.transpose(np.ascontiguousarray(plane)))


def _resize_first_axis(plane: Plane, of_pass: Taps) -> Plane:
    resized = np.empty((of_pass.new, plane.shape[1]), np.uint8)
    _put_sums(plane, of_pass.first, of_pass.count, of_pass.weights, resized)
    return resized


@compiled("const u1[:, ::1]", "const i8[::1]", "const i8[::1]", "const i4[:, ::1]", "u1[:, ::1]")
def _put_sums(
    plane: Plane,
    first: NDArray[np.int64],
    count: NDArray[np.int64],
    weights: NDArray[np.int32],
    sums: Plane,
) -> None:
    """Write into row i the ``count[i]`` rows from ``first[i]`` on, each times its weight."""
    total = np.empty(plane.shape[1], np.int32)
    for output in range(len(first)):
        total[:] = _HALF
        start, here = first[output], weights[output]
        by_fours = count[output] - count[output] % 4
        for tap in range(0, by_fours, 4):
            at = start + tap
            a, b, c, d = plane[at], plane[at + 1], plane[at + 2], plane[at + 3]
            of_a, of_b, of_c, of_d = here[tap], here[tap + 1], here[tap + 2], here[tap + 3]
            for i in range(len(total)):
                total[i] += of_a * a[i] + of_b * b[i] + of_c * c[i] + of_d * d[i]
        for tap in range(by_fours, count[output]):
            a, of_a = plane[start + tap], here[tap]
            for i in range(len(total)):
                total[i] += of_a * a[i]
        for i in range(len(total)):
            sums[output, i] = min(max(total[i] >> DIGITS, 0), 255)
