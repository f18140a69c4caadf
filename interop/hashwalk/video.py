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
    """One decoded frame: its pixels, its number, its time and whether it is a key frame.

    `index` counts all decoded frames, but key frames alone for a sampling of nothing else, so
    that it is the same whether or not the frames between were decoded for other formats.
    `time_s` is the time of presentation after the stream's start; where frames have no times
    it is their number over the frame rate.
    """

    picture: Picture
    index: int
    time_s: float
    key: bool
