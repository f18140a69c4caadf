"""The inner loops of TMK+PDQF: from planes to luma, and the sums of waves.

Every number is rounded to float32 where the reference rounds it, and added in its order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashwalk.compiled import compiled

Bytes = NDArray[np.uint8]
Words = NDArray[np.int16]
Integers = NDArray[np.int64]
Floats = NDArray[np.float32]
Reals = NDArray[np.float64]


@compiled("const i2[:, :, ::1]", "const i8[:, ::1]", "i8", "i8", "u1[:, :, ::1]")
def write_rgb(planes: Words, steps: Integers, contrast: int, brightness: int, rgb: Bytes) -> None:
    """Write the (3, height, width) RGB of planes of that size, the colours in half the width.

    `steps` are what blue and red add to each of them, in 16 bits of a step of luma; such a step
    adds `contrast`, in 16 bits of a step of RGB, to `brightness`. Colours out of range are cut
    off, luma is not.
    """
    _, height, width = rgb.shape
    colours = np.empty(width, np.int32)
    for plane in range(3):
        by_blue, by_red = steps[0, plane], steps[1, plane]
        least = -(by_blue >> 9) - (by_red >> 9)
        for y in range(height):
            for x in range(width // 2):
                blue = min(max(planes[1, y, x], 0), 255)
                red = min(max(planes[2, y, x], 0), 255)
                colour = least + (blue * by_blue >> 16) + (red * by_red >> 16)
                colours[2 * x] = colours[2 * x + 1] = colour * contrast + brightness
            for x in range(width):
                value = (planes[0, y, x] * contrast + colours[x]) >> 16
                rgb[plane, y, x] = min(max(value, 0), 255)


@compiled("const u1[:, :, :, ::1]", "f4[:, :, ::1]")
def write_luma(rgb: Bytes, luma: Floats) -> None:
    """Write the (frame, height, width) luma of (frame, 3, height, width) RGB."""
    by_red, by_green, by_blue = np.float32(0.299), np.float32(0.587), np.float32(0.114)
    for frame in range(luma.shape[0]):
        for y in range(luma.shape[1]):
            for x in range(luma.shape[2]):
                red, green, blue = rgb[frame, 0, y, x], rgb[frame, 1, y, x], rgb[frame, 2, y, x]
                luma[frame, y, x] = red * by_red + green * by_green + blue * by_blue


@compiled("const f8[:, ::1]", "const i8[::1]", "const f8[:, ::1]", "f4[:, ::1]")
def add_waves(directions: Reals, shown: Integers, phases: Reals, waves: Floats) -> None:
    """Add (time, wave) phases, each times the direction of the frame `shown` at that time."""
    for wave in range(waves.shape[0]):
        for time in range(shown.shape[0]):
            frame, phase = shown[time], phases[time, wave]
            for i in range(waves.shape[1]):
                waves[wave, i] = np.float32(waves[wave, i] + phase * directions[frame, i])
