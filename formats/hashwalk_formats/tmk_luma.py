"""The luma of small frames as of their RGB pixels, without having FFmpeg make these.

FFmpeg scales a video's planes, then looks up their colours in tables. Planes are scaled alike,
and twice as fast, if they alone are asked for; what is in the tables is computed here. Source of
the tables: FFmpeg 5.1, libswscale (conversion of YUV to RGB).
"""

from __future__ import annotations

import functools

import numpy as np
from av.video.frame import VideoFrame

from hashwalk_formats.pdq_downscale import SIDE, Plane
from hashwalk_formats.tmk_loops import CONTRAST, Integers, write_luma, write_rgb
from hashwalk_formats.upright_scaling import Pixels, UprightScaler

_BT601 = (104597, -25675, -53279, 132201)
_BT709 = (117489, -13975, -34925, 138438)
"""Of red by red, green by blue, green by red, blue by blue; in 16 bits, for limited range."""


class LumaBatch:
    """Scales up to so many frames of one video, and gives the luma of all of them at once."""

    def __init__(self, size: int) -> None:
        """Begin with no frame."""
        self._scaler = UprightScaler(SIDE, SIDE)
        self._rgb: Pixels = np.empty((size, 3, SIDE, SIDE), np.uint8)
        self._count = 0
        self._kind: tuple[int, int] | None = None
        self._is_proven: bool | None = None

    def add(self, frame: VideoFrame) -> None:
        """Take the next frame; raises av.FFmpegError for odd pixel formats."""
        rgb = self._rgb[self._count]
        if not self._write_by_planes(frame, rgb):
            rgb[...] = np.moveaxis(self._scaler.pixels(frame), -1, 0)
        self._count += 1

    def take(self) -> Plane:
        """Return (frame, 64, 64), the luma of all frames, and begin again with none."""
        lumas = np.empty((self._count, SIDE, SIDE), np.float32)
        write_luma(self._rgb[: self._count], lumas)
        self._count = 0
        return lumas

    def _write_by_planes(self, frame: VideoFrame, rgb: Pixels) -> bool:
        """Write the same pixels as the program's way to RGB, and tell whether that was possible.

        That way remembers the colours of earlier frames; once they change, it alone is gone.
        """
        if self._is_proven is False:
            return False
        planes = self._scaler.planes(frame)
        if planes is None or self._kind not in {None, planes[3:]}:
            self._is_proven = False
            return False
        self._kind = planes[3:]
        is_sure = write_rgb(*planes[:3], _steps(is_bt709=planes.is_bt709), rgb)
        if is_sure and self._is_proven is None:
            # Processors that scale otherwise are told by the first frame.
            pixels = np.moveaxis(self._scaler.pixels(frame), -1, 0)
            self._is_proven = np.array_equal(rgb, pixels)
        return is_sure and self._is_proven is True


@functools.cache
def _steps(*, is_bt709: bool) -> Integers:
    """Return what blue and red add to red, green and blue, in 16 bits of a step of luma."""
    # As in C, a quotient is cut towards zero.
    red, green_by_blue, green_by_red, blue = (
        int(np.sign(factor)) * (abs((factor << 16) + (1 << 15)) // CONTRAST)
        for factor in (_BT709 if is_bt709 else _BT601)
    )
    return np.array([[0, green_by_blue, blue], [red, green_by_red, 0]])
