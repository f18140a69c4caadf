"""The conformance kit passes sound formats, and each check catches the flaw it is for."""

import dataclasses
import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from hashwalk.distances import Distance, Equality, Hamming
from hashwalk.encodings import Base64, Encoding, Hex
from hashwalk.errors import HashParseError, UnsupportedError, UsageError
from hashwalk.format import (
    FileHasher,
    Format,
    FormatSpec,
    Hash,
    Kind,
    Part,
    PictureHasher,
    QualityFloor,
    Shape,
    Threshold,
    VideoHasher,
)
from hashwalk.picture import Picture
from hashwalk.sampling import EveryKth
from hashwalk.testing import (
    Check,
    Example,
    conformance_checks,
    parametrize_with_checks,
)
from hashwalk.video import Frame, VideoInfo

EXAMPLES = [Example("00112233445566AA", source="a paper")]


class Mean(Format, PictureHasher):
    """A sound picture format: which of 8x8 cells are brighter than their mean."""

    spec = FormatSpec(
        id="mean",
        summary="a toy",
        kind=Kind.PICTURE,
        bits=64,
        distance=Hamming(),
        threshold=Threshold(8, "a paper"),
        licence="CC0-1.0",
        encodings=(Hex(64), Base64(64)),
        source="tests",
    )
    grey_sizes = frozenset({(8, 8)})

    def hash_picture(self, picture: Picture) -> Hash:
        cells = picture.grey_resized(8, 8)
        return Hash.of(self.spec.id, np.packbits(cells > cells.mean()).tobytes())


class Frames(Format, VideoHasher):
    """A sound video format: the mean hash of two frames a second."""

    spec = dataclasses.replace(Mean.spec, id="frames", kind=Kind.VIDEO, shape=Shape.FRAMES)
    sampling = EveryKth(0.5)
    grey_sizes = frozenset({(8, 8)})

    def distance_of_own(self, a: Hash, b: Hash) -> float:
        return float(a.parts != b.parts)

    def start_video(self, video: VideoInfo) -> "FramesSink":
        return FramesSink(self.spec.id)


class FramesSink:
    """Keeps one part a frame."""

    def __init__(self, format_id: str) -> None:
        self.id = format_id
        self.parts: list[Part] = []

    def update(self, frame: Frame) -> None:
        cells = frame.picture.grey_resized(8, 8)
        value = np.packbits(cells > cells.mean()).tobytes()
        self.parts.append(Part(value, None, frame.time_s, frame.index))

    def finish(self) -> Hash:
        if not self.parts:
            raise UnsupportedError("the video has no frames")
        return Hash(self.id, tuple(self.parts))


class Digest(Format, FileHasher):
    """A sound file format: the first half of an MD5."""

    spec = dataclasses.replace(
        Mean.spec, id="digest", kind=Kind.FILE, distance=Equality(), threshold=None
    )

    def start_file(self) -> "DigestSink":
        return DigestSink(self.spec.id)


class DigestSink:
    """Wraps hashlib."""

    def __init__(self, format_id: str) -> None:
        self.id = format_id
        self.md5 = hashlib.md5(usedforsecurity=False)

    def update(self, data: bytes | memoryview) -> None:
        self.md5.update(data)

    def finish(self) -> Hash:
        return Hash.of(self.id, self.md5.digest()[:8])


class Opaque(Format):
    """A sound format that can only be carried."""

    spec = dataclasses.replace(Mean.spec, id="opaque")


SOUND = [Mean(), Frames(), Digest(), Opaque()]


@parametrize_with_checks(*(conformance_checks(f, examples=EXAMPLES) for f in SOUND))
def test_a_sound_format_passes_every_check(check: Check) -> None:
    check()


def spec_with(base: type[Format], **changes: Any) -> type[Format]:
    return type("Changed", (base,), {"spec": dataclasses.replace(base.spec, **changes)})


class Biased(Distance):
    """No distance: it depends on the order."""

    name = "biased"

    def __call__(self, a: bytes, b: bytes) -> float:
        return float(a > b)


