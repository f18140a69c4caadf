"""The luma of small frames as of their RGB pixels, without making these one by one.

FFmpeg scales a video's planes, then looks up their colours in tables. Planes are scaled alike,
and twice as fast, if they alone are asked for; the tables are applied here, for several frames
at once. Source of the tables: FFmpeg 5.1, libswscale (conversion of YUV to RGB).
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from hashwalk_formats.pdq_downscale import SIDE, Plane, luma_in_float32
from hashwalk_formats.upright_scaling import Pixels, Planes, UprightScaler

_ONE = 1 << 16
_CONTRAST = _ONE * 255 // 219
_BRIGHTNESS = 326 * _CONTRAST - 400 * _ONE + _ONE // 2
_BT601 = (104597, -25675, -53279, 132201)
_BT709 = (117489, -13975, -34925, 138438)
"""Of red by red, green by blue, green by red, blue by blue; in 16 bits, for limited range."""
_WEIGHTS = np.array((0.299, 0.587, 0.114), np.float32)

_Integers = NDArray[np.int32]


class _Tables(NamedTuple):
    """What the 256 values of a colour plane add to red, green or blue, in 16 bits."""

    red_by_red: _Integers
    green_by_blue: _Integers
    green_by_red: _Integers
    blue_by_blue: _Integers


class LumaBatch:
    """Scales up to so many frames of one video, and gives the luma of all of them at once."""

    def __init__(self, size: int) -> None:
        """Begin with no frame."""
        self._scaler = UprightScaler(SIDE, SIDE)
        self._luma: Pixels = np.empty((size, SIDE, SIDE), np.uint8)
        self._colours: Pixels = np.empty((2, size, SIDE, SIDE // 2), np.uint8)
        self._tables = _tables(is_bt709=False)
        self._exact: dict[int, Plane] = {}
        self._count = 0
        self._kind: tuple[int, int] | None = None
        self._is_proven: bool | None = None

    def add(self, frame: VideoFrame) -> None:
        """Take the next frame; raises av.FFmpegError for odd pixel formats."""
        planes = self._usable_planes(frame)
        if planes is None:
            self._exact[self._count] = luma_in_float32(self._scaler.pixels(frame))
        else:
            self._luma[self._count] = planes.luma
            self._colours[:, self._count] = planes.blue, planes.red
        self._count += 1

    def take(self) -> Plane:
        """Return (frame, 64, 64), the luma of all frames, and begin again with none."""
        here = slice(0, self._count)
        if len(self._exact) == self._count:
            lumas = np.empty((self._count, SIDE, SIDE), np.float32)
        else:
            blue, red = self._colours[:, here]
            lumas = _weighted(_rgb(self._luma[here], blue, red, self._tables))
        for number, luma in self._exact.items():
            lumas[number] = luma
        self._count = 0
        self._exact.clear()
        return lumas

    def _usable_planes(self, frame: VideoFrame) -> Planes | None:
        """Return planes that give the same pixels as the program's way to RGB, if there are any.

        That way remembers the colours of earlier frames; once they change, it alone is gone.
        """
        if self._is_proven is False:
            return None
        planes = self._scaler.planes(frame)
        if planes is None or self._kind not in {None, planes[3:]}:
            self._is_proven = False
            return None
        if self._kind is None:
            self._kind, self._tables = planes[3:], _tables(is_bt709=planes.is_bt709)
        if not _is_within_range(planes, self._tables):
            return None
        if self._is_proven is None:
            # Processors that scale otherwise are told by the first frame.
            pixels = np.moveaxis(self._scaler.pixels(frame), -1, 0)
            self._is_proven = np.array_equal(_rgb(*planes[:3], self._tables), pixels)
        return planes if self._is_proven else None


def _rgb(luma: Pixels, blue: Pixels, red: Pixels, tables: _Tables) -> _Integers:
    """Return (3, …, height, width) of planes (…, height, width) and (…, height, width / 2)."""
    base = luma.astype(np.int32) * _CONTRAST + _BRIGHTNESS
    colours = (
        tables.red_by_red[red],
        tables.green_by_blue[blue] + tables.green_by_red[red],
        tables.blue_by_blue[blue],
    )
    rgb = np.empty((3, *base.shape), np.int32)
    for colour, plane in zip(colours, rgb, strict=True):
        for column in (0, 1):
            np.add(base[..., column::2], colour, out=plane[..., column::2])
    rgb >>= 16
    np.maximum(rgb, 0, out=rgb)
    return np.minimum(rgb, 255, out=rgb)


def _weighted(rgb: _Integers) -> Plane:
    """Return the luma of (3, …) RGB values, every step rounded to float32."""
    red, green, blue = (
        plane * weight for plane, weight in zip(rgb.astype(np.float32), _WEIGHTS, strict=True)
    )
    red += green
    red += blue
    luma: Plane = red
    return luma


def _is_within_range(planes: Planes, tables: _Tables) -> bool:
    """Tell whether luma that may have been cut off is black or white in any case."""
    content = planes.luma.tobytes()
    if b"\0" not in content and b"\xff" not in content:
        return True
    cut = (planes.luma == 0) | (planes.luma == 255)
    rgb = _rgb(*planes[:3], tables)[:, cut]
    return bool((rgb == planes.luma[cut]).all())


@functools.cache
def _tables(*, is_bt709: bool) -> _Tables:
    return _Tables(*map(_table, _BT709 if is_bt709 else _BT601))


def _table(factor: int) -> _Integers:
    # As in C, a quotient is cut towards zero.
    quotient = abs(factor * _ONE + _ONE // 2) // _CONTRAST
    step = quotient if factor > 0 else -quotient
    return ((-(step >> 9) + (np.arange(256) * step >> 16)) * _CONTRAST).astype(np.int32)
