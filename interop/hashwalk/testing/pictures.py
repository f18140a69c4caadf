"""Small deterministic pictures: smooth shapes with a fine texture, made by whole numbers only."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashwalk.picture import Picture

GREY_SIZES = frozenset[tuple[int, int]]
MODES = ("L", "LA", "RGBA", "P", "1", "CMYK")
"""The Pillow modes, beside RGB, that decoders deliver: grey, alpha, palette, bits, inks."""
GRID = 8


@functools.lru_cache(maxsize=64)
def make_pixels(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    """Return the same read-only (height, width, 3) pixels for the same arguments, everywhere."""
    knots = _knots(seed)
    columns, rows = _between_knots(width), _between_knots(height)
    smooth = np.einsum("yi,xj,ijc->yxc", rows, columns, knots) >> 20
    texture = (np.arange(height)[:, None] * 5 ^ np.arange(width) * 3) & 15
    pixels: NDArray[np.uint8] = np.clip(smooth + texture[..., None], 0, 255).astype(np.uint8)
    pixels.flags.writeable = False
    return pixels


def make_image(mode: str, width: int, height: int, seed: int = 0) -> Image.Image:
    """Return such a picture in a Pillow mode; alpha falls from left to right."""
    image = Image.fromarray(make_pixels(width, height, seed))
    if mode in {"LA", "RGBA"}:
        ramp = np.linspace(255, 0, width).astype(np.uint8)
        image.putalpha(Image.fromarray(np.tile(ramp, (height, 1))))
    if mode == "P":
        return image.convert("P", palette=Image.Palette.ADAPTIVE, colors=32)
    return image.convert(mode)


def make_picture(
    width: int = 96, height: int = 64, seed: int = 0, grey_sizes: GREY_SIZES = frozenset()
) -> Picture:
    """Return a fresh RGB picture whose arrays are read-only down to their memory."""
    return Picture.from_rgb(make_pixels(width, height, seed), grey_sizes)


def _knots(seed: int) -> NDArray[np.int64]:
    """Return (8, 8, 3) numbers of 0 to 239, mixed from `seed` as SplitMix64 does."""
    with np.errstate(over="ignore"):
        z = (np.arange(GRID * GRID * 3, dtype=np.uint64) + np.uint64(seed * 4096 + 1)) * np.uint64(
            0x9E3779B97F4A7C15
        )
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = (z ^ (z >> np.uint64(31))) % np.uint64(240)
    return mixed.astype(np.int64).reshape(GRID, GRID, 3)


def _between_knots(length: int) -> NDArray[np.int64]:
    """Return the (length, 8) weights of linear interpolation, in units of 1/1024."""
    position = np.arange(length) * (GRID - 1) * 1024 // max(length - 1, 1)
    away: NDArray[np.int64] = np.abs(position[:, None] - np.arange(GRID) * 1024)
    return np.clip(1024 - away, 0, None)
