"""Planes of 4:2:0 video scaled to a small square as FFmpeg does it, in less than half its time.

Source of the algorithm: FFmpeg 5.1, libswscale (SWS_BICUBIC; lines of 15 bits, rounded once).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane

from hashwalk.line_sums import LINES_AT_ONCE, shortest, windows
from hashwalk_formats.bicubic_taps import Taps, bicubic_taps
from hashwalk_formats.plane_scaling_loops import Bytes, Numbers, Words, scale_planes

_ACROSS_TOTAL, _ACROSS_ALIGN = 1 << 14, 4
_DOWN_TOTAL, _DOWN_ALIGN = 1 << 12, 2


class _Axis(NamedTuple):
    """The taps of luma, then of colours: of line i from ``first[kind, i]`` on."""

    first: Numbers
    weights: Words


class _Axes(NamedTuple):
    across: _Axis
    down: _Axis


class PlaneScaler:
    """Scales the planes of frames of one size to `side` x `side`, colours to half that width.

    `side` is a multiple of 32; the format of the frames is yuv420p.
    """

    def __init__(self, width: int, height: int, side: int) -> None:
        """Take the sizes in pixels; raises ValueError where ``scales`` says no."""
        axes = _axes(width, height, side)
        if axes is None:
            raise ValueError("the frames are too small")
        self._across, self._down = axes
        self._between: Words = np.empty((side, height), np.int16)

    def scale(self, frame: VideoFrame, scaled: Words) -> None:
        """Write (plane, row, column) samples, which may be below 0 or above 255."""
        luma, blue, red = plane_lines(frame)
        scale_planes(luma, blue, red, *self._across, *self._down, self._between, scaled)


def scales(width: int, height: int, side: int) -> bool:
    """Tell whether frames of this size can be scaled: not very small ones."""
    return _axes(width, height, side) is not None


def plane_lines(frame: VideoFrame) -> tuple[Bytes, Bytes, Bytes]:
    """Return the three planes of bytes, as lines that may go on beyond their samples."""
    luma, blue, red = frame.planes
    return _lines(luma), _lines(blue), _lines(red)


def _lines(plane: VideoPlane) -> Bytes:
    return np.ndarray((plane.height, plane.line_size), np.uint8, memoryview(plane))


@lru_cache(maxsize=64)
def _axes(width: int, height: int, side: int) -> _Axes | None:
    half_width, half_height = -(-width // 2), -(-height // 2)
    if half_height < LINES_AT_ONCE:
        return None
    across = _axis(
        bicubic_taps(width, side, _ACROSS_TOTAL, _ACROSS_ALIGN),
        bicubic_taps(half_width, side // 2, _ACROSS_TOTAL, _ACROSS_ALIGN),
    )
    down = _axis(
        bicubic_taps(height, side, _DOWN_TOTAL, _DOWN_ALIGN),
        bicubic_taps(half_height, side, _DOWN_TOTAL, _DOWN_ALIGN),
    )
    return None if across is None or down is None else _Axes(across, down)


def _axis(of_luma: Taps, of_colours: Taps) -> _Axis | None:
    """Return the taps of both; None where they take more lines than there are."""
    size = max(of_luma.size, of_colours.size)
    if shortest(size) > min(of_luma.source, of_colours.source):
        return None
    first = np.zeros((2, len(of_luma.first)), np.int64)
    weights = np.zeros((2, len(of_luma.first), shortest(size)), np.int16)
    for kind, taps in enumerate((of_luma, of_colours)):
        filled = np.pad(taps.weights, ((0, 0), (0, size - taps.size)))
        lines = slice(len(taps.first))
        first[kind, lines], weights[kind, lines] = windows(taps.first, filled, taps.source)
    return _Axis(first, weights)
