"""What a format is told of a video, and the frames it is fed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from hashwalk.picture import Picture


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What is known of the first video stream before its frames are decoded.

    `width` and `height` are as stored; `rotation` is the display matrix's, in degrees
    counter-clockwise; `average_rate` is None where the container does not say it;
    `base_rate` is the container's real base frame rate. `duration_s` is None where unknown.
    `guessed_rate` is what FFmpeg's programs take for the rate; `streams` counts all streams of
    the container, sound and cover pictures too.
    """

    width: int
    height: int
    average_rate: Fraction | None
    base_rate: Fraction | None
    duration_s: float | None
    codec: str
    pixel_format: str
    rotation: int = 0
    guessed_rate: Fraction | None = None
    streams: int = 1

    @property
    def rate(self) -> Fraction:
        """Frames a second: the average rate, the base rate where that is missing, else 25."""
        return self.average_rate or self.base_rate or Fraction(25)


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Frame:
    """One decoded frame: its pixels, its number, its time and whether it is a key frame.

    `native` is the frame as PyAV decoded it, for formats that are defined by FFmpeg's own
    conversions; it must not be changed. `index` counts all decoded frames, but key frames alone
    for a sampling of nothing else, so that it is the same whether or not the frames between were
    decoded for other formats.

    `time_s` is the time of presentation after the video stream's start, in seconds. `time` is
    exact and counted as FFmpeg's programs do: after the container's start, which is earlier
    where sound comes first (after the stream's start in containers whose times may jump). Where
    frames have no times both are the number over the frame rate. `duration` is how long the
    container says that the frame is shown, in seconds, or None; one over the rate without times
    and where the container only knows frames in another order.
    `convert` gives the picture, the same one whenever it is called.
    """

    native: VideoFrame
    index: int
    time: Fraction
    time_s: float
    duration: Fraction | None
    key: bool
    convert: Callable[[], Picture]

    @property
    def picture(self) -> Picture:
        """The pixels as RGB, not rotated: converted at the first use, once for all formats."""
        return self.convert()

    @property
    def rotation(self) -> int:
        """What the display matrix asks for, in degrees counter-clockwise."""
        return self.native.rotation
