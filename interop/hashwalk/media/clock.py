"""When the frames of a video are shown, in the two ways that formats count time."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import NamedTuple

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

_TIMES_MAY_JUMP = 0x200
"""FFmpeg's flag of a container whose times may be discontinuous."""


class FrameTime(NamedTuple):
    """``time_s``, ``time`` and ``duration`` of a Frame."""

    time_s: float
    time: Fraction
    duration: Fraction | None


class FrameClock:
    """Tells the times of the frames of one stream, whose header was read.

    Whole ticks are counted as long as possible: exact fractions are slow.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, rate: Fraction) -> None:
        """Take the frames a second, for frames without times."""
        self._rate = rate
        self._first_tick = stream.start_time or 0
        self._start = _start_of(container, stream)
        self._even = 1 / (stream.guessed_rate or rate)
        # MP4 tells how long until the next frame in order of storage, which is no duration.
        self._has_durations = not (
            container.format.name.startswith("mov,") and stream.codec_context.has_b_frames
        )
        self._base: Fraction | None = None
        self._zero = 0
        self._seconds = functools.lru_cache(maxsize=16)(self._in_seconds)

    def __call__(self, image: VideoFrame, number: int) -> FrameTime:
        """Return the times of the frame `number`, which say nothing of it where it has none."""
        base = self._base or self._learn_base(image)
        if image.pts is None or base is None:
            time = number / self._rate
            return FrameTime(float(time), time, 1 / self._rate)
        shown = image.pts - self._first_tick
        return FrameTime(
            shown * base.numerator / base.denominator,
            Fraction((image.pts - self._zero) * base.numerator, base.denominator),
            self._seconds(image.duration) if self._has_durations else self._even,
        )

    def _learn_base(self, image: VideoFrame) -> Fraction | None:
        if image.pts is not None and image.time_base is not None:
            self._base = image.time_base
            self._zero = round(self._start / self._base)
        return self._base

    def _in_seconds(self, ticks: int) -> Fraction | None:
        return ticks * self._base if ticks and self._base else None


def _start_of(container: InputContainer, stream: VideoStream) -> Fraction:
    """Return the time that FFmpeg's programs count from when they read this stream alone."""
    may_jump = container.format.flags & _TIMES_MAY_JUMP
    if may_jump and stream.start_time is not None and stream.time_base is not None:
        return stream.start_time * stream.time_base
    return Fraction(container.start_time or 0, 1_000_000)
