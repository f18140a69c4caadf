"""Other sizes, pixels that are not square, and what the display matrix turns."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms.declaration import choice, share, whole
from hashwalk_bench.transforms.video_edit import Stream, shape_of, video_edit
from hashwalk_bench.transforms.video_pixels import painted, resized, width_of
from hashwalk_bench.transforms.video_reading import Clip, Pixels
from hashwalk_bench.transforms.video_writing import Shape

_TURNS = {
    "90": cv2.ROTATE_90_COUNTERCLOCKWISE,
    "180": cv2.ROTATE_180,
    "270": cv2.ROTATE_90_CLOCKWISE,
}


def scale(clip: Clip, lines: int) -> Stream:
    """Return the frames scaled to so many `lines` of height, or one less to be even.

    The width is the even number that keeps the shape. FFmpeg's bicubic filter scales, up too.
    """
    height = lines & ~1
    if height == clip.height:
        raise TransformError(f"the video has {height} lines already")
    return Stream(resized(clip.frames(), width_of(clip, height), height), shape_of(clip))


def anamorphic(clip: Clip, squeeze: float) -> Stream:
    """Return frames `squeeze` times as wide, of wider pixels: they are shown as before."""
    width = max(2, round(clip.width * squeeze / 2) * 2)
    shape = replace(shape_of(clip), aspect=clip.aspect * clip.width / width)
    return Stream(resized(clip.frames(), width, clip.height), shape)


def rotation_flag(clip: Clip, degrees: str) -> Stream:
    """Return the frames as stored, with a display matrix that turns them counter-clockwise."""
    return Stream(clip.frames(), _turned(clip, int(degrees)))


def stored_turned(clip: Clip, degrees: str) -> Stream:
    """Return the frames turned counter-clockwise, with a display matrix that turns them back."""
    shape = _turned(clip, -int(degrees))
    upright = shape if degrees == "180" else replace(shape, aspect=1 / shape.aspect)

    def turn(pixels: Pixels) -> Pixels:
        return np.asarray(cv2.rotate(pixels, _TURNS[degrees]), np.uint8)

    return Stream(painted(clip.frames(), turn), upright)


def _turned(clip: Clip, degrees: int) -> Shape:
    return replace(shape_of(clip), rotation=(clip.rotation + degrees) % 360)


_DEGREES = choice("degrees", *_TURNS)

TRANSFORMS = (
    video_edit(
        scale,
        family="scaling",
        words="scaled to {lines} lines",
        takes=(whole("lines", 16, 2160),),
    ),
    video_edit(
        anamorphic,
        family="scaling",
        words="stored at {squeeze} of the width, shown as before",
        takes=(share("squeeze", 0.25, 0.95),),
    ),
    video_edit(
        rotation_flag,
        family="rotation",
        words="shown turned by {degrees}°, by metadata alone",
        takes=(_DEGREES,),
    ),
    video_edit(
        stored_turned,
        family="rotation",
        words="stored turned by {degrees}°, shown as before",
        takes=(_DEGREES,),
        library="OpenCV",
    ),
)
