"""Any picture format becomes a video format: at an interval, or of the key frames."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from hashwalk.distances import Equality
from hashwalk.encodings import Hex
from hashwalk.errors import HashParseError, UnknownFormatError, UnreadableError, UnsupportedError
from hashwalk.format import Format, FormatSpec, Hash, Kind, PictureHasher, Shape, VideoHasher
from hashwalk.hashing import hash_file
from hashwalk.picture import Picture
from hashwalk.registry import get_format
from hashwalk.testing import make_frame, make_picture
from hashwalk.video import Frame, VideoInfo
from hashwalk_formats.framewise import FRAMEWISE, KEYFRAMES, Framewise

INFO = VideoInfo(96, 64, None, None, None, codec="h264", pixel_format="yuv420p")


class Brightest(Format, PictureHasher):
    """A third party's format without threshold that refuses pictures with a black corner."""

    spec = FormatSpec(
        id="brightest",
        summary="the brightest red",
        kind=Kind.PICTURE,
        bits=8,
        distance=Equality(),
        threshold=None,
        licence="MIT",
        encodings=(Hex(8),),
        source="this test",
    )
    grey_sizes = frozenset({(3, 2)})

    def hash_picture(self, picture: Picture) -> Hash:
        if not picture.rgb[0, 0].any():
            raise UnsupportedError("the corner is black")
        return Hash.of(self.spec.id, bytes([picture.rgb[..., 0].max()]))


FORMATS: dict[str, Format] = {"brightest": Brightest()}


def pictures(*seeds: int | None) -> Iterator[Frame]:
    """Yield a frame a second, those of no seed with a black corner."""
    for index, seed in enumerate(seeds):
        pixels = make_picture(seed=seed or 0).rgb.copy()
        if seed is None:
            pixels[0, 0] = 0
        yield make_frame(Picture.from_rgb(pixels), index, Fraction(1))


def hash_frames(frames: Iterator[Frame]) -> Hash:
    composed = FRAMEWISE.make("brightest@1", FORMATS)
    assert isinstance(composed, Framewise)
    sink = composed.start_video(INFO)
    for frame in frames:
        sink.update(frame)
    return sink.finish()


def test_each_sampled_frame_has_the_picture_format_s_hash(vectors_folder: Path) -> None:
    path = vectors_folder / "clips/blend-hevc-2997fps.mp4"
    (computed,) = hash_file(path, ["framewise:phash@2"]).hashes
    phash = get_format("phash")
    assert isinstance(phash, PictureHasher)
    expected, due = [], 0.0
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if frame.time is not None and frame.time >= due - 1e-6:
                picture = Picture.from_rgb(frame.to_ndarray(format="rgb24"))
                expected.append((index, phash.hash_picture(picture).value))
                due += 2
    assert [(p.index, p.value) for p in computed.parts] == expected
    assert [p.time_s for p in computed.parts] == pytest.approx([0, 2, 4, 6], abs=0.05)


def test_key_frames_are_those_of_the_container(vectors_folder: Path) -> None:
    path = vectors_folder / "clips/fractal-h264-30fps.mp4"
    (computed,) = hash_file(path, ["keyframes:dhash"]).hashes
    with av.open(str(path)) as container:
        times = [f.time for f in container.decode(video=0) if f.key_frame]
    assert [p.time_s for p in computed.parts] == pytest.approx(times)


def test_quality_is_that_of_the_frame() -> None:
    composed = get_format("framewise:pdq@1")
    assert isinstance(composed, VideoHasher)
    sink = composed.start_video(INFO)
    for frame in pictures(1, 2):
        sink.update(frame)
    assert [p.quality for p in sink.finish().parts] == [100, 100]


def test_the_spec_follows_from_the_picture_format() -> None:
    pdq, composed = get_format("pdq").spec, get_format("framewise:pdq@0.5").spec
    assert composed.id == "framewise:pdq@0.5"
    assert (composed.kind, composed.shape) == (Kind.VIDEO, Shape.FRAMES)
    for name in ("bits", "encodings", "quality_floor", "licence"):
        assert getattr(composed, name) == getattr(pdq, name)
    assert composed.threshold is not None
    assert composed.threshold.value == 0.2
    assert "each within 31" in composed.threshold.source


def test_without_a_threshold_there_is_no_verdict_and_equal_frames_match() -> None:
    composed = FRAMEWISE.make("brightest@1", FORMATS)
    value = hash_frames(pictures(1, 2))
    assert composed.compare(value, value).match is None
    assert composed.distance(value, value) == 0


def test_a_third_party_s_format_is_composed_with_the_planes_it_asks_for() -> None:
    for family, rest in ((FRAMEWISE, "brightest@1"), (KEYFRAMES, "brightest")):
        composed = family.make(rest, FORMATS)
        assert isinstance(composed, VideoHasher)
        assert composed.spec.id == f"{family.prefix}:{rest}"
        assert composed.grey_sizes == {(3, 2)}


def test_a_frame_that_cannot_be_hashed_is_left_out() -> None:
    assert [p.index for p in hash_frames(pictures(1, None, 2)).parts] == [0, 2]


def test_a_video_of_which_no_frame_can_be_hashed_is_unsupported() -> None:
    with pytest.raises(UnsupportedError, match="no frame can be hashed: the corner is black"):
        hash_frames(pictures(None, None))


def test_a_video_without_frames_is_unreadable() -> None:
    with pytest.raises(UnreadableError, match="no frame of the video could be decoded"):
        hash_frames(pictures())


