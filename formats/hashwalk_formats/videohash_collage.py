"""The 64 bits of a video's JPEG pictures: a wavelet hash of their collage, and tile colours.

Source of the algorithm: akamhy/videohash 3.0.1 and akamhy/imagedominantcolor 1.0.1.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashwalk.lanczos import resize_grey
from hashwalk_formats.videohash_tiles import Pictures, Pixels, tile_colours
from hashwalk_formats.wavelet import square_side, wavelet_bits

_COLLAGE_WIDTH = 1024
_BLOCK = 16
"""The side of what JPEG stores together, with its colours at half the size."""
_HELD_PICTURES = 64
_EXPECTED = np.repeat(np.array(list("rgbl")), 16)
"""The colour that flips each bit."""

_LANCZOS = Image.Resampling.LANCZOS


def bits_of_pictures(jpegs: Sequence[bytes]) -> bytes:
    """Return the 8 bytes of one or more square JPEG pictures of one size."""
    opened = lru_cache(maxsize=_HELD_PICTURES)(lambda index: _opened(jpegs[index]))
    wavelet = wavelet_bits(_collage(jpegs, opened)).ravel()
    colours = tile_colours(len(jpegs), opened)
    return np.packbits(wavelet ^ (colours == _EXPECTED)).tobytes()


def _collage(jpegs: Sequence[bytes], opened: Pictures) -> Pixels:
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
    size = len(across), square_side(_COLLAGE_WIDTH, height)
    shrunk = narrow if height == size[1] else resize_grey(narrow, {size})[size]
    return _widened(shrunk, across)


def _widened(narrow: Pixels, columns: NDArray[np.intp]) -> Pixels:
    """Return the square with these columns, and black between them."""
    square = np.zeros((len(narrow), len(narrow)), np.uint8)
    gaps = np.flatnonzero(np.diff(columns) > 1) + 1
    for run in np.split(np.arange(len(columns)), gaps):
        square[:, columns[run[0]] : columns[run[-1]] + 1] = narrow[:, run[0] : run[-1] + 1]
    return square


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


def _opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))
