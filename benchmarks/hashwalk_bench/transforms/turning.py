"""The picture turned, mirrored or seen from aside."""

from __future__ import annotations

import math

import cv2
import numpy as np
from PIL import Image

from hashwalk_bench.transforms.declaration import choice, number, share
from hashwalk_bench.transforms.picture_edit import check_size, picture_edit

_MIRRORS = {
    "left-right": Image.Transpose.FLIP_LEFT_RIGHT,
    "top-bottom": Image.Transpose.FLIP_TOP_BOTTOM,
}


def rotate(picture: Image.Image, degrees: float, canvas: str) -> Image.Image:
    """Return the picture turned clockwise, black where nothing was (Pillow, bicubic).

    With the `canvas` grown the whole picture stays in sight, with it kept the size does;
    quarter turns move pixels and change none.
    """
    if canvas == "grown":
        sine, cosine = (abs(part(math.radians(degrees))) for part in (math.sin, math.cos))
        across = cosine * picture.width + sine * picture.height
        check_size(math.ceil(across), math.ceil(sine * picture.width + cosine * picture.height))
    return picture.rotate(-degrees, Image.Resampling.BICUBIC, expand=canvas == "grown")


def mirror(picture: Image.Image, swaps: str) -> Image.Image:
    """Return the picture with left and right, or top and bottom, swapped (Pillow)."""
    return picture.transpose(_MIRRORS[swaps])


def perspective(picture: Image.Image, share: float) -> Image.Image:
    """Return the picture tilted back: its top edge is narrower by a `share` of the width.

    The rest is black. The matrix is OpenCV's, the warp Pillow's (bicubic).
    """
    width, height = picture.size
    inset = share / 2 * width
    seen = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    drawn = seen + np.array([(inset, 0), (-inset, 0), (0, 0), (0, 0)], np.float32)
    back = np.asarray(cv2.getPerspectiveTransform(drawn, seen))
    return picture.transform(
        picture.size,
        Image.Transform.PERSPECTIVE,
        back.flatten()[:8].tolist(),
        Image.Resampling.BICUBIC,
    )


def shear(picture: Image.Image, degrees: float) -> Image.Image:
    """Return the picture leaning to the right, grown to hold it, black elsewhere (Pillow)."""
    slope = math.tan(math.radians(degrees))
    size = picture.width + max(1, round(slope * picture.height)), picture.height
    check_size(*size)
    back = (1, slope, -slope * picture.height, 0, 1, 0)
    return picture.transform(size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)


_TURNING = "turning"
_WARPING = "warping"

TRANSFORMS = (
    picture_edit(
        rotate,
        family=_TURNING,
        words="turned by {degrees}°",
        takes=(
            number("degrees", -360, 360),
            choice("canvas", "grown", "kept", default="grown", words=", canvas {canvas}"),
        ),
    ),
    picture_edit(
        mirror,
        family="mirroring",
        words="mirrored {swaps}",
        takes=(choice("swaps", *_MIRRORS),),
    ),
    picture_edit(
        perspective,
        family=_WARPING,
        words="tilted back by {share}",
        takes=(share("share", 0.01, 0.9),),
        library="OpenCV, Pillow",
    ),
    picture_edit(
        shear, family=_WARPING, words="sheared by {degrees}°", takes=(number("degrees", 0.1, 60),)
    ),
)
