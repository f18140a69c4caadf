"""The 64 bits of a video's JPEG pictures: a wavelet hash of their collage, and tile colours.

Source of the algorithm: akamhy/videohash 3.0.1 and akamhy/imagedominantcolor 1.0.1.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashwalk_formats.wavelet import square_side, wavelet_bits

_COLLAGE_WIDTH = 1024
_BLOCK = 16
"""The side of what JPEG stores together, with its colours at half the size."""
_HELD_PICTURES = 64
_TILES = 8
_TILE_SIDE = 16
_MARGIN = 25
"""By how many of a tile's 256 pixels one colour has to lead."""
_EXPECTED = np.repeat(np.array(list("rgbl")), 16)
"""The colour that flips each bit."""

_LANCZOS = Image.Resampling.LANCZOS

Pixels = NDArray[np.uint8]
_Pictures = Callable[[int], Image.Image]
"""Gives an opened picture by its number."""


def bits_of_pictures(jpegs: Sequence[bytes]) -> bytes:
    """Return the 8 bytes of one or more square JPEG pictures of one size."""
    opened = lru_cache(maxsize=_HELD_PICTURES)(lambda index: _opened(jpegs[index]))
    wavelet = wavelet_bits(_collage(jpegs, opened)).ravel()
    colours = _colours(_tiles(len(jpegs), opened))
    return np.packbits(wavelet ^ (colours == _EXPECTED)).tobytes()


def _collage(jpegs: Sequence[bytes], opened: _Pictures) -> Pixels:
    """Return the grey square of the pictures in rows on black, shrunk if larger than their place.

    It has been a JPEG, as the pictures were. It is never wider than high, so that only its
    height is scaled.
    """
    columns = round(math.sqrt(len(jpegs)))
    side = opened(0).width
    scale = _COLLAGE_WIDTH / (columns * side)
    place = math.ceil(side * scale)
    rows = math.ceil(len(jpegs) / columns)
    height = math.ceil(scale * side * rows)
    across = _bright_blocks(_COLLAGE_WIDTH, range(0, columns * place, place), min(side, place))
    down = _bright_blocks(height, range(0, rows * place, place), min(side, place))
    pictures = (_fitting(jpegs[i], opened(i), place) for i in range(len(jpegs)))
    canvas = Image.new("RGB", (len(across), len(down)))
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        x, y = (int(np.searchsorted(*at)) for at in ((across, column * place), (down, row * place)))
        canvas.paste(picture, (x, y))
    narrow = np.zeros((height, len(across)), np.uint8)
    narrow[down] = _stored_in_grey(canvas)
    square = square_side(_COLLAGE_WIDTH, height)
    shrunk = Image.fromarray(narrow).resize((len(across), square), _LANCZOS)
    collage = np.zeros((square, square), np.uint8)
    collage[:, across] = np.asarray(shrunk)
    return collage


def _bright_blocks(length: int, starts: Iterable[int], extent: int) -> NDArray[np.intp]:
    """Return which lines of a canvas are in a JPEG block that a picture touches, or next to one.

    All other blocks are black, before and after they are stored.
    """
    bright = np.zeros(-(-length // _BLOCK), np.bool_)
    for start in starts:
        bright[max(start // _BLOCK - 1, 0) : (start + extent - 1) // _BLOCK + 2] = True
    return np.flatnonzero(np.repeat(bright, _BLOCK)[:length])


def _stored_in_grey(canvas: Image.Image) -> Pixels:
    stored = io.BytesIO()
    canvas.save(stored, "JPEG")
    return np.asarray(_opened(stored.getvalue()).convert("L"))


def _fitting(jpeg: bytes, opened: Image.Image, place: int) -> Image.Image:
    if opened.width <= place:
        return opened
    # A JPEG of which nothing was read yet is shrunk while it is read.
    picture = _opened(jpeg)
    picture.thumbnail((place, place), _LANCZOS)
    return picture


def _tiles(count: int, opened: _Pictures) -> Pixels:
    """Return 8x8 tiles over all pictures side by side as (tile, pixel, colour), row by row."""
    side = opened(0).width
    strip = Image.new("RGB", (_TILES * _TILE_SIDE, side))
    # Pillow scales each row on its own first, so that it can be done for a column of tiles.
    for column, band in enumerate(_bands(count, opened)):
        strip.paste(band.resize((_TILE_SIDE, side), _LANCZOS), (column * _TILE_SIDE, 0))
    height = side // _TILES
    rows = [
        strip.crop((0, top, strip.width, top + height)).resize((strip.width, _TILE_SIDE), _LANCZOS)
        for top in range(0, side, height)
    ]
    pixels = np.stack([np.asarray(row) for row in rows])
    tiles = pixels.reshape(_TILES, _TILE_SIDE, _TILES, _TILE_SIDE, 3).swapaxes(1, 2)
    return tiles.reshape(_TILES * _TILES, -1, 3)


def _bands(count: int, opened: _Pictures) -> Iterator[Image.Image]:
    """Yield eight parts, from left to right, of the pictures side by side."""
    side = opened(0).width
    width = side * count // _TILES
    for left in range(0, _TILES * width, width):
        band = Image.new("RGB", (width, side))
        for index in range(left // side, -(-(left + width) // side)):
            band.paste(opened(index), (index * side - left, 0))
        yield band


def _colours(tiles: Pixels) -> NDArray[np.str_]:
    """Return r, g or b where it leads in most pixels, l for grey, n for none of them.

    Where grey and a colour lead in equally many pixels, the reference takes what comes first in
    a set of strings, which differs from run to run; here it is grey.
    """
    planes = np.ascontiguousarray(np.moveaxis(tiles, 2, 0))
    alone = (planes > np.roll(planes, 1, axis=0)) & (planes > np.roll(planes, 2, axis=0))
    counts = np.count_nonzero(alone, axis=2).T
    grey = tiles.shape[1] - counts.sum(axis=1)
    second, most = np.sort(counts, axis=1)[:, 1:].T
    names = np.array(list("rgb"))[counts.argmax(axis=1)]
    return np.select([grey >= most, most - _MARGIN > second], [np.array("l"), names], "n")


def _opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))
