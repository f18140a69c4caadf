"""Clips drawn by chance: a camera over drawn pictures, things that cross them, and cuts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from hashwalk_bench.corpus.drawing import SIMPLE
from hashwalk_bench.transforms.video_reading import Timed

SIZES = ((320, 240), (426, 240), (480, 270), (640, 360), (360, 640), (480, 480))
RATES = (10, 15, 24, 25, 30)

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cut:
    """One scene of a clip: what the camera sees first and last, and a thing that crosses it.

    Views are left, top, right and bottom in the ground's pixels; the thing goes from one place
    to another, in shares of the frame.
    """

    ground: Image.Image
    first: Vector
    last: Vector
    thing: Image.Image
    way: tuple[Vector, Vector]

    def at(self, share: float, size: tuple[int, int]) -> Image.Image:
        """Return the frame after a share of the scene."""
        left, top, right, bottom = (self.first + share * (self.last - self.first)).tolist()
        drawn = self.ground.resize(size, Image.Resampling.BILINEAR, (left, top, right, bottom))
        place = (self.way[0] + share * (self.way[1] - self.way[0])) * size
        drawn.paste(self.thing, (int(place[0]), int(place[1])))
        return drawn


def draw_clip(random: Generator) -> tuple[Iterator[Timed], int]:
    """Return the frames of a clip of 2 to 6 seconds, drawn as they are asked for, and its rate."""
    size = SIZES[random.integers(len(SIZES))]
    rate = RATES[random.integers(len(RATES))]
    frames = round(rate * random.uniform(2, 6))
    cuts = [_draw_cut(random, size) for _ in range(int(random.integers(1, 4)))]
    return _frames(cuts, size, frames, rate), rate


def _frames(cuts: list[Cut], size: tuple[int, int], frames: int, rate: int) -> Iterator[Timed]:
    for number in range(frames):
        scene, share = divmod(number * len(cuts) / frames, 1)
        drawn = cuts[int(scene)].at(share, size)
        yield Timed(_frame(drawn), Fraction(number, rate), Fraction(1, rate))


def _frame(drawn: Image.Image) -> VideoFrame:
    return av.VideoFrame.from_ndarray(np.asarray(drawn), format="rgb24")


def _draw_cut(random: Generator, size: tuple[int, int]) -> Cut:
    width, height = size[0] * 3 // 2, size[1] * 3 // 2
    thing = SIMPLE[random.integers(len(SIMPLE))](random, size[0] // 4, size[1] // 4)
    return Cut(
        SIMPLE[random.integers(len(SIMPLE))](random, width, height),
        _view(random, width, height),
        _view(random, width, height),
        thing,
        (random.uniform(0, 0.75, 2), random.uniform(0, 0.75, 2)),
    )


def _view(random: Generator, width: int, height: int) -> Vector:
    """Return a part of a picture with its shape, and from half to nine tenths of its sides."""
    share = random.uniform(0.5, 0.9)
    left, top = random.uniform(0, 1 - share, 2)
    return np.array([left, top, left + share, top + share]) * (width, height, width, height)
