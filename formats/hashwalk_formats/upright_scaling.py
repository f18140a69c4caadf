"""Small upright frames, pixel for pixel those that the ``ffmpeg`` program writes as RGB.

The program turns a frame by its display matrix, then scales it with its bicubic filter. PyAV's
own conversion places the colour samples of most videos elsewhere, which shows in the pixels; so
the same filters are asked for by name.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from hashwalk_formats.display_matrix import is_flipped, quarter_turns

Pixels = NDArray[np.uint8]

_Steps = tuple[tuple[str, str], ...]

_FLIP: _Steps = (("vflip", ""),)
_TURNS: tuple[_Steps, ...] = (
    (),
    (("transpose", "cclock"),),
    (("hflip", ""), ("vflip", "")),
    (("transpose", "clock"),),
)
"""The filters that turn by so many quarters counter-clockwise."""
_TIME_BASE = Fraction(1, 1_000_000)


class UprightScaler:
    """Scales frames of one video to `width` x `height`; a frame's own size may change."""

    def __init__(self, width: int, height: int) -> None:
        """Take the size of the upright frames, in pixels; the width is even."""
        self._rgb = _Filters(f"{width}:{height}:flags=bicubic", "rgb24")

    def pixels(self, frame: VideoFrame) -> Pixels:
        """Return the (height, width, 3) RGB pixels; raises av.FFmpegError for odd pixel formats.

        A display matrix that turns by no whole quarter is taken as the nearest quarter.
        """
        small = self._rgb(frame)
        pixels = _lines(small.planes[0])[:, : 3 * small.width]
        return pixels.reshape(small.height, small.width, 3)


class _Filters:
    """The filters from a frame to a small one in a pixel format; made anew for other frames.

    Whether a frame is mirrored is asked only then.
    """

    def __init__(self, scaling: str, pixel_format: str) -> None:
        self._last = (("scale", scaling), ("format", pixel_format), ("buffersink", ""))
        self._graph: Graph | None = None
        self._made_for: tuple[object, ...] = ()

    def __call__(self, frame: VideoFrame) -> VideoFrame:
        turns = quarter_turns(frame)
        made_for = (frame.width, frame.height, frame.format.name, turns)
        if self._graph is None or made_for != self._made_for:
            self._graph, self._made_for = self._make_graph(frame, turns), made_for
        self._graph.vpush(frame)
        return self._graph.vpull()

    def _make_graph(self, frame: VideoFrame, turns: int) -> Graph:
        graph = Graph()
        if hasattr(graph, "threads"):
            graph.threads = 1
        steps = [
            graph.add_buffer(
                width=frame.width, height=frame.height, format=frame.format, time_base=_TIME_BASE
            )
        ]
        flip = _FLIP if is_flipped(frame) else ()
        steps += [
            graph.add(name, options or None)
            for name, options in (*flip, *_TURNS[turns], *self._last)
        ]
        graph.link_nodes(*steps).configure()
        return graph


def _lines(plane: VideoPlane) -> Pixels:
    return np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