class Crossing(Distance):
    """No metric, though it says so: the square of a metric."""

    name = "crossing"

    def __call__(self, a: bytes, b: bytes) -> float:
        return float(int.from_bytes(a, "big") - int.from_bytes(b, "big")) ** 2


class Lossy(Encoding):
    """Loses the last byte, in a way of its own."""

    name = "lossy"

    def parse(self, text: str) -> bytes:
        return Hex(64).parse(text)

    def render(self, value: bytes) -> str:
        return Hex(64).render(value[:7] + b"\0")


class Repeating(Format):
    """Tells its secrets in errors."""

    spec = Opaque.spec

    def parse(self, text: str, encoding: str | None = None) -> Hash:
        try:
            return super().parse(text, encoding)
        except HashParseError:
            raise HashParseError(f"bad hash {text}") from None


class Lenient(Format):
    """Reads a hash that was cut short."""

    spec = Opaque.spec

    def parse_part(self, text: str, encoding: str | None = None) -> bytes:
        return super().parse_part(text.ljust(16, "0") if len(text) > 8 else text, encoding)


class Forgetful(Opaque):
    """Writes hashes otherwise than values, and wrongly."""

    def render(self, value: Hash, encoding: str | None = None) -> str:
        return super().render(value, encoding)[::-1]


class Secretive(Opaque):
    """Has a text form that it does not know again."""

    spec = dataclasses.replace(Opaque.spec, text_forms=("frames",))

    def parse(self, text: str, encoding: str | None = None) -> Hash:
        if encoding == "frames":
            return super().parse(text[::-1])
        return super().parse(text, encoding)

    def render(self, value: Hash, encoding: str | None = None) -> str:
        return super().render(value)[::-1] if encoding else super().render(value)


class Promiscuous(Format):
    """Compares apples with pears."""

    spec = Opaque.spec

    def check_own(self, value: Hash) -> None:
        pass


class Unpicklable(Mean):
    """Holds what cannot travel."""

    def __init__(self) -> None:
        self.key = lambda: None


class Strict(Mean):
    """Has a threshold that no hash meets."""

    def distance_of_own(self, a: Hash, b: Hash) -> float:
        return super().distance_of_own(a, b) + 9


class Untyped(Mean):
    """Gives a value that is not bytes."""

    def hash_picture(self, picture: Picture) -> Hash:
        return Hash.of(self.spec.id, bytearray(super().hash_picture(picture).value))  # type: ignore[arg-type]


class Remembering(Mean):
    """Has state: the second hash differs."""

    seen: ClassVar[list[int]] = []

    def hash_picture(self, picture: Picture) -> Hash:
        self.seen.append(1)
        return Hash.of(self.spec.id, len(self.seen).to_bytes(8, "big"))


class Scribbling(Mean):
    """Draws on the picture."""

    def hash_picture(self, picture: Picture) -> Hash:
        value = super().hash_picture(picture)
        picture.image.paste(0, (0, 0, 1, 1))
        return value


class Fragile(Mean):
    """Fails on small pictures in its own way."""

    def hash_picture(self, picture: Picture) -> Hash:
        if picture.width < 4:
            raise ValueError("too small")
        return super().hash_picture(picture)


class Speechless(Mean):
    """Refuses small pictures without a reason."""

    def hash_picture(self, picture: Picture) -> Hash:
        if picture.width < 4:
            raise UnsupportedError
        return super().hash_picture(picture)


class Colourful(Mean):
    """Takes RGB pictures only."""

    def hash_picture(self, picture: Picture) -> Hash:
        if len(picture.image.getbands()) != 3:
            raise IndexError("channel")
        return super().hash_picture(picture)


class Dividing(Mean):
    """Divides by zero on flat pictures."""

    def hash_picture(self, picture: Picture) -> Hash:
        np.float64(1) / np.float64(picture.grey.std())
        return super().hash_picture(picture)


class Sharing(Mean):
    """Hands its picture to another thread."""

    def hash_picture(self, picture: Picture) -> Hash:
        self.current = picture
        time.sleep(0.002)
        return super().hash_picture(self.current)


