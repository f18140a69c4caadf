"""When the frames of a video are shown, in the two ways that formats count time."""

from __future__ import annotations

import functools
from fractions import Fraction

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

_TIMES_MAY_JUMP = 0x200
"""FFmpeg's flag of a container whose times may be discontinuous."""


class FrameClock:
    """Tells ``time_s``, ``time`` and ``duration`` of the frames of a stream whose header was read.

    Whole ticks are counted as long as possible: exact fractions are slow.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, rate: Fraction) -> None:
        """Take the frames a second, for frames without times."""
        self._rate = rate
        self._first_tick = stream.start_time or 0
        self._start = _start_of(container, stream)
        self._even = 1 / (stream.guessed_rate or rate)
        self._of_each = 1 / rate
        # MP4 tells how long until the next frame in order of storage, which is no duration.
        self._has_durations = not (
            container.format.name.startswith("mov,") and stream.codec_context.has_b_frames
        )
        self._base: Fraction | None = None
        self._numerator = self._denominator = 1
        self._zero = 0
        self._seconds = functools.lru_cache(maxsize=16)(self._in_seconds)

    def seconds(self, image: VideoFrame, number: int) -> float:
        """Return ``time_s`` of the frame `number`, which says nothing of it where it has none."""
        pts = image.pts
        if pts is None or not (self._base or self._learn_base(image)):
            return number * self._rate.denominator / self._rate.numerator
        return (pts - self._first_tick) * self._numerator / self._denominator

    def time(self, image: VideoFrame, number: int) -> Fraction:
        """Return ``time`` of a frame that ``seconds`` was asked for before."""
        if image.pts is None or self._base is None:
            return Fraction(number * self._rate.denominator, self._rate.numerator)
        return Fraction((image.pts - self._zero) * self._numerator, self._denominator)

    def duration(self, image: VideoFrame) -> Fraction | None:
        """Return ``duration`` of a frame that ``seconds`` was asked for before."""
        if image.pts is None or self._base is None:
            return self._of_each
        return self._seconds(image.duration) if self._has_durations else self._even

    def _learn_base(self, image: VideoFrame) -> Fraction | None:
        if image.pts is not None and image.time_base is not None:
            self._base = image.time_base
            self._numerator, self._denominator = self._base.as_integer_ratio()
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
