"""Which part of the picture is left when black bars are cut off, by a vote of early frames.

The reference asks FFmpeg's cropdetect at twelve times, two frames each, and takes what it says
most often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile

import numpy as np
from av.video.frame import VideoFrame

from hashwalk_formats.videohash_planes import Crop, Samples, upright_brightness

_TIMES = (2, 5, 10, 20, 40, 100, 300, 600, 1200, 2400, 7200, 14400)
"""Where the reference looks, in seconds."""
_SILENT = 2
_SEEN = 4
"""Of the frames from each time on, cropdetect says nothing of the first two, and sees four."""
_ROUNDING = 16
_LIMIT = 24 / 255
_MOST_DIGITS = 9999


class CropVote:
    """Collects what cropdetect says of the frames of one video, fed in order."""

    def __init__(self, duration: float | None) -> None:
        """Take the stated duration in seconds, which tells how many voices may still come."""
        self._looks = [_Look(time) for time in _TIMES]
        self._expected = [look for look in self._looks if not duration or look.time <= duration]
        self._open = list(self._looks)
        self._next: tuple[int, int] | None = None

    def update(self, time: Fraction, tick: Fraction, frame: VideoFrame) -> bool:
        """Take the next frame; tells whether anything was said of it.

        `time` is in seconds after the container's start, `tick` its unit.
        """
        if not self._open or self._is_early(time, tick):
            return False
        due = takewhile(lambda look: time >= _due(look.time, tick), self._open)
        said = [look.update(frame) for look in due]
        self._open, self._next = [look for look in self._open if look.voices_left], None
        return any(said)

    def winner(self) -> Crop | None:
        """Return the crop that was said most often, the earliest of equals; None without any."""
        return next(iter(self.candidates()), None)

    def candidates(self) -> list[Crop]:
        """Return the crops that were said and may still win, the leading one first."""
        ranked = self._counts().most_common()
        least = ranked[0][1] - self._voices_left() if ranked else 0
        return [crop for crop, count in ranked if count >= least]

    def is_closed(self) -> bool:
        """Tell whether no crop that was not said yet can win, if the duration is true."""
        left = self._voices_left()
        return not left or any(count >= left for count in self._counts().values())

    def _is_early(self, time: Fraction, tick: Fraction) -> bool:
        """Tell whether no look is due; whole numbers are quicker to compare than fractions."""
        if self._next is None:
            self._next = _due(self._open[0].time, tick).as_integer_ratio()
        numerator, denominator = time.as_integer_ratio()
        return numerator * self._next[1] < self._next[0] * denominator

    def _counts(self) -> Counter[Crop]:
        return Counter(crop for look in self._looks for crop in look.crops)

    def _voices_left(self) -> int:
        return sum(look.voices_left for look in self._expected)


class _Look:
    """What cropdetect says of the frames from one time on: a box that only grows."""

    def __init__(self, time: int) -> None:
        self.time = time
        self.crops: list[Crop] = []
        self._seen = 0
        self._rows: tuple[int, int] | None = None
        self._columns: tuple[int, int] | None = None

    @property
    def voices_left(self) -> int:
        """How many frames it will still say something of."""
        return _SEEN - max(self._seen, _SILENT)

    def update(self, frame: VideoFrame) -> bool:
        """Take the next frame; tells whether it said anything."""
        self._seen += 1
        if self._seen <= _SILENT:
            return False
        brightness, depth = upright_brightness(frame)
        limit = round(_LIMIT * ((1 << depth) - 1))
        self._rows = _grown(self._rows, brightness, limit)
        self._columns = _grown(self._columns, brightness.swapaxes(0, 1), limit)
        (y, height), (x, width) = _rounded(*self._rows), _rounded(*self._columns)
        crop = Crop(width, height, x, y)
        # The reference finds it by a pattern of one to four digits each, without a sign.
        if all(0 <= number <= _MOST_DIGITS for number in crop):
            self.crops.append(crop)
        return True


@lru_cache(maxsize=len(_TIMES))
def _due(time: int, tick: Fraction) -> Fraction:
    """Return the time in seconds as the nearest number of ticks, in seconds."""
    return round(time / tick) * tick


def _grown(box: tuple[int, int] | None, lines: Samples, limit: int) -> tuple[int, int]:
    """Return the first and last line that is or was bright."""
    first, last = box or (len(lines) - 1, 0)
    first = _first_bright(lines, range(first), limit, first)
    return first, _first_bright(lines, range(len(lines) - 1, max(last, first), -1), limit, last)


def _first_bright(lines: Samples, order: Iterable[int], limit: int, otherwise: int) -> int:
    bright = (i for i in order if int(lines[i].sum(dtype=np.int64)) // lines[i].size > limit)
    return next(bright, otherwise)


def _rounded(first: int, last: int) -> tuple[int, int]:
    """Return the even start and the length, a multiple of 16 in the middle of the lines."""
    start = first + first % 2
    length = last - start + 1
    # As in C, a negative length leaves a negative remainder, and halves are cut towards zero.
    excess = abs(length) % _ROUNDING * (1 if length >= 0 else -1)
    half = int(excess / 2)
    return start + half + half % 2, length - excess
