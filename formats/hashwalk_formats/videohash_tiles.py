"""The colours that lead in 8x8 tiles over the pictures side by side.

Source of the algorithm: akamhy/imagedominantcolor 1.0.1, as akamhy/videohash 3.0.1 uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashwalk.lanczos import resize_grey

_TILES = 8
_TILE_SIDE = 16
_MARGIN = 25
"""By how many of a tile's 256 pixels one colour has to lead."""

Pixels = NDArray[np.uint8]
Pictures = Callable[[int], Image.Image]
"""Gives an opened picture by its number."""


def tile_colours(count: int, opened: Pictures) -> NDArray[np.str_]:
    """Return r, g or b for each of 64 tiles, row by row; l where it is grey, n without a lead."""
    return _colours(_tiles(count, opened))


def _tiles(count: int, opened: Pictures) -> Pixels:
    """Return the tiles as (colour, tile, pixel), row by row."""
    strip = np.stack([_narrowed(band) for band in _bands(count, opened)])
    side = strip.shape[2]
    rows = strip.reshape(_TILES, 3, _TILES, side // _TILES, _TILE_SIDE)
    lines = np.moveaxis(rows, 3, 0).reshape(side // _TILES, -1)
    size = lines.shape[1], _TILE_SIDE
    tiles = resize_grey(lines, {size})[size].reshape(_TILE_SIDE, _TILES, 3, _TILES, _TILE_SIDE)
    return tiles.transpose(2, 3, 1, 0, 4).reshape(3, _TILES * _TILES, -1)


def _narrowed(band: Image.Image) -> Pixels:
    """Return a band, as (colour, row, column), that is as wide as a tile.

    Pillow scales each row on its own first, so that it can be done for a column of tiles.
    """
    planes = np.concatenate(cv2.split(np.asarray(band))).astype(np.uint8, copy=False)
    size = _TILE_SIDE, len(planes)
    return resize_grey(planes, {size})[size].reshape(3, band.height, _TILE_SIDE)


def _bands(count: int, opened: Pictures) -> Iterator[Image.Image]:
    """Yield eight parts, from left to right, of the pictures side by side."""
    side = opened(0).width
    width = side * count // _TILES
    for left in range(0, _TILES * width, width):
        band = Image.new("RGB", (width, side))
        for index in range(left // side, -(-(left + width) // side)):
            band.paste(opened(index), (index * side - left, 0))
        yield band


def _colours(tiles: Pixels) -> NDArray[np.str_]:
    """Return the names of the colours that lead in most pixels.

    Where grey and a colour lead in equally many pixels, the reference takes what comes first in
    a set of strings, which differs from run to run; here it is grey.
    """
    alone = (tiles > tiles[[1, 2, 0]]) & (tiles > tiles[[2, 0, 1]])
    counts = np.count_nonzero(alone, axis=2).T
    grey = tiles.shape[2] - counts.sum(axis=1)
    second, most = np.sort(counts, axis=1)[:, 1:].T
    names = np.array(list("rgb"))[counts.argmax(axis=1)]
    return np.select([grey >= most, most - _MARGIN > second], [np.array("l"), names], "n")
