"""vPDQ equals its C++ command on the reference clips."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hashwalk.errors import UnreadableError, UnsupportedError
from hashwalk.format import Hash
from hashwalk.hashing import hash_file
from hashwalk.picture import Picture
from hashwalk.testing import make_frame
from hashwalk.video import VideoInfo
from hashwalk_formats.vpdq import VPDQ, VPDQ_ALL

CLIPS = [
    "blend-hevc-2997fps.mp4",
    "chart-vp9-25fps.webm",
    "flat-h264-25fps.mp4",
    "fractal-h264-30fps.mp4",
    "fractal-recompressed-24fps.mp4",
    "halfsecond-h264-30fps.mp4",
    "letterbox-h264-30fps.mp4",
    "life-mpeg4-15fps.avi",
    "oddsize-h264-24fps.mkv",
    "portrait-h264-60fps.mp4",
    "rotated-h264-60fps.mp4",
    "variable-rate-h264.mkv",
]
TEN_BITS = "tenbit-av1-30fps.mp4"


def cpp_lines(value: Hash) -> list[str]:
    """Write the frames as the C++ command prints them, with three decimals."""
    return [f"{p.index},{p.quality},{p.value.hex()},{p.time_s:.3f}" for p in value.parts]


@pytest.mark.parametrize("name", CLIPS)
def test_every_frame_of_an_8_bit_clip_is_the_command_s(
    vectors: dict[str, Any], vectors_folder: Path, name: str
) -> None:
    """Bit for bit, with quality, frame number and time; the flat clip is all ties."""
    known = vectors["clips"][name]
    hashed = hash_file(vectors_folder / "clips" / name, ["vpdq", "vpdq-all"])
    assert not hashed.failures
    each_second, each_frame = hashed.hashes
    assert cpp_lines(each_second) == known["vpdq_1s"]
    lines = cpp_lines(each_frame)
    every = known["vpdq_every_frame"]
    assert (len(lines), lines[0], lines[-1]) == (every["frames"], every["first"], every["last"])
    values = "\n".join(p.value.hex() for p in each_frame.parts)
    assert hashlib.sha256(values.encode()).hexdigest() == every["sha256_of_hex_lines"]


def test_a_10_bit_clip_is_within_2_bits_of_the_command_s(
    vectors: dict[str, Any], vectors_folder: Path
) -> None:
    (computed,) = hash_file(vectors_folder / "clips" / TEN_BITS, ["vpdq"]).hashes
    known = VPDQ.parse("\n".join(vectors["clips"][TEN_BITS]["vpdq_1s"]))
    for ours, theirs in zip(computed.parts, known.parts, strict=True):
        assert (ours.index, ours.quality) == (theirs.index, theirs.quality)
        assert VPDQ.frame.spec.distance(ours.value, theirs.value) <= 2


def test_a_recompressed_clip_matches_and_another_does_not(
    vectors: dict[str, Any],
) -> None:
    names = ("fractal-h264-30fps.mp4", "fractal-recompressed-24fps.mp4", "life-mpeg4-15fps.avi")
    clip, copy, other = (VPDQ.parse("\n".join(vectors["clips"][n]["vpdq_1s"])) for n in names)
    assert VPDQ.compare(clip, copy).match is True
    assert VPDQ.compare(clip, other).match is False


def feed(frames: int, *, side: int = 64, rate: Fraction | None = Fraction(30000, 1001)) -> Hash:
    info = VideoInfo(side, side, rate, rate, None, codec="h264", pixel_format="yuv420p")
    sink = VPDQ_ALL.start_video(info)
    for index in range(frames):
        pixels = np.random.default_rng(index).integers(0, 256, (side, side, 3), dtype=np.uint8)
        sink.update(make_frame(Picture.from_rgb(pixels), index, Fraction(1, 7)))
    return sink.finish()


def test_times_are_frame_numbers_over_the_rate_in_float32() -> None:
    times = [part.time_s for part in feed(3).parts]
    assert times == [float(np.float32(n) / np.float32(30000 / 1001)) for n in range(3)]


def test_a_video_without_frames_is_unreadable() -> None:
    with pytest.raises(UnreadableError, match="no frame of the video could be decoded"):
        feed(0)


def test_frames_under_5_pixels_are_unsupported_as_by_the_command() -> None:
    with pytest.raises(UnsupportedError, match="at least 5x5 pixels"):
        feed(2, side=4)
