"""Resized grey planes, equal to Pillow's LANCZOS resize of an 8-bit picture.

Pillow resizes 8-bit planes along the rows, then along the columns, or the other way round. Each
pass is a weighted sum with weights rounded to 22 binary digits, rounded and clipped to 0..255.
Such sums are exact in float64, so a pass is a few matrix products that stay in the cache, and
the result is Pillow's to the last bit. Planes are turned between the passes, so that always
whole rows are summed up, which is faster. Where Pillow's versions differ in which axis comes
first, all but the version that is known to turn are called themselves.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from typing import cast

import cv2
import numpy as np
import PIL
from numpy.typing import NDArray
from PIL import Image

from hashwalk.lanczos_weights import COARSE, Bands, Floats, bands

Size = tuple[int, int]
Plane = NDArray[np.uint8]

_TALL_IS_TURNED = PIL.__version__.startswith("13.")
_STRIP = 1536
_UPWARDS = 2.0**-30


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
    for (height, width), plane in _resize(grey, {size[::-1] for size in tall - unknown}).items():
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
    across = dict(zip(widths, bands(length, widths, _slab(columns)), strict=True))
    down = dict(zip(heights, bands(columns, heights, _slab(widths[-1])), strict=True))
    narrowed = _resize_first_axis(turned, across)
    return {(w, h): _resize_first_axis(_turned(narrowed[w]), {h: down[h]})[h] for w, h in sizes}


def _slab(columns: int) -> int:
    """Return how many rows of so many columns are worth a product of their own."""
    return 64 if columns > 128 else 256


def _turned(plane: Plane) -> Plane:
    return cast("Plane", cv2.transpose(np.ascontiguousarray(plane)))


def _resize_first_axis(plane: Plane, passes: Mapping[int, Bands]) -> dict[int, Plane]:
    """Return, for each number of rows that a pass gives, the plane resized to it."""
    coarse = {new: of_pass for new, of_pass in passes.items() if new <= COARSE}
    resized = _resize_by_slabs(plane, coarse) if coarse else {}
    for new in passes.keys() - coarse.keys():
        fits = new == len(plane)
        resized[new] = plane if fits else _resize_by_bands(plane, passes[new])
    return resized


def _resize_by_bands(plane: Plane, of_pass: Bands) -> Plane:
    """Convert the inputs of one band at a time, which are few."""
    (rows, span), columns = of_pass[0].weights.shape, plane.shape[1]
    inputs, sums = np.empty((span, columns)), np.empty((rows, columns))
    resized = np.empty((of_pass[-1].outputs.stop, columns), np.uint8)
    for band in of_pass:
        inputs[...] = plane[band.inputs]
        outputs = sums[: len(band.weights)]
        np.matmul(band.weights, inputs, out=outputs)
        _put_rounded(outputs, resized[band.outputs])
    return resized


def _resize_by_slabs(plane: Plane, passes: Mapping[int, Bands]) -> dict[int, Plane]:
    """Convert slabs of rows for all passes at once, and sum up what they add to the outputs."""
    columns = plane.shape[1]
    step = -(-columns // -(-columns // _STRIP))
    ends = list(itertools.accumulate(passes))
    slabs = list(zip(*passes.values(), strict=True))
    inputs = np.empty((slabs[0][0].weights.shape[1], step))
    products, sums = np.empty((max(passes), step)), np.empty((ends[-1], step))
    resized = np.empty((ends[-1], columns), np.uint8)
    for start in range(0, columns, step):
        part = plane[:, start : start + step]
        total = sums[:, : part.shape[1]]
        total[...] = 0
        outputs = [total[end - new : end] for new, end in zip(passes, ends, strict=True)]
        for of_slab in slabs:
            _add_slab(part, of_slab, outputs, (inputs, products))
        _put_rounded(total, resized[:, start : start + step])
    return {new: resized[end - new : end] for new, end in zip(passes, ends, strict=True)}


def _add_slab(
    plane: Plane, slab: Bands, outputs: Collection[Floats], scratch: tuple[Floats, Floats]
) -> None:
    """Add the products of a slab of rows to the outputs of each pass."""
    rows = plane[slab[0].inputs]
    inputs, products = (space[:, : plane.shape[1]] for space in scratch)
    inputs = inputs[: len(rows)]
    inputs[...] = rows
    for band, sums in zip(slab, outputs, strict=True):
        added = products[: len(band.weights)]
        np.matmul(band.weights, inputs, out=added)
        sums[band.outputs] += added


def _put_rounded(sums: Floats, resized: Plane) -> None:
    """Round halves up and clip; the sums are multiples of 2**-22, and OpenCV rounds to even."""
    cv2.addWeighted(sums, 1.0, sums, 0.0, _UPWARDS, dst=resized, dtype=cv2.CV_8U)
