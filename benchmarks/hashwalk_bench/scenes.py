"""Drawn scenes: pictures with the texture of photographs, and nobody's pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]


def scene(seed: int, width: int, height: int) -> Image.Image:
    """Return the RGB picture of `seed`: the same pixels at every call.

    Coarse to fine noise, as in clouds and leaves, with a few shapes on top. `width` and
    `height` are in pixels.
    """
    random = np.random.default_rng(seed)
    planes = np.zeros((height, width, 3))
    for octave in range(7):
        planes += _octave(random, octave, width, height) / 1.7**octave
    low, high = planes.min(), planes.max()
    drawn = Image.fromarray(((planes - low) * (255 / (high - low))).astype(np.uint8))
    _shapes(drawn, random)
    return drawn


def _octave(random: np.random.Generator, octave: int, width: int, height: int) -> Pixels:
    """Return noise with 2^(octave + 2) cells across, smooth between them."""
    across = 4 << octave
    down = max(2, across * height // width)
    cells = random.integers(0, 256, (down, across, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(cells).resize((width, height), Image.Resampling.BICUBIC))


def _shapes(picture: Image.Image, random: np.random.Generator) -> None:
    draw = ImageDraw.Draw(picture)
    for number in range(9):
        left, right = sorted(random.integers(0, picture.width, 2).tolist())
        top, bottom = sorted(random.integers(0, picture.height, 2).tolist())
        colour = tuple(random.integers(0, 256, 3).tolist())
        outline = draw.ellipse if number % 2 else draw.rectangle
        outline((left, top, right, bottom), outline=colour, width=3 + 2 * number)
