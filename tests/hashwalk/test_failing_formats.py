"""A format that fails costs its own hash alone, and says why without a value."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import cv2
import numpy as np
import pytest

from hashwalk.encodings import Hex
from hashwalk.errors import FailureCode, TooLargeError, UnsupportedError
from hashwalk.format import Format, FormatSpec, Hash, Kind, PictureHasher
from hashwalk.hashing import hash_with
from hashwalk.picture import Picture
from hashwalk.results import ALL_FORMATS, HashedFile
from hashwalk.sampling import KeyFrames, Sampling, Selector
from hashwalk.video import VideoInfo


def failures(result: HashedFile) -> list[tuple[str, FailureCode]]:
    return [(f.format, f.code) for f in result.failures]


def hashed(result: HashedFile) -> list[str]:
    return [h.format for h in result.hashes]


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (UnsupportedError("the picture is\ntoo flat"), "unsupported", "the picture is too flat"),
        (TooLargeError("more than enough"), "too-large", "more than enough"),
        (MemoryError("Unable to allocate 3 GiB"), "out-of-memory", "not enough memory"),
        (cv2.error(), "crashed", "error at "),
    ],
)
def test_a_format_fails_alone(
    error: Exception, code: str, message: str, picture: Path, recorders: SimpleNamespace
) -> None:
    result = hash_with(picture, [recorders.picture("bad", error), recorders.picture("good")])
    assert hashed(result) == ["good"]
    [failure] = result.failures
    assert (failure.format, failure.code.value) == ("bad", code)
    assert failure.message.startswith(message)
    assert result.media is not None
    assert failure.sha256 == result.media.sha256
    assert (failure.uri, failure.size) == (result.media.uri, result.media.size)


def test_a_crash_tells_type_and_place_but_no_values(
    picture: Path, recorders: SimpleNamespace
) -> None:
    secret = ValueError("cannot use d1c4cbf031e4d7d4")
    [failure] = hash_with(picture, [recorders.picture("bad", secret)]).failures
    assert failure.code is FailureCode.CRASHED
    assert failure.message.startswith("ValueError at ")
    assert failure.message.rpartition(":")[2].isdigit()
    assert "d1c4" not in failure.message


def test_opencv_without_memory_is_out_of_memory(picture: Path, recorders: SimpleNamespace) -> None:
    bad = recorders.picture("bad")

    def exhaust(_picture: object) -> None:
        cv2.resize(np.zeros((2, 2, 3), np.uint8), (2**24, 2**24))

    bad.hash_picture = exhaust
    assert failures(hash_with(picture, [bad])) == [("bad", FailureCode.OUT_OF_MEMORY)]


def test_a_digest_that_fails_is_dropped(picture: Path, recorders: SimpleNamespace) -> None:
    bad = recorders.file("bad", RuntimeError())
    result = hash_with(picture, [bad, recorders.file("good"), recorders.picture()])
    assert hashed(result) == ["good", "seen"]
    assert failures(result) == [("bad", FailureCode.CRASHED)]


def test_a_video_format_that_fails_midway_is_dropped_and_others_go_on(
    clip: Path, recorders: SimpleNamespace
) -> None:
    bad = recorders.video("bad", error=UnsupportedError("a frame I cannot take"), at=7)
    good = recorders.video("good")
    result = hash_with(clip, [bad, good])
    assert failures(result) == [("bad", FailureCode.UNSUPPORTED)]
    assert hashed(result) == ["good"]
    assert (len(bad.sinks[0].parts), len(good.sinks[0].parts)) == (7, 40)


def test_a_video_format_may_fail_before_its_first_frame(
    clip: Path, recorders: SimpleNamespace
) -> None:
    class Broken(KeyFrames):
        def selector(self, rate: Fraction) -> NoReturn:
            raise LookupError

    without_sink = recorders.video("without-sink")
    without_sink.start_video = None
    formats = [recorders.video("without-sampling", Broken()), without_sink, recorders.video("good")]
    result = hash_with(clip, formats)
    assert hashed(result) == ["good"]
    assert failures(result) == [
        ("without-sampling", FailureCode.CRASHED),
        ("without-sink", FailureCode.CRASHED),
    ]


def test_a_video_format_may_have_too_few_frames(clip: Path, recorders: SimpleNamespace) -> None:
    class Demanding(recorders.video):  # type: ignore[misc,name-defined]
        def start_video(self, video: VideoInfo) -> Any:
            sink = super().start_video(video)
            sink.finish = self.refuse
            return sink

        def refuse(self) -> NoReturn:
            raise UnsupportedError("the video is too short")

    result = hash_with(clip, [Demanding("demanding"), recorders.video("good")])
    assert failures(result) == [("demanding", FailureCode.UNSUPPORTED)]
    assert hashed(result) == ["good"]


def test_an_interrupt_is_no_failure_of_a_format(picture: Path, recorders: SimpleNamespace) -> None:
    with pytest.raises(KeyboardInterrupt):
        hash_with(picture, [recorders.picture("bad", KeyboardInterrupt())])


class SevenBytes(Format, PictureHasher):
    """A flawed format: its hashes are a byte shorter than it says."""

    spec = FormatSpec(
        id="seven-bytes",
        summary="Too short a value.",
        kind=Kind.PICTURE,
        bits=64,
        threshold=None,
        licence="none",
        encodings=(Hex(64),),
        source="this test",
    )

    def hash_picture(self, picture: Picture) -> Hash:
        return Hash.of("seven-bytes", bytes(7))


def test_a_hash_of_another_size_than_its_format_says_is_a_failure(picture: Path) -> None:
    result = hash_with(picture, [SevenBytes()])
    assert hashed(result) == []
    assert failures(result) == [("seven-bytes", FailureCode.CRASHED)]


def test_a_file_that_is_changed_while_it_is_decoded_has_no_hash(picture: Path) -> None:
    class Overwriting(SevenBytes):
        def hash_picture(self, _: Picture) -> Hash:
            picture.write_bytes(b"other bytes")
            return Hash.of("seven-bytes", bytes(8))

    result = hash_with(picture, [Overwriting()])
    assert result.media is None
    assert failures(result) == [(ALL_FORMATS, FailureCode.UNREADABLE)]


def test_a_format_sees_all_frames_before_a_damaged_one(
    make_clip: Callable[..., Path], tmp_path: Path, recorders: SimpleNamespace
) -> None:
    """Also those that were decoded together with it."""
    clip = make_clip(tmp_path / "clip", "ffv1", "matroska", key_every=1)
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size * 6 // 10])
    recorder = recorders.video()
    [failure] = hash_with(clip, [recorder]).failures
    assert failure.message.endswith(f" s, {len(recorder.sinks[0].parts)} frames")


class _Misruled(Sampling):
    """Fails at the sixth frame."""

    def selector(self, rate: Fraction) -> Selector:
        return lambda index, time_s, key: 5 // (5 - index) > 0


def test_a_rule_that_fails_costs_its_format_alone(
    make_clip: Callable[..., Path], tmp_path: Path, recorders: SimpleNamespace
) -> None:
    bad, good = recorders.video("bad", _Misruled()), recorders.video("good")
    result = hash_with(make_clip(tmp_path / "clip", frames=9), [bad, good])
    assert failures(result) == [("bad", FailureCode.CRASHED)]
    assert [len(value.parts) for value in result.hashes] == [9]
