"""The colour hash of the imagehash package: how much of the picture has which colour."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from hashwalk.picture import Picture
from hashwalk_formats.imagehash_format import Bits, ImagehashFormat, imagehash_spec

_BITS_A_FRACTION = 3
_STEPS = 1 << _BITS_A_FRACTION

_DARKEST_COLOUR = 32
_FIRST_HUES = [0, 43, 85, 128, 170, 213]
_FIRST_SATURATIONS = [0, 85, 170, 171]
_GREY, _FAINT, _BRIGHT = 0, 1, 3

_PIXELS_AT_ONCE = 1 << 22


def _colour_bits(picture: Picture) -> Bits:
    """Return 14 fractions of 3 bits: black, grey, six faint hues, six bright hues.

    A saturation of exactly 170 is neither faint nor bright, as in imagehash.
    """
    counts = _histogram(picture)
    pixels = picture.width * picture.height
    black = pixels - counts.sum()
    grey = counts[:, _GREY].sum()
    coloured = max(1, pixels - black - grey)
    fractions = np.concatenate(
        [
            [black / pixels, grey / pixels],
            counts[:, _FAINT] / coloured,
            counts[:, _BRIGHT] / coloured,
        ]
    )
    return _bits_of_steps(np.minimum(fractions * _STEPS, _STEPS - 1).astype(np.uint8))


def _bits_of_steps(steps: NDArray[np.uint8]) -> Bits:
    """Return the three bits that imagehash makes of 0..7: at least 4, at least 2, odd."""
    return np.stack([steps >= 4, steps >= 2, steps % 2 == 1], axis=1)


def _histogram(picture: Picture) -> NDArray[np.int64]:
    """Count the pixels that are not black by hue and saturation.

    OpenCV counts in float32, which is exact for as many pixels as are handed to it at once.
    """
    hsv = np.asarray(picture.image.convert("HSV"))
    rows = max(1, _PIXELS_AT_ONCE // picture.width)
    counts = np.zeros((256, 256), np.int64)
    for top in range(0, picture.height, rows):
        colours = (picture.grey[top : top + rows] >= _DARKEST_COLOUR).view(np.uint8)
        counts += cv2.calcHist(
            [hsv[top : top + rows]], [0, 1], colours, [256, 256], [0, 256, 0, 256]
        ).astype(np.int64)
    by_hue = np.add.reduceat(counts, _FIRST_HUES, axis=0)
    return cast("NDArray[np.int64]", np.add.reduceat(by_hue, _FIRST_SATURATIONS, axis=1))


COLORHASH = ImagehashFormat(
    imagehash_spec(
        "colorhash",
        "imagehash.colorhash(image)",
        "Colour hash: the shares of black, grey and six faint and six bright hues, in eighths.",
        strong="Does not see where a colour is. Measured on 88 photographs: every mirrored and "
        "every turned copy has the same value.",
        weak="Nobody has published a threshold, and it tells little: 44 of 3,828 pairs of "
        "different photographs have the same value.",
        bits=14 * _BITS_A_FRACTION,
        fidelity="Equal to imagehash 4.3 bit for bit.",
    ),
    _colour_bits,
)
