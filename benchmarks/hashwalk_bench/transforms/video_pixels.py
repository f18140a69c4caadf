"""Edits of the pixels of each frame of a stream, as planes where that is enough, else as RGB."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from hashwalk.media.videos import ONE_THREAD
from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms.video_reading import PLANES, Clip, Pixels, Timed, planes, rgb

_MOST_PIXELS = 4096 * 2304


def painted(frames: Iterable[Timed], paint: Callable[[Pixels], Pixels]) -> Iterator[Timed]:
    """Yield frames of the pixels that `paint` makes of each frame's (height, width, 3) pixels.

    A frame that comes several times in a row is painted once.
    """
    seen: VideoFrame | None = None
    for frame in frames:
        if frame.image is not seen:
            seen, image = frame.image, planes(paint(rgb(frame.image)))
        yield replace(frame, image=image)


def resized(frames: Iterable[Timed], width: int, height: int) -> Iterator[Timed]:
    """Yield the frames scaled to an even size by FFmpeg's bicubic filter.

    Raises TransformError for a size that has no pixels, or more than encoders are asked for here.
    """
    if min(width, height) < 2 or width * height > _MOST_PIXELS:
        raise TransformError(f"frames of {width} x {height} pixels are not made")
    return _resized(frames, width, height)


def width_of(clip: Clip, height: int) -> int:
    """Return the even width that keeps the clip's shape at this height."""
    return max(2, round(clip.width * height / clip.height / 2) * 2)


def _resized(frames: Iterable[Timed], width: int, height: int) -> Iterator[Timed]:
    scaler = VideoReformatter()
    for frame in frames:
        image = scaler.reformat(
            frame.image, width, height, PLANES, interpolation=Interpolation.BICUBIC, **ONE_THREAD
        )
        yield replace(frame, image=image)
