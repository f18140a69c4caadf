"""What a format is told of a video, and the frames it is fed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashwalk.picture import Picture


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What is known of the first video stream before its frames are decoded.

    `width` and `height` are as stored; `rotation` is the display matrix's, in degrees
    counter-clockwise; `average_rate` is None where the container does not say it;
    `base_rate` is the container's real base frame rate. `duration_s` is None where unknown.
    """

    width: int
    height: int
    average_rate: Fraction | None
    base_rate: Fraction | None
    duration_s: float | None
    codec: str
    pixel_format: str
    rotation: int = 0

    @property
    def rate(self) -> Fraction:
        """Frames a second: the average rate, the base rate where that is missing, else 25."""
        return self.average_rate or self.base_rate or Fraction(25)


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame: `index` among all decoded frames, `time_s` of presentation."""

    picture: Picture
    index: int
    time_s: float
    key: bool
