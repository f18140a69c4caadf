"""The clip as a part of another picture: inside another video, beside one, upright, faded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np

from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms.declaration import choice, number, share
from hashwalk_bench.transforms.video_edit import Stream, shape_of, video_edit
from hashwalk_bench.transforms.video_pixels import painted
from hashwalk_bench.transforms.video_reading import Clip, Pixels, Timed, planes, rgb
from hashwalk_bench.transforms.video_scenes import made_clip

_PLACES = {
    "centre": (0.5, 0.5),
    "top-left": (0.05, 0.05),
    "top-right": (0.95, 0.05),
    "bottom-left": (0.05, 0.95),
    "bottom-right": (0.95, 0.95),
}
"""Which share of the free room is left and above of the inner picture."""


def picture_in_picture(clip: Clip, share: float, place: str, random: np.random.Generator) -> Stream:
    """Return a made clip of the same size with the clip inside, at a `share` of its width."""
    width, height = (max(2, round(side * share)) for side in (clip.width, clip.height))
    left = round((clip.width - width) * _PLACES[place][0])
    top = round((clip.height - height) * _PLACES[place][1])

    def inside(pixels: Pixels, host: Pixels) -> Pixels:
        host[top : top + height, left : left + width] = _shrunk(pixels, width, height)
        return host

    return Stream(_composed(clip, random, inside), shape_of(clip))


def side_by_side(clip: Clip, side: str, random: np.random.Generator) -> Stream:
    """Return the clip and a made one, both at half their size, side by side: half as high."""
    width, height = clip.width // 4 * 2, clip.height // 4 * 2

    def beside(pixels: Pixels, host: Pixels) -> Pixels:
        halves = [_shrunk(pixels, width, height), _shrunk(host, width, height)]
        return np.hstack(halves if side == "left" else halves[::-1])

    return Stream(_composed(clip, random, beside), shape_of(clip))


def vertical(clip: Clip) -> Stream:
    """Return a 9:16 video of the clip's height: the clip fills the width.

    Above and below it is itself, enlarged, cut and blurred. A clip as narrow as that is refused.
    """
    height, width = clip.height, round(clip.height * 9 / 32) * 2
    inner = round(height * width / clip.width)
    if inner >= height - 1:
        raise TransformError("the video is 9:16 or narrower already")
    top = (height - inner) // 2

    def framed(pixels: Pixels) -> Pixels:
        canvas = _blurred_cover(pixels, width, height)
        canvas[top : top + inner] = _shrunk(pixels, width, inner)
        return canvas

    return Stream(painted(clip.frames(), framed), shape_of(clip))


def fade(clip: Clip, seconds: float) -> Stream:
    """Return the clip faded in from black and out to it, each in so many `seconds`.

    In a third of a clip that is too short for both.
    """
    length = min(Fraction(seconds).limit_denominator(100), clip.seconds / 3)
    return Stream(_faded(clip, length), shape_of(clip))


def _faded(clip: Clip, length: Fraction) -> Iterator[Timed]:
    for frame in clip.frames():
        light = float(min(frame.start, clip.seconds - frame.end) / length)
        if light >= 1:
            yield frame
        else:
            dark = cv2.convertScaleAbs(rgb(frame.image), alpha=light)
            yield replace(frame, image=planes(np.asarray(dark, np.uint8)))


def _composed(
    clip: Clip, random: np.random.Generator, compose: Callable[[Pixels, Pixels], Pixels]
) -> Iterator[Timed]:
    """Yield what `compose` makes of each frame and of one of a made clip."""
    seconds = len(clip.starts) / clip.rate
    made = made_clip(random, clip.width, clip.height, clip.rate, seconds)
    for frame, host in zip(clip.frames(), made, strict=True):
        yield replace(frame, image=planes(compose(rgb(frame.image), rgb(host.image))))


def _shrunk(pixels: Pixels, width: int, height: int) -> Pixels:
    larger = width > pixels.shape[1]
    how = cv2.INTER_LINEAR if larger else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=how), np.uint8)


def _blurred_cover(pixels: Pixels, width: int, height: int) -> Pixels:
    """Return the pixels blurred and cut so that they cover the size: done small, it is quick."""
    across, down = pixels.shape[1], pixels.shape[0]
    kept = min(across, max(1, round(down * width / height)))
    left = (across - kept) // 2
    small = _shrunk(pixels[:, left : left + kept], 36, 64)
    blurred = cv2.GaussianBlur(small, (0, 0), 1.5)
    return np.asarray(cv2.resize(blurred, (width, height)), np.uint8)


TRANSFORMS = (
    video_edit(
        picture_in_picture,
        family="layout",
        words="picture in picture, {share} of the width",
        takes=(
            share("share", 0.1, 0.9),
            choice("place", *_PLACES, default="bottom-right", words=", {place}"),
        ),
        library="OpenCV",
    ),
    video_edit(
        side_by_side,
        family="layout",
        words="beside a made clip",
        takes=(choice("side", "left", "right", default="left", words=", at the {side}"),),
        library="OpenCV",
    ),
    video_edit(vertical, family="layout", words="9:16 with blurred bars", library="OpenCV"),
    video_edit(
        fade,
        family="layout",
        words="faded in and out, {seconds} s each",
        takes=(number("seconds", 0.1, 10, default=1),),
        library="OpenCV",
    ),
)
