"""Frames at a constant rate, scaled and turned, are those that the ffmpeg program writes."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashwalk.media.limits import DEFAULT_LIMITS
from hashwalk.media.videos import OpenVideo
from hashwalk.testing import make_pixels
from hashwalk.video import VideoInfo
from hashwalk_formats.constant_rate import ConstantRate
from hashwalk_formats.upright_scaling import UprightScaler

Pixels = NDArray[np.uint8]
RATE = 15


def info(rate: Fraction = Fraction(30), streams: int = 1) -> VideoInfo:
    return VideoInfo(64, 64, rate, rate, None, codec="", pixel_format="", streams=streams)


def written(times: Sequence[Fraction], video: VideoInfo) -> list[int]:
    """Return the number of the frame that is written at each step, for frames of equal length."""
    rate, out = ConstantRate(RATE, video), list[int]()
    for number, time in enumerate(times):
        copies = rate.copies(time, 1 / video.rate)
        out += [number - 1] * copies.before + [number] * copies.here
    return out + [len(times) - 1] * rate.flush()


@given(rate=st.integers(5, 120), seconds=st.integers(1, 20))
def test_an_even_rate_gives_as_many_frames_as_the_time_asks_for(rate: int, seconds: int) -> None:
    """Up to two more, since the program runs ahead at the start."""
    times = [Fraction(n, rate) for n in range(rate * seconds)]
    out = written(times, info(Fraction(rate)))
    assert out == sorted(out)
    assert out[0] == 0
    assert 0 <= len(out) - RATE * seconds <= 3


@given(st.lists(st.fractions(0, 3, max_denominator=1000), min_size=1, max_size=60))
def test_any_times_are_written_in_order(steps: list[Fraction]) -> None:
    times = list(itertools.accumulate(steps))
    out = written(times, info(Fraction(15)))
    assert out == sorted(out)
    assert set(out) <= set(range(len(times)))


def test_the_first_frame_fills_the_time_before_it_only_beside_other_streams() -> None:
    late = [2 + Fraction(n, 15) for n in range(15)]
    alone, beside = (written(late, info(Fraction(15), streams)) for streams in (1, 2))
    assert len(alone) == 15
    assert beside.count(0) == 31
    assert len(beside) == len(alone) + 30


def test_a_jump_of_hours_is_taken_for_a_broken_time() -> None:
    times = [Fraction(0), Fraction(1, 15), Fraction(10**9), Fraction(2, 15), Fraction(3, 15)]
    assert written(times, info(Fraction(15))) == [0, 1, 3, 4]


def by_hashwalk(path: Path) -> Pixels:
    with path.open("rb") as file:
        video = OpenVideo(file, path.stat().st_size, None)
        rate, scaler = ConstantRate(RATE, video.info), UprightScaler(64, 64)
        out: list[Pixels] = []
        last: Pixels | None = None
        for frame in video.frames(DEFAULT_LIMITS, key_frames_only=False):
            copies = rate.copies(frame.time, frame.duration)
            pixels = scaler.pixels(frame.image)
            out += [pixels if last is None else last] * copies.before + [pixels] * copies.here
            last = pixels
        assert last is not None
        return np.array(out + [last] * rate.flush())


def by_ffmpeg(path: Path) -> Pixels:
    program = shutil.which("ffmpeg")
    if program is None:
        pytest.skip("there is no ffmpeg program")
    version = subprocess.run([program, "-version"], capture_output=True, text=True, check=True)
    if not version.stdout.startswith("ffmpeg version 5.1"):
        pytest.skip("the ffmpeg program is not version 5.1, which the reference was run with")
    output = ["-s", "64:64", "-pix_fmt", "rgb24", "-r", str(RATE), "-f", "rawvideo", "-"]
    command = [program, "-v", "error", "-nostdin", "-i", str(path), *output]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, 64, 64, 3)


def check_equals_ffmpeg(path: Path) -> None:
    ours, theirs = by_hashwalk(path), by_ffmpeg(path)
    assert ours.shape == theirs.shape
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.oracle
@pytest.mark.parametrize(
    "name",
    [
        "chart-vp9-25fps.webm",
        "fractal-recompressed-24fps.mp4",
        "life-mpeg4-15fps.avi",
        "oddsize-h264-24fps.mkv",
        "rotated-h264-60fps.mp4",
        "tenbit-av1-30fps.mp4",
        "variable-rate-h264.mkv",
    ],
)
def test_frames_of_the_reference_clips_are_the_program_s(name: str, vectors_folder: Path) -> None:
    check_equals_ffmpeg(vectors_folder / "clips" / name)


KINDS: dict[str, dict[str, Any]] = {
    "full range": {"pixel_format": "yuvj420p"},
    "4:2:2": {"pixel_format": "yuv422p"},
    "BT.709": {"color": {"colorspace": "1", "color_primaries": "1", "color_trc": "1"}},
    "late beside sound, mp4": {"late": 17, "sound": True},
    "late beside sound, ts": {"late": 17, "sound": True, "container": "mpegts"},
    "late alone": {"late": 17, "container": "matroska"},
    "with gaps": {"gaps": True},
    "with gaps, in another order": {"gaps": True, "options": {"bf": "2"}},
    "with gaps, mkv, in another order": {
        "gaps": True,
        "options": {"bf": "2"},
        "container": "matroska",
    },
    "120 frames a second": {"rate": 120},
    "5 frames a second": {"rate": 5},
    "raw": {"container": "h264"},
}


def encode(path: Path, spec: dict[str, Any]) -> None:
    rate = spec.get("rate", 25)
    with av.open(str(path), "w", format=spec.get("container", "mp4")) as output:
        stream: Any = output.add_stream("libx264", rate=rate, options=spec.get("options", {}))
        stream.width, stream.height = 162, 94
        stream.pix_fmt = spec.get("pixel_format", "yuv420p")
        for name, value in spec.get("color", {}).items():
            setattr(stream.codec_context, name, int(value))
        if spec.get("sound"):
            add_sound(output)
        for step in range(2 * rate):
            frame = av.VideoFrame.from_ndarray(make_pixels(162, 94, step // 3), "rgb24")
            gap = 13 * (step // 20) if spec.get("gaps") else 0
            frame.pts = spec.get("late", 0) + step + gap
            frame.time_base = Fraction(1, rate)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())


def add_sound(output: Any) -> None:
    stream = output.add_stream("aac", rate=48000, layout="mono")
    frame = av.AudioFrame.from_ndarray(np.zeros((1, 48000), np.float32), "fltp", "mono")
    frame.sample_rate = 48000
    output.mux(stream.encode(frame))
    output.mux(stream.encode())


@pytest.mark.oracle
@pytest.mark.parametrize("kind", KINDS)
def test_frames_of_all_kinds_of_video_are_the_program_s(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "clip"
    encode(path, KINDS[kind])
    check_equals_ffmpeg(path)


def test_a_video_may_change_its_size_and_format() -> None:
    scaler = UprightScaler(64, 48)
    for width, height in ((64, 48), (200, 100), (64, 48)):
        frame = av.VideoFrame.from_ndarray(make_pixels(width, height, 1), "rgb24")
        assert scaler.pixels(frame).shape == (48, 64, 3)
        assert scaler.pixels(frame.reformat(format="yuv420p")).shape == (48, 64, 3)
    np.testing.assert_array_equal(scaler.pixels(frame), frame.to_ndarray())
