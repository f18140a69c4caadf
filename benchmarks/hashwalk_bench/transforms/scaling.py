"""The whole picture in another size or aspect."""

from __future__ import annotations

from PIL import Image

from hashwalk_bench.transforms.declaration import change, number, whole
from hashwalk_bench.transforms.picture_edit import check_size, picture_edit


def scale(picture: Image.Image, factor: float) -> Image.Image:
    """Return the picture with both sides times `factor` (Pillow, Lanczos)."""
    return stretched(picture, round(factor * picture.width), round(factor * picture.height))


def scale_to(picture: Image.Image, side: int) -> Image.Image:
    """Return the picture with a longer side of `side` pixels, up or down (Pillow, Lanczos)."""
    factor = side / max(picture.size)
    return stretched(
        picture, max(1, round(factor * picture.width)), max(1, round(factor * picture.height))
    )


def aspect(picture: Image.Image, change: float) -> Image.Image:
    """Return the picture wider by the share `change`, narrower below 0 (Pillow, Lanczos)."""
    return stretched(picture, round((1 + change) * picture.width), picture.height)


def square(picture: Image.Image) -> Image.Image:
    """Return the picture squeezed into a square of its shorter side (Pillow, Lanczos)."""
    return stretched(picture, min(picture.size), min(picture.size))


def stretched(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return the picture in a size; raises TransformError for one of none or too many pixels."""
    check_size(width, height)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


_SCALING = "scaling"
_ASPECT = "aspect"

TRANSFORMS = (
    picture_edit(
        scale, family=_SCALING, words="scaled by {factor}", takes=(number("factor", 0.01, 8),)
    ),
    picture_edit(
        scale_to, family=_SCALING, words="scaled to {side} px", takes=(whole("side", 1, 16384),)
    ),
    picture_edit(
        aspect, family=_ASPECT, words="width {change}", takes=(change("change", -0.9, 1),)
    ),
    picture_edit(square, family=_ASPECT, words="squeezed into a square"),
)
