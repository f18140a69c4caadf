"""The luma of small frames as of their RGB pixels, without having FFmpeg make these.

FFmpeg scales a video's planes, then looks up their colours in tables. Both is computed here where
it is known how, in less than half the time. Source of the tables: FFmpeg 5.1, libswscale
(conversion of YUV to RGB).
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange

from hashwalk_formats.display_matrix import is_flipped, quarter_turns
from hashwalk_formats.pdq_downscale import SIDE, Plane
from hashwalk_formats.plane_scaling import PlaneScaler, plane_lines, scales
from hashwalk_formats.tmk_loops import Integers, Words, write_luma, write_rgb
from hashwalk_formats.upright_scaling import Pixels, UprightScaler

_FULL = "yuvj420p"
_FORMATS = frozenset({"yuv420p", _FULL})
_BT709 = 1
_BT601 = frozenset({2, 5, 6})
"""Numbers of colour spaces; what does not name its own (2) is taken for BT.601."""
_OF_BT601 = (104597, -25675, -53279, 132201)
_OF_BT709 = (117489, -13975, -34925, 138438)
"""Of red by red, green by blue, green by red, blue by blue; in 16 bits, for limited range."""
_ONE = 1 << 16
_CELLS, _NOISE = 11, 8191


class _Kind(NamedTuple):
    """What decides how FFmpeg scales a frame and makes colours of it."""

    width: int
    height: int
    format: str
    space: int
    range: int

    @property
    def is_known(self) -> bool:
        """Whether it is computed here how."""
        return self.format in _FORMATS and (self.space == _BT709 or self.space in _BT601)

    @property
    def is_full(self) -> bool:
        """Whether its samples use all of their range."""
        return self.format == _FULL or self.range == ColorRange.JPEG

    def has_colours_of(self, other: _Kind) -> bool:
        """Tell whether colours are made in the same way."""
        return self[2:] == other[2:]

    def frame(self) -> VideoFrame:
        """Return a frame of this kind, of whatever content memory holds."""
        frame = VideoFrame(self.width, self.height, self.format)
        frame.colorspace, frame.color_range = self.space, self.range
        return frame


class LumaBatch:
    """Scales up to so many frames of one video, and gives the luma of all of them at once."""

    def __init__(self, size: int) -> None:
        """Begin with no frame."""
        self._ffmpeg = UprightScaler(SIDE, SIDE)
        self._own: _OwnScaler | None = None
        self._rgb: Pixels = np.empty((size, 3, SIDE, SIDE), np.uint8)
        self._count = 0
        self._kind: _Kind | None = None
        self._needs_ffmpeg = False

    def add(self, frame: VideoFrame) -> None:
        """Take the next frame; raises av.FFmpegError for odd pixel formats."""
        rgb = self._rgb[self._count]
        if own := self._own_scaler(frame):
            own.write(frame, rgb)
        else:
            rgb[...] = np.moveaxis(self._ffmpeg.pixels(frame), -1, 0)
        self._count += 1

    def take(self) -> Plane:
        """Return (frame, 64, 64), the luma of all frames, and begin again with none."""
        lumas = np.empty((self._count, SIDE, SIDE), np.float32)
        write_luma(self._rgb[: self._count], lumas)
        self._count = 0
        return lumas

    def _own_scaler(self, frame: VideoFrame) -> _OwnScaler | None:
        """Return what makes the pixels that FFmpeg's way to RGB makes, if there is one.

        That way remembers the colours of earlier frames; once they change, it alone is gone.
        """
        if self._needs_ffmpeg:
            return None
        kind, before = _kind_of(frame, self._kind), self._kind
        if kind != before or kind is None:
            changes = before is not None and (kind is None or not kind.has_colours_of(before))
            if kind is None or changes or not _is_exact(kind):
                self._needs_ffmpeg, self._own = True, None
                if before is not None:
                    self._ffmpeg.pixels(before.frame())
            else:
                self._kind, self._own = kind, _OwnScaler(kind)
        return self._own


class _OwnScaler:
    """Makes the small RGB pixels of frames of a known kind."""

    def __init__(self, kind: _Kind) -> None:
        self._scaler = PlaneScaler(kind.width, kind.height, SIDE)
        self._planes: Words = np.empty((3, SIDE, SIDE), np.int16)
        self._colours = _colours(is_bt709=kind.space == _BT709, is_full=kind.is_full)

    def write(self, frame: VideoFrame, rgb: Pixels) -> None:
        """Write the (3, 64, 64) pixels."""
        self._scaler.scale(frame, self._planes)
        write_rgb(self._planes, *self._colours, rgb)


def _kind_of(frame: VideoFrame, before: _Kind | None) -> _Kind | None:
    """Return the kind of a frame, None for one that is not upright or stored upside down.

    Whether it is mirrored is only asked where the frame before was of another kind.
    """
    if quarter_turns(frame) or any(plane.line_size < 0 for plane in frame.planes):
        return None
    space, limits = int(frame.colorspace), int(frame.color_range)
    kind = _Kind(frame.width, frame.height, frame.format.name, space, limits)
    return None if kind != before and is_flipped(frame) else kind


@functools.lru_cache(maxsize=64)
def _is_exact(kind: _Kind) -> bool:
    """Tell whether FFmpeg makes the same of a frame, as it does on the processors known today."""
    if not (kind.is_known and scales(kind.width, kind.height, SIDE)):
        return False
    frame = _noise(kind)
    rgb = np.empty((3, SIDE, SIDE), np.uint8)
    _OwnScaler(kind).write(frame, rgb)
    return np.array_equal(rgb, np.moveaxis(UprightScaler(SIDE, SIDE).pixels(frame), -1, 0))


def _noise(kind: _Kind) -> VideoFrame:
    """Return a frame of cells of all levels, with noise in them."""
    random = np.random.default_rng(0)
    frame = kind.frame()
    noise = random.integers(0, 16, _NOISE, np.uint8)
    for lines in plane_lines(frame):
        rows, columns = (np.arange(length) * _CELLS // length for length in lines.shape)
        cells = random.integers(0, 256, (_CELLS, _CELLS), np.uint8)[:, columns]
        lines[...] = cells[rows] ^ np.resize(noise, lines.shape)
    return frame


class _Colours(NamedTuple):
    """What ``write_rgb`` takes of them."""

    steps: Integers
    contrast: int
    brightness: int


@functools.cache
def _colours(*, is_bt709: bool, is_full: bool) -> _Colours:
    """Return how colours become RGB, in 16 bits."""
    contrast, black, start = (_ONE, 0, 384) if is_full else (_ONE * 255 // 219, 16, 326)
    brightness = start * contrast - (384 + black) * _ONE + _ONE // 2
    share = (224, 255) if is_full else (1, 1)
    red, green_by_blue, green_by_red, blue = (
        _quotient((_quotient(factor * share[0], share[1]) << 16) + (1 << 15), contrast)
        for factor in (_OF_BT709 if is_bt709 else _OF_BT601)
    )
    steps = np.array([[0, green_by_blue, blue], [red, green_by_red, 0]])
    return _Colours(steps, contrast, brightness)


def _quotient(a: int, b: int) -> int:
    """Divide integers as C does, towards zero."""
    return abs(a) // b * (1 if a >= 0 else -1)
