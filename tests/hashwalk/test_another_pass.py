"""A video format may ask, once, to be shown all frames a second time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hashwalk.errors import FailureCode
from hashwalk.format import AnotherPassError, Format, FrameSink, Hash, VideoHasher
from hashwalk.hashing import hash_with
from hashwalk.sampling import AtInterval
from hashwalk.video import Frame, VideoInfo


class Asking(Format, VideoHasher):
    """Sees the frames `asks` times more before the recorder that it wraps may finish."""

    sampling = AtInterval(0.5)

    def __init__(self, recorder: Any, asks: int) -> None:
        self.spec, self.recorder, self.asks = recorder.spec, recorder, asks

    def start_video(self, video: VideoInfo) -> FrameSink:
        return AskingSink(self.recorder, video, self.asks)


class AskingSink:
    def __init__(self, recorder: Any, video: VideoInfo, asks: int) -> None:
        self.recorder, self.video, self.asks = recorder, video, asks
        self.sink = recorder.start_video(video)

    def update(self, frame: Frame) -> None:
        self.sink.update(frame)

    def finish(self) -> Hash:
        if self.asks:
            raise AnotherPassError(AskingSink(self.recorder, self.video, self.asks - 1))
        found: Hash = self.sink.finish()
        return found


@pytest.fixture
def clip(make_clip: Callable[..., Path], tmp_path: Path) -> Path:
    return make_clip(tmp_path / "clip.avi")


def test_the_second_pass_shows_the_same_frames_to_those_that_asked(
    clip: Path, recorders: SimpleNamespace
) -> None:
    asking, other = Asking(recorders.video("asks"), 1), recorders.video("other", AtInterval(0.5))
    found = hash_with(clip, [asking, other])
    assert [value.format for value in found.hashes] == ["asks", "other"]
    first, second = (sink.parts for sink in asking.recorder.sinks)
    assert first == second == other.sinks[0].parts
    assert len(other.sinks) == 1


def test_a_third_pass_is_a_failure_of_the_format_that_asks(
    clip: Path, recorders: SimpleNamespace
) -> None:
    found = hash_with(clip, [Asking(recorders.video("asks"), 2), recorders.video("other")])
    assert [value.format for value in found.hashes] == ["other"]
    assert [(f.format, f.code) for f in found.failures] == [("asks", FailureCode.CRASHED)]
