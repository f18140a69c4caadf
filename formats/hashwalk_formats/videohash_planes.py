"""The planes of decoded frames as arrays, and upright cuts of frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from hashwalk.media.videos import ONE_THREAD
from hashwalk_formats.display_matrix import is_flipped, quarter_turns

Samples = NDArray[np.integer]

_PLAINER = "yuv444p"


class Crop(NamedTuple):
    """A part of an upright frame, in pixels, as FFmpeg's crop filter takes it."""

    width: int
    height: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of an upright frame: views of its planes, as ``plane_samples`` gives them.

    `frame` is what they are views of, and says what their samples mean.
    """

    frame: VideoFrame
    part: Crop
    planes: tuple[Samples, ...]

    def copied(self) -> VideoFrame:
        """Return the part as a frame.

        It does not say where colours were sampled, so that a scaler takes them for centred.
        """
        copy = VideoFrame(self.part.width, self.part.height, self.frame.format.name)
        copy.color_range, copy.colorspace = self.frame.color_range, self.frame.colorspace
        for index, plane in enumerate(self.planes):
            plane_samples(copy, index)[:] = plane
        return copy


def depth_of(frame: VideoFrame) -> int:
    """Return how many bits a sample of the frame has."""
    return int(frame.format.components[0].bits)


def _readable(frame: VideoFrame) -> VideoFrame:
    """Return the frame, in a plainer pixel format where a plane mixes samples unlike RGB."""
    planes = [component.plane for component in frame.format.components]
    bits = {component.bits for component in frame.format.components}
    planar = len(set(planes)) == len(planes) and max(bits) <= 16
    packed = frame.format.is_rgb and len(planes) >= 3 and bits == {8}
    plain = (planar or packed) and not (frame.format.has_palette or frame.format.is_big_endian)
    return frame if plain else frame.reformat(format=_PLAINER, **ONE_THREAD)


def plane_samples(frame: VideoFrame, index: int) -> Samples:
    """Return a plane as (height, width, samples a pixel), without a copy.

    The frame's planes hold one component each, or bytes of RGB. The array is writable where the
    frame is.
    """
    planes, is_deep = frame.planes, depth_of(frame) > 8
    plane = planes[index]
    alone = frame.format.padded_bits_per_pixel // 8 if len(planes) == 1 else 0
    step = alone or 1 + is_deep
    content = np.frombuffer(memoryview(plane), np.uint8, plane.height * plane.line_size)
    rows = content.reshape(plane.height, plane.line_size)[:, : plane.width * step]
    samples: Samples = rows.reshape(plane.height, plane.width, step)
    return samples.view(np.uint16) if is_deep else samples


def upright_brightness(frame: VideoFrame) -> tuple[Samples, int]:
    """Return the upright first plane as (height, width, samples), and the samples' bits.

    Without a fourth sample a pixel, which would be alpha.
    """
    plain = _readable(frame)
    brightness = plane_samples(plain, 0)[:, :, :3]
    return _upright(brightness, quarter_turns(frame), flip=is_flipped(frame)), depth_of(plain)


def upright_cut(frame: VideoFrame, crop: Crop | None) -> Cut:
    """Return the part `crop` of the upright frame, or all of it."""
    turns, flip = quarter_turns(frame), is_flipped(frame)
    width, height = (frame.height, frame.width) if turns % 2 else (frame.width, frame.height)
    part = crop or Crop(width, height, 0, 0)
    plain = _readable(frame)
    planes = []
    for index in range(len(plain.planes)):
        plane = _upright(plane_samples(plain, index), turns, flip=flip)
        across, down = round(width / plane.shape[1]), round(height / plane.shape[0])
        rows = slice(part.y // down, part.y // down - (-part.height // down))
        columns = slice(part.x // across, part.x // across - (-part.width // across))
        planes.append(plane[rows, columns])
    return Cut(plain, part, tuple(planes))


def _upright(samples: Samples, turns: int, *, flip: bool) -> Samples:
    return np.rot90(samples[::-1] if flip else samples, turns)