class Undeclared(Mean):
    """Asks for a plane that it did not declare."""

    grey_sizes = frozenset({(9, 8)})


def sink(**methods: Callable[..., Any]) -> type[FramesSink]:
    return type("ChangedSink", (FramesSink,), methods)


def with_sink(made: type[FramesSink]) -> type[Frames]:
    return type("ChangedFrames", (Frames,), {"start_video": lambda self, video: made("frames")})


def keep_frame(self: Any, frame: Frame) -> None:
    FramesSink.update(self, frame)
    self.__dict__.setdefault("kept", []).append(frame)


def crash_when_empty(self: Any) -> Hash:
    return Hash("frames", (self.parts[0], *self.parts[1:]))


def backwards(self: Any) -> Hash:
    return Hash("frames", tuple(reversed(FramesSink.finish(self).parts)))


class OneSink(Frames):
    """Uses one sink for all videos."""

    def start_video(self, video: VideoInfo) -> FramesSink:
        self.sink = FramesSink("frames")
        return SharedSink(self)


class SharedSink(FramesSink):
    """Feeds whatever sink was opened last."""

    def __init__(self, owner: OneSink) -> None:
        self.owner = owner

    def update(self, frame: Frame) -> None:
        self.owner.sink.update(frame)

    def finish(self) -> Hash:
        return self.owner.sink.finish()


class Ratey(Frames):
    """Needs to know the rate."""

    def start_video(self, video: VideoInfo) -> FramesSink:
        assert video.average_rate is not None
        return super().start_video(video)


class UndeclaredFrames(Frames):
    """Asks frames for a plane that it did not declare."""

    grey_sizes: frozenset[tuple[int, int]] = frozenset()


class LastChunk(Digest):
    """Hashes the last chunk only."""

    def start_file(self) -> DigestSink:
        return type("LastSink", (DigestSink,), {"update": last_chunk})("digest")


def last_chunk(self: DigestSink, data: bytes | memoryview) -> None:
    self.md5 = hashlib.md5(data, usedforsecurity=False)


class Demanding(Digest):
    """Fails on files without bytes."""

    def start_file(self) -> DigestSink:
        return type("DemandingSink", (DigestSink,), {"finish": demand})("digest")


def demand(self: DigestSink) -> Hash:
    if self.md5.digest() == hashlib.md5(b"", usedforsecurity=False).digest():
        raise ZeroDivisionError
    return DigestSink.finish(self)


FLAWED: list[tuple[type[Format], str, str]] = [
    (spec_with(Opaque, summary=" "), "spec", "summary"),
    (spec_with(Opaque, id="Opaque One"), "spec", "id"),
    (spec_with(Opaque, licence=""), "spec", "licence"),
    (spec_with(Opaque, source="two\nlines"), "spec", "source"),
    (spec_with(Opaque, version=0), "spec", "version"),
    (spec_with(Opaque, bits=0), "spec", "bits"),
    (spec_with(Opaque, encodings=(Hex(64), Hex(64))), "spec", "same name"),
    (spec_with(Opaque, threshold=Threshold(8, "")), "spec", "Threshold has no source"),
    (spec_with(Opaque, quality_floor=QualityFloor(-1, "x")), "spec", "QualityFloor is negative"),
    (spec_with(Mean, kind=Kind.VIDEO), "capability", "of kind video but computes from picture"),
    (spec_with(Opaque, encodings=(Lossy(),)), "examples", "second time"),
    (Lenient, "garbage", "without its last character is taken"),
    (Repeating, "garbage", "repeats"),
    (spec_with(Mean, encodings=(Hex(64), Lossy())), "encodings", "read as lossy"),
    (Forgetful, "whole-texts", "changes when written and read as None"),
    (Secretive, "whole-texts", "read only if it is said to be frames"),
    (spec_with(Mean, bits=60), "sizes", "bits set beyond"),
    (spec_with(Mean, bits=72), "sizes", "8 bytes"),
    (Untyped, "sizes", "bytearray"),
    (spec_with(Mean, quality_floor=QualityFloor(5, "x")), "sizes", "no quality"),
    (spec_with(Mean, shape=Shape.FRAMES), "sizes", "times do not fit"),
    (spec_with(Frames, shape=Shape.WHOLE), "sizes", "6 parts"),
    (spec_with(Mean, distance=Biased()), "distance", "back"),
    (spec_with(Mean, distance=Crossing()), "distance", "triangle"),
    (Strict, "distance", "itself is not 0"),
    (Strict, "self-match", "does not match itself"),
    (Promiscuous, "refusal", "takes a hash that is not"),
    (Unpicklable, "pickling", "Can't pickle"),
    (Remembering, "picture-determinism", "second hash"),
    (Scribbling, "picture-untouched", "changes a picture"),
    (Fragile, "picture-sizes", "ValueError: too small"),
    (Speechless, "picture-sizes", "without a reason"),
    (Colourful, "picture-modes", "IndexError: channel"),
    (Dividing, "flat-pictures", "RuntimeWarning"),
    (Undeclared, "grey-sizes", "8x8"),
    (Sharing, "threads", "differ"),
    (OneSink, "video-determinism", "by turns"),
    (with_sink(sink(finish=crash_when_empty)), "short-videos", "IndexError"),
    (Ratey, "raw-video", "frames"),
    (with_sink(sink(update=keep_frame)), "streaming", "5 of 6 frames are kept"),
    (with_sink(sink(finish=backwards)), "frame-list", "not in order"),
    (UndeclaredFrames, "video-grey-sizes", "8x8"),
    (LastChunk, "chunks", "another hash"),
    (Demanding, "empty-file", "ZeroDivisionError"),
]


