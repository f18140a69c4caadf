"""vPDQ equals its C++ command on the reference clips, and reads and writes both text forms."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk.errors import HashParseError, UnreadableError, UnsupportedError
from hashwalk.format import Hash, Part
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
PARTS = st.builds(
    Part,
    value=st.binary(min_size=32, max_size=32),
    quality=st.none() | st.integers(0, 100),
    time_s=st.none() | st.floats(0, 1e9) | st.floats(0, 1e5, width=32),
)


def cpp_lines(value: Hash) -> list[str]:
    """Write the frames as the C++ command prints them, with three decimals."""
    return [f"{p.index},{p.quality},{p.value.hex()},{p.time_s:.3f}" for p in value.parts]


def numbered(parts: list[Part], step: int = 29) -> Hash:
    frames = (Part(p.value, p.quality, p.time_s, n * step) for n, p in enumerate(parts))
    return Hash("vpdq", tuple(frames))


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


@settings(deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=6))
def test_lines_read_back_without_loss(parts: list[Part]) -> None:
    value = numbered(parts)
    for form in (None, "vpdq-text", "hex", "base64"):
        assert VPDQ.parse(VPDQ.render(value, form), form) == value


@settings(deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=6))
def test_json_reads_back_all_but_the_frame_numbers(parts: list[Part]) -> None:
    text = VPDQ.render(numbered(parts), "vpdq-json")
    assert VPDQ.parse(text) == VPDQ.parse(text, "vpdq-json") == Hash("vpdq", tuple(parts))


def test_the_json_of_python_threatexchange_is_read() -> None:
    """It prints times with three significant digits."""
    text = json.dumps([f"{'0f' * 32},100,0.0", f"{'A0' * 32},7,1.23e+02"])
    assert VPDQ.parse(text).parts == (
        Part(b"\x0f" * 32, 100, 0.0),
        Part(b"\xa0" * 32, 7, 123.0),
    )


def test_lines_look_as_the_command_writes_them_where_three_decimals_suffice() -> None:
    value = numbered([Part(b"\x0f" * 32, 100, 0.0), Part(b"\xf0" * 32, 9, 0.968)])
    assert VPDQ.render(value) == f"0,100,{'0f' * 32},0.000\n29,9,{'f0' * 32},0.968"


HASH = "0f" * 32


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected index, quality, value and time"),
        (f"0,100,{HASH}", "line 1: expected index, quality, value and time"),
        (f"0,101,{HASH},0.0", "a quality is over 100"),
        (f"0,-1,{HASH},0.0", "line 1: a quality is not a whole number"),
        (f"x,1,{HASH},0.0", "line 1: an index is not a whole number"),
        (f"0,1,{HASH},nan", "line 1: a time is not a finite number"),
        (f"0,1,{HASH},1e999", "line 1: a time is not a finite number"),
        (f"0,1,{HASH},0.0\n0,1,{HASH},0.0", "the indices of the frames do not increase"),
        (f"0,1,{HASH},0.0\n\n1,1,{HASH},0.0", "line 2: expected index"),
        (f"0,1,{HASH[1:]},0.0", "line 1: not a pdq hash"),
        ("[]", "at least one frame"),
        ("[1]", "expected hash, quality and time"),
        ('{"0": 1}', "line 1"),
        ("[[[", "no JSON"),
        ("[" * 100_000, "no JSON"),
        (f'["{HASH},101,0.0"]', "a quality is over 100"),
        (f'["{HASH},1"]', "expected hash, quality and time"),
    ],
)
def test_what_is_no_frame_list_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(HashParseError) as refused:
        VPDQ.parse(text)
    assert reason in str(refused.value)
    assert HASH[1:] not in str(refused.value)


def test_an_unknown_text_form_is_named() -> None:
    with pytest.raises(HashParseError, match="vpdq has no encoding 'xml'"):
        VPDQ.parse("0", "xml")
