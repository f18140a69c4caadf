"""Small upright RGB frames, pixel for pixel those that the ``ffmpeg`` program writes.

The program turns a frame by its display matrix, then scales it with its bicubic filter. PyAV's
own conversion places the colour samples of most videos elsewhere, which shows in the pixels; so
the same filters are asked for by name.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_TURNS = {
    0: (),
    90: (("transpose", "cclock"),),
    180: (("hflip", ""), ("vflip", "")),
    270: (("transpose", "clock"),),
}
"""The filters that turn by so many degrees counter-clockwise."""
_TIME_BASE = Fraction(1, 1_000_000)


class UprightScaler:
    """Scales frames of one video to `width` x `height`; a frame's own size may change."""

    def __init__(self, width: int, height: int) -> None:
        """Take the size of the upright frames, in pixels."""
        self._size = f"{width}:{height}:flags=bicubic"
        self._graph: Graph | None = None
        self._made_for: tuple[object, ...] = ()

    def __call__(self, frame: VideoFrame) -> Pixels:
        """Return the (height, width, 3) RGB pixels; raises av.FFmpegError for odd pixel formats.

        A display matrix that turns by no whole quarter is taken as the nearest quarter.
        """
        turn = round(frame.rotation / 90) * 90 % 360
        made_for = (frame.width, frame.height, frame.format.name, turn)
        if self._graph is None or made_for != self._made_for:
            self._graph, self._made_for = self._make_graph(frame, turn), made_for
        self._graph.vpush(frame)
        return _pixels(self._graph.vpull())

    def _make_graph(self, frame: VideoFrame, turn: int) -> Graph:
        graph = Graph()
        if hasattr(graph, "threads"):
            graph.threads = 1
        steps = [
            graph.add_buffer(
                width=frame.width, height=frame.height, format=frame.format, time_base=_TIME_BASE
            )
        ]
        filters = (*_TURNS[turn], ("scale", self._size), ("format", "rgb24"), ("buffersink", ""))
        steps += [graph.add(name, arguments or None) for name, arguments in filters]
        graph.link_nodes(*steps).configure()
        return graph


def _pixels(small: VideoFrame) -> Pixels:
    plane = small.planes[0]
    lines = np.frombuffer(memoryview(plane), np.uint8).reshape(small.height, plane.line_size)
    return lines[:, : 3 * small.width].reshape(small.height, small.width, 3)