def test_the_text_is_a_line_a_frame_in_the_picture_format_s_encoding() -> None:
    composed = FRAMEWISE.make("brightest@1", FORMATS)
    text = "0,,ff,0.000\n30,,fe,1.001"
    value = composed.parse(text)
    assert [(p.index, p.value, p.time_s) for p in value.parts] == [
        (0, b"\xff", 0.0),
        (30, b"\xfe", 1.001),
    ]
    assert composed.render(value) == composed.render(value, "frame-lines") == text


def test_values_that_hold_commas_read_back() -> None:
    composed = get_format("framewise:cv-color-moment@1")
    assert isinstance(composed, VideoHasher)
    sink = composed.start_video(INFO)
    for frame in pictures(1, 2):
        sink.update(frame)
    value = sink.finish()
    assert composed.parse(composed.render(value)) == value


@pytest.mark.parametrize("inner", ["crop-resistant", "pdq-dihedral"])
def test_all_values_of_a_frame_are_in_the_list_with_its_time(inner: str) -> None:
    composed, picture_format = get_format(f"framewise:{inner}@1"), get_format(inner)
    assert isinstance(composed, VideoHasher)
    assert isinstance(picture_format, PictureHasher)
    sink = composed.start_video(INFO)
    expected = []
    for frame in pictures(1, 2):
        sink.update(frame)
        parts = picture_format.hash_picture(frame.picture).parts
        expected += [(frame.index, frame.time_s, p.value, p.quality) for p in parts]
    value = sink.finish()
    assert [(p.index, p.time_s, p.value, p.quality) for p in value.parts] == expected
    assert composed.parse(composed.render(value)) == value
    assert composed.compare(value, value).match


def test_turned_frames_match_in_eight_orientations() -> None:
    composed = get_format("framewise:pdq-dihedral@1")
    assert isinstance(composed, VideoHasher)
    found = []
    for turns in (0, 1):
        sink = composed.start_video(INFO)
        for frame in pictures(1, 2):
            pixels = np.rot90(frame.picture.rgb, turns)
            sink.update(make_frame(Picture.from_rgb(pixels.copy()), frame.index, Fraction(1)))
        found.append(sink.finish())
    assert composed.compare(*found).match
    assert composed.distance(*found) == pytest.approx(
        one_by_one(get_format("pdq-dihedral"), *found, tolerance=31)
    )


def one_by_one(inner: Format, a: Hash, b: Hash, tolerance: float) -> float:
    """Return 1 less the greater share, by the distance that the spec declares."""
    values = [list(dict.fromkeys(p.value for p in x.parts)) for x in (a, b)]
    near = [[inner.spec.distance(x, y) <= tolerance for y in values[1]] for x in values[0]]
    rows, columns = [any(row) for row in near], [any(c) for c in zip(*near, strict=True)]
    return 1 - max(sum(rows) / len(rows), sum(columns) / len(columns))


@pytest.mark.parametrize("inner", ["brightest", "pdq"])
def test_lists_of_one_value_a_frame_hold_each_frame_once(inner: str) -> None:
    composed = FRAMEWISE.make(f"{inner}@1", {**FORMATS, "pdq": get_format("pdq")})
    digits = "ff" * ((composed.spec.bits or 8) // 8)
    with pytest.raises(HashParseError, match="do not increase"):
        composed.parse(f"0,,{digits},0\n0,,{digits},0")


@pytest.mark.parametrize(
    ("format_id", "reason"),
    [
        ("framewise:pdq@1.0", "write framewise:pdq@1: one format has one id"),
        ("framewise:pdq@01", "write framewise:pdq@1: one format has one id"),
        ("framewise:pdq@1e1", "write framewise:pdq@10: one format has one id"),
        ("framewise:pdq@0.50", "write framewise:pdq@0.5: one format has one id"),
        ("framewise:pdq@\u0663", "write framewise:pdq@3: one format has one id"),
        ("framewise:pdq@0", "a number from 0.001 to 86400"),
        ("framewise:pdq@-1", "a number from 0.001 to 86400"),
        ("framewise:pdq@inf", "a number from 0.001 to 86400"),
        ("framewise:pdq@nan", "a number from 0.001 to 86400"),
        ("framewise:pdq@sNaN", "a number from 0.001 to 86400"),
        ("framewise:pdq@1e999999", "a number from 0.001 to 86400"),
        ("framewise:pdq@", "a number from 0.001 to 86400"),
        ("framewise:pdq", "write framewise:<picture format>@<seconds>"),
        ("framewise:@1", "write framewise:<picture format>@<seconds>"),
        ("framewise:nope@1", "no format 'nope'"),
        ("framewise:md5@1", "md5 does not compute hashes of pictures"),
        ("framewise:vpdq@1", "vpdq does not compute hashes of pictures"),
        ("keyframes:framewise:pdq@1", "framewise:pdq@1 does not compute hashes of pictures"),
        ("keyframes:nope", "no format 'nope'"),
    ],
)
def test_an_id_that_cannot_be_made_says_why(format_id: str, reason: str) -> None:
    with pytest.raises(UnknownFormatError) as refused:
        get_format(format_id)
    assert reason in str(refused.value)


def test_the_examples_of_the_families_can_be_made() -> None:
    for family in (FRAMEWISE, KEYFRAMES):
        for example in family.examples:
            assert get_format(example).spec.id == example
