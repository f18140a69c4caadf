"""A clip of one second, drawn for these tests, and how transforms are called on it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hashwalk_bench.transforms import Call, Made, Medium, Subject, Value, apply, open_subject
from hashwalk_bench.transforms.video_reading import Clip, open_clip
from hashwalk_bench.transforms.video_scenes import made_clip
from hashwalk_bench.transforms.video_writing import Shape, h264, write

Make = Callable[..., Made]


@pytest.fixture(scope="session")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """A clip of 20 frames of 96 x 64 pixels, 20 a second."""
    folder = tmp_path_factory.mktemp("moving")
    rate = Fraction(20)
    frames = made_clip(np.random.default_rng(1), 96, 64, rate, Fraction(1))
    path = write(frames, Shape(rate), h264(crf=10), folder / "moving")
    return open_subject(path, Medium.VIDEO)


@pytest.fixture
def make(moving: Subject, tmp_path: Path) -> Make:
    """Make a variant of the clip, or of the subject `of`: ``make("speed", factor=2.0)``."""

    def made(name: str, of: Subject = moving, seed: int = 3, **values: Value) -> Made:
        call = Call(Medium.VIDEO, name, tuple(values.items()))
        return apply(call, of, tmp_path, seed)

    return made


@pytest.fixture
def variant(make: Make) -> Callable[..., Clip]:
    """Make a variant and open it."""

    def opened(name: str, **values: Value) -> Clip:
        return open_clip(make(name, **values).path)

    return opened
