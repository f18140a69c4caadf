"""The picture together with others: drawn scenes, which the seed chooses."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from hashwalk_bench.scenes import scene
from hashwalk_bench.transforms.declaration import choice, share
from hashwalk_bench.transforms.picture_edit import check_size, picture_edit

_SCENE_SIDE = 256
_HALVES = ("left", "right", "top", "bottom")

Box = tuple[int, int, int, int]


def collage(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    """Return a 2x2 collage of the same size with the picture in one field by chance (Pillow)."""
    check_size(picture.width // 2, picture.height // 2)
    across, down = (_split(side) for side in picture.size)
    fields = [(left, top, right, bottom) for top, bottom in down for left, right in across]
    chosen = int(random.integers(len(fields)))
    made = Image.new("RGB", picture.size)
    for number, box in enumerate(fields):
        part = picture if number == chosen else _drawn(random)
        _fill(made, part, box)
    return made


def half(picture: Image.Image, keeps: str, random: np.random.Generator) -> Image.Image:
    """Return the picture with one half of it, and another scene in place of the other (Pillow)."""
    check_size(picture.width // 2, picture.height // 2)
    middle, centre = picture.width // 2, picture.height // 2
    other = {
        "left": (middle, 0, *picture.size),
        "right": (0, 0, middle, picture.height),
        "top": (0, centre, *picture.size),
        "bottom": (0, 0, picture.width, centre),
    }
    made = picture.copy()
    _fill(made, _drawn(random), other[keeps])
    return made


def background(picture: Image.Image, share: float, random: np.random.Generator) -> Image.Image:
    """Return a scene of the same size, the picture over a `share` of it, somewhere (Pillow)."""
    width, height = (round(math.sqrt(share) * side) for side in picture.size)
    check_size(width, height)
    left = int(random.integers(0, picture.width - width + 1))
    top = int(random.integers(0, picture.height - height + 1))
    made = Image.new("RGB", picture.size)
    _fill(made, _drawn(random), (0, 0, *picture.size))
    _fill(made, picture, (left, top, left + width, top + height))
    return made


def _drawn(random: np.random.Generator) -> Image.Image:
    return scene(int(random.integers(2**32)), _SCENE_SIDE, _SCENE_SIDE)


def _fill(canvas: Image.Image, part: Image.Image, box: Box) -> None:
    """Put the whole of a picture into a box of the canvas."""
    left, top, right, bottom = box
    scaled = part.resize((right - left, bottom - top), Image.Resampling.LANCZOS)
    canvas.paste(scaled, (left, top))


def _split(side: int) -> tuple[tuple[int, int], tuple[int, int]]:
    return (0, side // 2), (side // 2, side)


_COMBINING = "combining"

TRANSFORMS = (
    picture_edit(collage, family=_COMBINING, words="2x2 collage"),
    picture_edit(
        half,
        family=_COMBINING,
        words="{keeps} half, with another",
        takes=(choice("keeps", *_HALVES, default="left"),),
    ),
    picture_edit(
        background,
        family=_COMBINING,
        words="over {share} of another picture",
        takes=(share("share", 0.01, 0.99),),
    ),
)
