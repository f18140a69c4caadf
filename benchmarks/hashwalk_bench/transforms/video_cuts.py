"""Parts of a clip: ends trimmed, the middle, an excerpt. All cuts are between two frames."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms.declaration import choice, number, share
from hashwalk_bench.transforms.video_edit import Stream, shape_of, span, video_edit
from hashwalk_bench.transforms.video_reading import Clip
from hashwalk_bench.transforms.video_times import between


def trim(clip: Clip, share: float, side: str) -> Stream:
    """Return the clip without a `share` of its time at the start or the end."""
    cut = share * float(clip.seconds)
    if side == "start":
        return part(clip, clip.nearest(cut), clip.seconds)
    return part(clip, Fraction(0), clip.nearest(float(clip.seconds) - cut))


def middle(clip: Clip, share: float) -> Stream:
    """Return a `share` of the clip's time out of its middle."""
    cut = (1 - share) / 2 * float(clip.seconds)
    return part(clip, clip.nearest(cut), clip.nearest(float(clip.seconds) - cut))


def excerpt(clip: Clip, seconds: float, random: np.random.Generator) -> Stream:
    """Return so many `seconds` of the clip, from where chance has it."""
    return part(clip, *stretch(clip, seconds, random))


def stretch(clip: Clip, seconds: float, random: np.random.Generator) -> tuple[Fraction, Fraction]:
    """Return where an excerpt of so many seconds starts and ends, drawn by chance."""
    room = float(clip.seconds) - seconds
    start = clip.nearest(random.random() * max(0.0, room))
    return start, clip.nearest(float(start) + seconds)


def part(clip: Clip, start: Fraction, end: Fraction) -> Stream:
    """Return the frames from `start` to `end`; raises TransformError where that is all or none."""
    if end - start == clip.seconds:
        raise TransformError("the video is too short: the cut would leave all of it")
    if end <= start:
        raise TransformError("the video is too short: the cut would leave nothing of it")
    frames = between(clip.frames(), start, end)
    return Stream(frames, shape_of(clip), span=span(clip, start, end))


TRANSFORMS = (
    video_edit(
        trim,
        family="cut",
        words="{share} trimmed off the {side}",
        takes=(share("share", 0.005, 0.95), choice("side", "start", "end")),
    ),
    video_edit(
        middle,
        family="cut",
        words="the middle {share}",
        takes=(share("share", 0.02, 0.95),),
    ),
    video_edit(
        excerpt,
        family="cut",
        words="an excerpt of {seconds} s",
        takes=(number("seconds", 0.2, 60, default=5),),
    ),
)