def checks_of(
    candidate: Format,
    examples: list[Example] = EXAMPLES,
    expected_failures: Mapping[str, str] | None = None,
) -> dict[str, Check]:
    found: Iterator[Check] = conformance_checks(
        candidate, examples=examples, expected_failures=expected_failures or {}
    )
    return {check.name: check for check in found}


@pytest.mark.parametrize(
    ("flawed", "name", "reason"), FLAWED, ids=[f"{n}-{f.__name__}" for f, n, _ in FLAWED]
)
def test_a_check_catches_its_flaw_and_names_format_and_reason(
    flawed: type[Format], name: str, reason: str
) -> None:
    candidate = flawed()
    with pytest.raises(AssertionError) as caught:
        checks_of(candidate)[name]()
    assert str(caught.value).startswith(f"{candidate.spec.id}: ")
    assert reason in str(caught.value)


def test_every_check_has_a_flaw_that_it_catches() -> None:
    names = {name for candidate in SOUND for name in checks_of(candidate)}
    assert names == {name for _, name, _ in FLAWED}


def test_an_expected_failure_is_no_error() -> None:
    checks_of(Fragile(), expected_failures={"picture-sizes": "known"})["picture-sizes"]()


def test_an_expected_failure_that_passes_is_an_error() -> None:
    check = checks_of(Mean(), expected_failures={"picture-sizes": "known"})["picture-sizes"]
    with pytest.raises(AssertionError, match="passes, though it is expected to fail"):
        check()


@pytest.mark.parametrize("expected", [{"pictures": "known"}, {"picture-sizes": " "}])
def test_an_expected_failure_must_name_a_check_and_a_reason(expected: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="expected failure"):
        checks_of(Mean(), expected_failures=expected)


def test_in_pytest_an_expected_failure_is_a_strict_xfail() -> None:
    checks = conformance_checks(
        Fragile(), examples=EXAMPLES, expected_failures={"picture-sizes": "known"}
    )
    cases = parametrize_with_checks(checks).args[1]
    marked = [case for case in cases if case.marks]
    assert [case.id for case in marked] == ["mean-picture-sizes"]
    assert marked[0].marks[0].kwargs["strict"] is True
    assert marked[0].marks[0].kwargs["reason"] == "known"
    with pytest.raises(AssertionError, match="too small"):
        marked[0].values[0]()


def test_the_kit_works_without_pytest() -> None:
    program = "import sys, hashwalk.testing; print('pytest' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"
