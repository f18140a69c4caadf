"""The frames of a video as a stream of times and planes, as every video transform reads them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from hashwalk.errors import MediaError
from hashwalk.media.demuxers import DEMUXERS
from hashwalk.media.frames import DecodedFrame
from hashwalk.media.limits import DEFAULT_LIMITS
from hashwalk.media.sniff import HEAD_BYTES, sniff
from hashwalk.media.source import open_source
from hashwalk.media.videos import ONE_THREAD, OpenVideo
from hashwalk_bench.errors import TransformError

Pixels = NDArray[np.uint8]

PLANES = "yuv420p"
"""The pixel format of every frame that a transform is given: 8 bits, colour at half the size."""
MOST_SECONDS = 120
"""The longest source of which variants are made."""
_LEAST_SIDE = 32
_UNEVEN_S = Fraction(3, 2000)
"""How far even frames may seem from even in a container that counts milliseconds."""
_SAFE_OPTIONS = {"format_whitelist": DEMUXERS, "protocol_whitelist": "file"}


@dataclass(frozen=True, slots=True)
class Timed:
    """A frame, when it is shown, and how long, in seconds after the first one."""

    image: VideoFrame
    start: Fraction
    length: Fraction

    @property
    def end(self) -> Fraction:
        """When the next frame is shown."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Clip:
    """A video on the disk that decodes to its end, with what its frames said of it.

    `width` and `height` are as stored, cut to even numbers at the right and the bottom; `starts`
    are the times of the frames in seconds after the first; `seconds` is when the last one ends;
    `rate` is frames a second, the average where they are not `steady`. `aspect` is that of one
    pixel, `rotation` the display matrix's in degrees counter-clockwise.
    """

    path: Path
    width: int
    height: int
    aspect: Fraction
    rotation: int
    starts: tuple[Fraction, ...]
    seconds: Fraction
    rate: Fraction
    steady: bool

    def nearest(self, seconds: float | Fraction) -> Fraction:
        """Return the time next to `seconds` at which a frame starts or the last one ends."""
        wanted = Fraction(seconds)
        return min((*self.starts, self.seconds), key=lambda time: abs(time - wanted))

    def frames(self) -> Iterator[Timed]:
        """Yield the frames in yuv420p, in order, at the times of `starts`; none is held.

        Raises TransformError where the file is no longer what it was.
        """
        ends = (*self.starts[1:], self.seconds)
        for number, frame in enumerate(_decoded(self.path)):
            if number == len(self.starts):
                raise TransformError("the video was changed while variants were made of it")
            start = self.starts[number]
            yield Timed(_even_planes(frame.image), start, ends[number] - start)


def open_clip(path: Path) -> Clip:
    """Return the video once all its frames were decoded, so that no variant can break off.

    Raises TransformError for what is no video, is broken, is smaller than 32 x 32 pixels, or is
    longer than MOST_SECONDS.
    """
    times: list[Fraction] = []
    for frame in _decoded(path):
        image = frame.image
        times.append(max(frame.time, times[-1] + Fraction(1, 1000)) if times else frame.time)
        if times[-1] - times[0] > MOST_SECONDS:
            raise TransformError(f"the video is longer than {MOST_SECONDS} s, the limit")
    if min(image.width, image.height) < _LEAST_SIDE:
        raise TransformError(f"{image.width} x {image.height} pixels are too few to edit")
    with open_packets(path) as (_, stream):
        rate, aspect = _rate(stream, times), stream.sample_aspect_ratio or Fraction(1)
    starts, steady = _evened([time - times[0] for time in times], rate)
    rate = rate if steady else _average(starts)
    return Clip(
        path=path,
        width=image.width & ~1,
        height=image.height & ~1,
        aspect=aspect,
        rotation=image.rotation,
        starts=starts,
        seconds=starts[-1] + 1 / rate,
        rate=rate,
        steady=steady,
    )


@contextmanager
def open_packets(path: Path) -> Generator[tuple[InputContainer, VideoStream]]:
    """Give the container and its first video stream, undecoded; close it after the block.

    Raises TransformError where there is none.
    """
    try:
        with av.open(
            str(path), metadata_errors="ignore", container_options=_SAFE_OPTIONS
        ) as container:
            if not container.streams.video or not container.streams.video[0].codec_context:
                raise TransformError("there is no video stream in the file")
            yield container, container.streams.video[0]
    except FFmpegError as error:
        raise TransformError(f"the video cannot be copied: {error.strerror}") from error


def rgb(image: VideoFrame) -> Pixels:
    """Return the (height, width, 3) pixels of a frame."""
    return cast("Pixels", image.reformat(format="rgb24", **ONE_THREAD).to_ndarray())


def planes(pixels: Pixels) -> VideoFrame:
    """Return the yuv420p frame of (height, width, 3) pixels, cut to even sides at the end."""
    height, width = (side & ~1 for side in pixels.shape[:2])
    cut = np.ascontiguousarray(pixels[:height, :width])
    return VideoFrame.from_ndarray(cut, format="rgb24").reformat(format=PLANES, **ONE_THREAD)


def _decoded(path: Path) -> Iterator[DecodedFrame]:
    try:
        with open_source(path) as source:
            sniffed = sniff(source.file.read(HEAD_BYTES))
            if sniffed and sniffed.type == "picture":
                raise TransformError("the file is a picture, not a video")
            container = sniffed.container if sniffed else None
            with OpenVideo(source.file, source.size, container) as video:
                yield from video.frames(DEFAULT_LIMITS, key_frames_only=False)
    except MediaError as error:
        raise TransformError(str(error)) from error


def _even_planes(image: VideoFrame) -> VideoFrame:
    if image.width % 2 or image.height % 2:
        return planes(rgb(image))
    return image if image.format.name == PLANES else image.reformat(format=PLANES, **ONE_THREAD)


def _rate(stream: VideoStream, times: list[Fraction]) -> Fraction:
    """Return the frames a second that the container claims, if its frames are that many."""
    claimed = stream.average_rate or stream.base_rate or Fraction(25)
    return claimed if len(times) == 1 or claimed <= 120 else _average(tuple(times))


def _average(starts: tuple[Fraction, ...]) -> Fraction:
    """Return the frames a second of frames at these times, in thousandths."""
    seconds = starts[-1] - starts[0]
    rate = Fraction(len(starts) - 1) / seconds if seconds else Fraction(25)
    return rate.limit_denominator(1000)


def _evened(starts: list[Fraction], rate: Fraction) -> tuple[tuple[Fraction, ...], bool]:
    """Return times that are multiples of one over the rate, if they nearly are, and whether."""
    steady = all(abs(start - n / rate) <= _UNEVEN_S for n, start in enumerate(starts))
    return tuple(n / rate for n in range(len(starts))) if steady else tuple(starts), steady
