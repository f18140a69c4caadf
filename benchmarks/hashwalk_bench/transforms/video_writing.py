"""Streams of frames into files: one encoder, one thread, no date, so the bytes are always equal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import cast

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hashwalk.media.videos import ONE_THREAD
from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms.video_reading import PLANES, Timed

_FINE = 90_000
"""Ticks a second of frames that are not evenly spaced."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoder, its options, the pixel format it is given, and the container by its suffix."""

    codec: str
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pixel_format: str = PLANES
    suffix: str = ".mp4"


@dataclass(frozen=True, slots=True)
class Shape:
    """How the frames of a stream are spaced and shown, beside what is in them.

    `rate` is None where they are not evenly spaced; `aspect` is that of a pixel; `rotation` is
    the display matrix's, in degrees counter-clockwise.
    """

    rate: Fraction | None
    aspect: Fraction = Fraction(1)
    rotation: int = 0


def h264(crf: int = 20, preset: str = "ultrafast", pixel_format: str = PLANES) -> Encoding:
    """Return H.264 by libx264 in MP4; the defaults change little and are quick."""
    # The tree that slower presets weigh blocks by reads memory that was never written.
    options = {"crf": str(crf), "preset": preset, "mbtree": "0"}
    return Encoding("libx264", options, pixel_format)


def h265(crf: int, pixel_format: str = PLANES) -> Encoding:
    """Return H.265 by libx265 in MP4, in its quickest preset."""
    single = "pools=none:frame-threads=1:log-level=none"
    options = {"crf": str(crf), "preset": "ultrafast", "x265-params": single}
    return Encoding("libx265", options, pixel_format)


def vp9(crf: int) -> Encoding:
    """Return VP9 by libvpx-vp9 in WebM, in its quickest mode; no shape of pixels is written."""
    options = {"crf": str(crf), "b": "0", "deadline": "realtime", "cpu-used": "8"}
    return Encoding("libvpx-vp9", options, suffix=".webm")


def av1(crf: int, pixel_format: str = PLANES) -> Encoding:
    """Return AV1 by libsvtav1 in MP4, in a quick preset."""
    # SVT-AV1 tells of itself on the standard error, unless its own variable says errors alone.
    os.environ.setdefault("SVT_LOG", "1")
    options = {"crf": str(crf), "preset": "12", "svtav1-params": "lp=1"}
    return Encoding("libsvtav1", options, pixel_format)


def ffv1() -> Encoding:
    """Return FFV1 in Matroska, which loses nothing of the planes; no shape of pixels is written."""
    return Encoding("ffv1", {"level": "3"}, PLANES, ".mkv")


def gif() -> Encoding:
    """Return GIF, for frames that have a palette already."""
    return Encoding("gif", {}, "pal8", ".gif")


def write(frames: Iterable[Timed], shape: Shape, encoding: Encoding, stem: Path) -> Path:
    """Write the frames, none of them held, and return the file: `stem` with the suffix.

    The same frames give the same bytes with the same libraries. Raises TransformError where no
    frame is left or the encoder refuses them.
    """
    path = stem.with_name(stem.name + encoding.suffix)
    try:
        with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
            _encode(frames, shape, encoding, container)
    except FFmpegError as error:
        path.unlink(missing_ok=True)
        raise TransformError(f"{encoding.codec} refuses the frames: {error.strerror}") from error
    return path


def _encode(
    frames: Iterable[Timed], shape: Shape, encoding: Encoding, container: OutputContainer
) -> None:
    tick = 1 / (shape.rate or Fraction(_FINE))
    stream: VideoStream | None = None
    last = -1
    for frame in frames:
        image = frame.image.reformat(format=encoding.pixel_format, **ONE_THREAD)
        is_first, stream = stream is None, stream or _start(container, image, shape, encoding)
        last = max(last + 1, round(frame.start / tick))
        image.pts, image.time_base = last, tick
        image.duration = max(1, round(frame.length / tick))
        image.pict_type = 0
        container.mux(stream.encode(image))
        if is_first:
            _share_processors()
    if stream is None:
        raise TransformError("no frame is left of the video")
    container.mux(stream.encode())


def _share_processors() -> None:
    """Take real-time priority from the threads of this process, which starves everything else.

    SVT-AV1 gives it to itself, and to the thread that calls it, where it runs as root.
    """
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            if os.sched_getscheduler(int(task.name)) == os.SCHED_FIFO:
                os.sched_setscheduler(int(task.name), os.SCHED_OTHER, os.sched_param(0))


def _start(
    container: OutputContainer, first: VideoFrame, shape: Shape, encoding: Encoding
) -> VideoStream:
    """Add the stream that fits the first frame."""
    rate = shape.rate or Fraction(30)
    added = container.add_stream(encoding.codec, rate=rate, options=dict(encoding.options))
    stream = cast("VideoStream", added)
    context = stream.codec_context
    context.width, context.height, context.pix_fmt = first.width, first.height, first.format.name
    context.time_base = 1 / (shape.rate or Fraction(_FINE))
    context.sample_aspect_ratio = shape.aspect
    context.thread_count = 1
    context.colorspace, context.color_range = first.colorspace, first.color_range
    if shape.rotation:
        stream.set_display_rotation(shape.rotation)
    return stream
