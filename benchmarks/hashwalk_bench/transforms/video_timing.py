"""Another timing of the same frames: rates, speeds, frames lost and doubled, slideshows."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms import video_times as times
from hashwalk_bench.transforms.contract import Span
from hashwalk_bench.transforms.declaration import number, share
from hashwalk_bench.transforms.video_edit import Stream, shape_of, video_edit
from hashwalk_bench.transforms.video_reading import Clip

_MOST_LATE = 0.4


def frame_rate(clip: Clip, rate: float) -> Stream:
    """Return `rate` frames a second: frames are left out or repeated, the speed stays."""
    wanted = Fraction(rate).limit_denominator(1001)
    if clip.steady and abs(clip.rate - wanted) < 0.05:
        raise TransformError(f"the video has {rate:g} frames a second already")
    shape = replace(shape_of(clip), rate=wanted)
    return Stream(times.at_rate(clip.frames(), wanted), shape)


def variable_rate(clip: Clip, share: float, random: np.random.Generator) -> Stream:
    """Return frames of uneven lengths: a `share` is left out, and the others come late.

    By up to 40 % of a frame's time, by chance; the whole is as long as before.
    """
    fewer = times.thinned(clip.frames(), share, random)
    shape = replace(shape_of(clip), rate=None)
    return Stream(times.jittered(fewer, _MOST_LATE, random), shape)


def dropped_frames(clip: Clip, share: float, random: np.random.Generator) -> Stream:
    """Return the frames without a `share` by chance, those before them shown for longer."""
    return Stream(times.thinned(clip.frames(), share, random), shape_of(clip))


def doubled_frames(clip: Clip, share: float, random: np.random.Generator) -> Stream:
    """Return the frames with a `share` by chance shown twice, each time for half as long."""
    shape = shape_of(clip)
    finer = replace(shape, rate=shape.rate and shape.rate * 2)
    return Stream(times.doubled(clip.frames(), share, random), finer)


def speed(clip: Clip, factor: float) -> Stream:
    """Return the clip at `factor` times its speed and the same frames a second."""
    exact = Fraction(factor).limit_denominator(1000)
    frames = times.stretched(clip.frames(), exact)
    seconds = float(clip.seconds)
    where = Span(0.0, seconds, 0.0, seconds / float(exact))
    even = times.at_rate(frames, clip.rate) if clip.steady else frames
    return Stream(even, shape_of(clip), span=where)


def slideshow(clip: Clip, seconds: float) -> Stream:
    """Return a frame every so many `seconds`, held until the next, at the same rate."""
    slow = times.at_rate(clip.frames(), 1 / Fraction(seconds).limit_denominator(100))
    shape = replace(shape_of(clip), rate=clip.rate)
    held = times.at_rate(slow, clip.rate)
    return Stream(times.between(held, Fraction(0), clip.seconds), shape)


TRANSFORMS = (
    video_edit(
        frame_rate,
        family="frame rate",
        words="{rate} frames a second",
        takes=(number("rate", 1, 120),),
    ),
    video_edit(
        variable_rate,
        family="frame rate",
        words="variable frame rate, {share} of the frames left out",
        takes=(share("share", 0, 0.8, default=0.2),),
    ),
    video_edit(
        dropped_frames,
        family="frame rate",
        words="{share} of the frames dropped",
        takes=(share("share", 0.01, 0.9),),
    ),
    video_edit(
        doubled_frames,
        family="frame rate",
        words="{share} of the frames doubled",
        takes=(share("share", 0.01, 1),),
    ),
    video_edit(speed, family="speed", words="{factor} x speed", takes=(number("factor", 0.25, 4),)),
    video_edit(
        slideshow,
        family="frame rate",
        words="slideshow, {seconds} s a frame",
        takes=(number("seconds", 0.1, 10, default=1),),
    ),
)
