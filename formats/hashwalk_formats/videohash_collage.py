"""The 64 bits of a video's JPEG pictures: a wavelet hash of their collage, and tile colours.

Source of the algorithm: akamhy/videohash 3.0.1 and akamhy/imagedominantcolor 1.0.1.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashwalk_formats.wavelet import square_side, wavelet_bits

_COLLAGE_WIDTH = 1024
_TILES = 8
_TILE_SIDE = 16
_MARGIN = 25
"""By how many of a tile's 256 pixels one colour has to lead."""
_EXPECTED = np.repeat(np.array(list("rgbl")), 16)
"""The colour that flips each bit."""

_LANCZOS = Image.Resampling.LANCZOS


def bits_of_pictures(jpegs: Sequence[bytes]) -> bytes:
    """Return the 8 bytes of one or more square JPEG pictures of one size."""
    wavelet = wavelet_bits(_collage(jpegs)).ravel()
    return np.packbits(wavelet ^ (_colours(_tiles(jpegs)) == _EXPECTED)).tobytes()


def _collage(jpegs: Sequence[bytes]) -> NDArray[np.uint8]:
    """Return the grey square of the pictures in rows on black, shrunk if larger than their place.

    It has been a JPEG, as the pictures were.
    """
    columns = round(math.sqrt(len(jpegs)))
    side = _opened(jpegs[0]).width
    scale = _COLLAGE_WIDTH / (columns * side)
    place = math.ceil(side * scale)
    rows = math.ceil(len(jpegs) / columns)
    canvas = Image.new("RGB", (_COLLAGE_WIDTH, math.ceil(scale * side * rows)))
    for index, jpeg in enumerate(jpegs):
        picture = _opened(jpeg)
        picture.thumbnail((place, place), _LANCZOS)
        canvas.paste(picture, (index % columns * place, index // columns * place))
    stored = io.BytesIO()
    canvas.save(stored, "JPEG")
    square = square_side(*canvas.size)
    grey = _opened(stored.getvalue()).convert("L").resize((square, square), _LANCZOS)
    return np.asarray(grey)


def _tiles(jpegs: Sequence[bytes]) -> NDArray[np.uint8]:
    """Return 8x8 tiles over all pictures side by side as (tile, pixel, colour), row by row."""
    side = _opened(jpegs[0]).width
    strip = Image.new("RGB", (_TILES * _TILE_SIDE, side))
    # Pillow scales each row on its own first, so that it can be done for a column of tiles.
    for column, band in enumerate(_bands(jpegs, side)):
        strip.paste(band.resize((_TILE_SIDE, side), _LANCZOS), (column * _TILE_SIDE, 0))
    height = side // _TILES
    rows = [
        strip.crop((0, top, strip.width, top + height)).resize((strip.width, _TILE_SIDE), _LANCZOS)
        for top in range(0, side, height)
    ]
    pixels = np.stack([np.asarray(row) for row in rows])
    tiles = pixels.reshape(_TILES, _TILE_SIDE, _TILES, _TILE_SIDE, 3).swapaxes(1, 2)
    return tiles.reshape(_TILES * _TILES, -1, 3)


def _bands(jpegs: Sequence[bytes], side: int) -> Iterator[Image.Image]:
    """Yield eight parts, from left to right, of the pictures side by side."""
    opened = lru_cache(maxsize=2)(lambda index: _opened(jpegs[index]))
    width = side * len(jpegs) // _TILES
    for left in range(0, _TILES * width, width):
        band = Image.new("RGB", (width, side))
        for index in range(left // side, -(-(left + width) // side)):
            band.paste(opened(index), (index * side - left, 0))
        yield band


def _colours(tiles: NDArray[np.uint8]) -> NDArray[np.str_]:
    """Return r, g or b where it leads in most pixels, l for grey, n for none of them.

    Where grey and a colour lead in equally many pixels, the reference takes what comes first in
    a set of strings, which differs from run to run; here it is grey.
    """
    leading = tiles == tiles.max(axis=2, keepdims=True)
    alone = leading & (leading.sum(axis=2, keepdims=True) == 1)
    counts = alone.sum(axis=1)
    grey = tiles.shape[1] - counts.sum(axis=1)
    second, most = np.sort(counts, axis=1)[:, 1:].T
    names = np.array(list("rgb"))[counts.argmax(axis=1)]
    return np.select([grey >= most, most - _MARGIN > second], [np.array("l"), names], "n")


def _opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))
