"""Which frames of a video a format wants to see."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from hashwalk.errors import UsageError

Selector = Callable[[int, float, bool], bool]
"""Called for each decoded frame with (index, time in seconds, is a key frame), in order."""


CLOCK_SECONDS = 0.001
"""What the times of Matroska, FLV and many other containers are cut to."""
_ROUNDING = 1e-6
"""By how much of an interval arithmetic may put the frame of a mark before it."""


class Sampling(ABC):
    """A rule that picks frames; ``selector`` makes a fresh one for one video."""

    @property
    def key_frames_only(self) -> bool:
        """Whether frames other than key frames are never wanted."""
        return False

    @abstractmethod
    def selector(self, rate: Fraction) -> Selector:
        """Return the rule for a video of `rate` frames a second."""


@dataclass(frozen=True, slots=True)
class AllFrames(Sampling):
    """Every decoded frame."""

    def selector(self, rate: Fraction) -> Selector:
        """Return a rule that always says yes."""
        return lambda index, time_s, key: True


@dataclass(frozen=True, slots=True)
class KeyFrames(Sampling):
    """The frames that the container or codec marks as key frames."""

    @property
    def key_frames_only(self) -> bool:
        """Yes."""
        return True

    def selector(self, rate: Fraction) -> Selector:
        """Return a rule that says yes to key frames."""
        return lambda index, time_s, key: key


@dataclass(frozen=True, slots=True)
class EveryKth(Sampling):
    """Every k-th decoded frame, k = int(seconds x rate), at least 1, as vPDQ counts.

    Presentation times are ignored. Source: facebook/ThreatExchange, vpdq/cpp.
    """

    seconds: float

    def step(self, rate: Fraction) -> int:
        """Return k for a video of `rate` frames a second."""
        return max(1, int(self.seconds * float(rate)))

    def selector(self, rate: Fraction) -> Selector:
        """Return a rule that says yes to frames 0, k, 2k, …."""
        step = self.step(rate)
        return lambda index, time_s, key: index % step == 0


@dataclass(frozen=True, slots=True)
class AtInterval(Sampling):
    """The first frame shown at or after 0, s, 2s, … seconds of presentation time.

    A frame that comes after several of these marks stands for all of them. A frame is at a mark
    if it is up to a millisecond (at most a quarter of s) early: many containers cut times to
    whole milliseconds, and a copy in another container shall give the same frames. Raises
    UsageError unless the interval is positive.
    """

    seconds: float

    def __post_init__(self) -> None:
        """Check the interval."""
        if not 0 < self.seconds < math.inf:
            raise UsageError("an interval between frames is a positive number of seconds")

    def selector(self, rate: Fraction) -> Selector:
        """Return a rule that remembers the next mark."""
        due = 0
        early = min(CLOCK_SECONDS, self.seconds / 4) / self.seconds + _ROUNDING

        def wanted(index: int, time_s: float, key: bool) -> bool:
            nonlocal due
            mark = max(0, math.floor(time_s / self.seconds + early))
            if mark < due:
                return False
            due = mark + 1
            return True

        return wanted
