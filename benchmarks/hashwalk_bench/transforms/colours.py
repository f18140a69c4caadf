"""Each pixel in another colour, at the same place."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from hashwalk_bench.transforms.declaration import change, number, share
from hashwalk_bench.transforms.picture_edit import picture_edit
from hashwalk_bench.transforms.strips import Floats, by_strips

_SEPIA = (0.393, 0.769, 0.189, 0, 0.349, 0.686, 0.168, 0, 0.272, 0.534, 0.131, 0)
"""The rows of the usual matrix from RGB to sepia, each with its offset."""


def brightness(picture: Image.Image, change: float) -> Image.Image:
    """Return the picture with all values times 1 + `change` (Pillow's ImageEnhance)."""
    return ImageEnhance.Brightness(picture).enhance(1 + change)


def contrast(picture: Image.Image, change: float) -> Image.Image:
    """Return the picture with values further from its mean grey by `change` (ImageEnhance)."""
    return ImageEnhance.Contrast(picture).enhance(1 + change)


def saturation(picture: Image.Image, change: float) -> Image.Image:
    """Return the picture with values further from their own grey by `change` (ImageEnhance)."""
    return ImageEnhance.Color(picture).enhance(1 + change)


def gamma(picture: Image.Image, exponent: float) -> Image.Image:
    """Return the picture with values v, of 0 to 1, as v ** `exponent` (Pillow)."""
    table = [round(255 * (value / 255) ** exponent) for value in range(256)]
    return picture.point(table * 3)


def grey(picture: Image.Image) -> Image.Image:
    """Return the picture without colour: Pillow's grey in all three channels."""
    return picture.convert("L").convert("RGB")


def sepia(picture: Image.Image) -> Image.Image:
    """Return the picture in the brown of old photographs (Pillow, a matrix)."""
    return picture.convert("RGB", _SEPIA)


def invert(picture: Image.Image) -> Image.Image:
    """Return the negative: each value v as 255 - v (Pillow's ImageOps)."""
    return ImageOps.invert(picture)


def hue(picture: Image.Image, degrees: float) -> Image.Image:
    """Return the picture with hues moved around the colour circle (Pillow's HSV, of 8 bits)."""
    hues, *others = picture.convert("HSV").split()
    moved = hues.point([(value + round(degrees / 360 * 256)) % 256 for value in range(256)])
    return Image.merge("HSV", (moved, *others)).convert("RGB")


def vignette(picture: Image.Image, share: float) -> Image.Image:
    """Return the picture darkened towards its corners, which lose a `share` of light (numpy).

    The loss grows with the square of the distance from the middle.
    """
    across = _from_middle(picture.width) ** 2

    def darken(strip: Floats, top: int) -> Floats:
        down = _from_middle(picture.height)[top : top + len(strip)] ** 2
        return strip * (1 - share / 2 * (across[None, :] + down[:, None]))[..., None]

    return by_strips(picture, darken)


def _from_middle(count: int) -> Floats:
    """Return the places of `count` pixels in a row, -1 and 1 being the outermost's."""
    return np.linspace(-1, 1, count, dtype=np.float32)


_LIGHT = "light"
_COLOURS = "colours"
_CHANGE = (change("change", -1, 4),)
_DEGREES = (number("degrees", -180, 180),)

TRANSFORMS = (
    picture_edit(brightness, family=_LIGHT, words="brightness {change}", takes=_CHANGE),
    picture_edit(contrast, family=_LIGHT, words="contrast {change}", takes=_CHANGE),
    picture_edit(
        gamma, family=_LIGHT, words="gamma {exponent}", takes=(number("exponent", 0.1, 10),)
    ),
    picture_edit(
        vignette,
        family=_LIGHT,
        words="vignette of {share}",
        takes=(share("share", 0.01, 1, 0.6),),
        library="numpy",
    ),
    picture_edit(saturation, family=_COLOURS, words="saturation {change}", takes=_CHANGE),
    picture_edit(grey, family=_COLOURS, words="grey"),
    picture_edit(sepia, family=_COLOURS, words="sepia"),
    picture_edit(invert, family=_COLOURS, words="inverted colours"),
    picture_edit(hue, family=_COLOURS, words="hue moved by {degrees}°", takes=_DEGREES),
)
