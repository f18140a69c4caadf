"""Which frames a constant output rate repeats and drops, as the ``ffmpeg`` program does it."""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from typing import NamedTuple

from hashwalk.video import VideoInfo

_FINE = 1 << 16
_NUDGE = 1 / (1 << 17)
_SLACK = 1.1
_MOST_COPIES = 108_000
"""A jump that asks for more copies at once is taken for a broken time stamp."""


class Copies(NamedTuple):
    """How often the frame before, then the frame at hand, is written now."""

    before: int
    here: int


class ConstantRate:
    """Counts how often each frame is written when ``-r rate`` is asked of ``ffmpeg``.

    It is a model of the program's own synchronisation, not of the ``fps`` filter, whose counts
    differ by one or two. Source: FFmpeg 5.1, fftools/ffmpeg.c, constant-rate mode.
    """

    def __init__(self, rate: int, video: VideoInfo) -> None:
        """Take the output's frames a second."""
        self._rate = rate
        self._doubled_rate = 2 * rate * _FINE
        self._length = min(float(rate / (video.guessed_rate or video.rate)), 1.0)
        self._known_duration: Fraction | None = None
        self._known_length = self._length
        # With other streams to go with, the program fills the time before the first frame.
        self._skips_start = video.streams == 1
        self._written = 0
        self._repeats = deque((0, 0, 0), maxlen=3)
        self._is_empty = True

    def copies(self, time: Fraction, duration: Fraction | None) -> Copies:
        """Return how often the frame before and the one at hand are written.

        `time` and `duration` are the frame's, in seconds; there is nothing to write again
        before the first frame, so all copies are the first one's.
        """
        position, length = self._position(time), self._length_of(duration)
        drift = position - self._written
        ahead = drift + length
        if self._is_empty and self._skips_start and drift >= 0.5:
            self._written, drift, ahead = round(position), 0.0, length
        count, before = _count(drift, ahead)
        self._repeats.append(before)
        if count > _MOST_COPIES:
            return Copies(0, 0)
        self._written += count
        if self._is_empty:
            before, self._is_empty = 0, False
        return Copies(before, count - before)

    def heeds(self, duration: Fraction | None) -> bool:
        """Tell whether frames of this duration are counted otherwise than those of none."""
        return self._length_of(duration) != self._length

    def flush(self) -> int:
        """Return how often the last frame is written once more at the end."""
        return sorted(self._repeats)[1]

    def _position(self, time: Fraction) -> float:
        numerator, denominator = time.as_integer_ratio()
        doubled = 2 * denominator
        position = (numerator * self._doubled_rate + denominator) // doubled / _FINE
        # The program steps off exact positions, so that halves do not round back and forth.
        return position + (_NUDGE if position > 0 else -_NUDGE)

    def _length_of(self, duration: Fraction | None) -> float:
        if duration is not self._known_duration:
            whole = round(duration * self._rate) if duration else 0
            self._known_duration = duration
            self._known_length = float(whole) if whole > 0 else self._length
        return self._known_length


def _count(drift: float, ahead: float) -> tuple[int, int]:
    """Return how many frames are due, and how many of them repeat the one before.

    `drift` is how far the frame's start, and `ahead` how far its end, is behind what was
    written, in output frames.
    """
    if ahead < -_SLACK:
        return 0, 0
    if ahead <= _SLACK:
        return 1, 0
    count = round(ahead)
    return count, min(round(drift - 0.6), count) if drift > _SLACK else 0
