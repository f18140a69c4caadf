"""TMK+PDQF equals its C++ commands: frames, vectors byte for byte, and scores."""

from __future__ import annotations

import base64
import itertools
import timeit
import tracemalloc
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk.errors import FormatMismatchError, HashParseError, UnreadableError
from hashwalk.format import Hash
from hashwalk.hashing import hash_file
from hashwalk.picture import Picture
from hashwalk.testing import make_frame, make_pixels
from hashwalk.video import VideoInfo
from hashwalk_formats import tmk_score
from hashwalk_formats.tmk import TMK_PDQF
from hashwalk_formats.tmk_vector import (
    COEFFICIENTS,
    DIMENSION,
    PERIODS,
    VECTOR_BYTES,
    TmkVector,
    kernel_weights,
)

FILES = {
    "fractal-h264-30fps.mp4": "fractal-h264-30fps.tmk",
    "life-mpeg4-15fps.avi": "life-mpeg4-15fps.tmk",
    "portrait-h264-60fps.mp4": "portrait-h264-60fps.tmk",
    "variable-rate-h264.mkv": "variable-rate-h264.tmk",
}


@pytest.fixture(scope="module")
def computed(vectors_folder: Path, clip_names: list[str]) -> dict[str, Hash]:
    """The hashes computed here of all clips."""
    return {
        name: hash_file(vectors_folder / "clips" / name, ["tmk-pdqf"]).hashes[0]
        for name in clip_names
    }


@pytest.fixture(scope="module")
def written(vectors_folder: Path) -> dict[str, bytes]:
    """The files that the reference wrote, by clip."""
    return {clip: (vectors_folder / "tmk" / file).read_bytes() for clip, file in FILES.items()}


def test_frame_count_and_mean_are_the_reference_s(
    clip_name: str, computed: dict[str, Hash], vectors: dict[str, Any]
) -> None:
    """Also of the flat clip, whose coefficients are nothing but rounding errors."""
    vector, expected = (
        TmkVector.from_bytes(computed[clip_name].value),
        vectors["clips"][clip_name]["tmk"],
    )
    assert vector.frame_count == expected["frames"]
    assert vector.mean[:8].tolist() == expected["level1_mean_first8"]


@pytest.mark.parametrize("name", FILES)
def test_the_vector_is_the_reference_s_file(
    name: str, computed: dict[str, Hash], written: dict[str, bytes]
) -> None:
    assert computed[name].value == written[name]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_read_and_written_stays_as_it_is(
    name: str, written: dict[str, bytes]
) -> None:
    content = written[name]
    assert TmkVector.from_bytes(content).to_bytes() == content
    assert TMK_PDQF.read_file(content) == Hash.of("tmk-pdqf", content)
    assert TMK_PDQF.parse(base64.b64encode(content).decode()).value == content


def test_scores_are_the_reference_s(computed: dict[str, Hash], vectors: dict[str, Any]) -> None:
    assert len(vectors["tmk_scores"]) == len(list(itertools.combinations(computed, 2)))
    for a, b, level1, level2 in vectors["tmk_scores"]:
        scores = TMK_PDQF.scores(computed[a], computed[b])
        assert scores.level1 == pytest.approx(level1, abs=2e-6), (a, b)
        assert scores.level2 == pytest.approx(level2, abs=2e-6), (a, b)


def test_a_video_scores_1_with_itself(computed: dict[str, Hash]) -> None:
    for value in computed.values():
        assert TMK_PDQF.scores(value, value) == pytest.approx((1, 1), abs=1e-5)
        assert TMK_PDQF.distance(value, value) == 0


def test_a_pair_is_compared_in_5_milliseconds(computed: dict[str, Hash]) -> None:
    """At best: where other programs are at work, products of matrices wait for a second thread."""
    a, b, *_ = computed.values()
    assert min(timeit.repeat(lambda: TMK_PDQF.distance(a, b), number=1, repeat=200)) < 0.005


def test_a_match_takes_both_scores(computed: dict[str, Hash]) -> None:
    clip, copy, other = (
        computed[n]
        for n in (
            "fractal-h264-30fps.mp4",
            "fractal-recompressed-24fps.mp4",
            "rotated-h264-60fps.mp4",
        )
    )
    assert TMK_PDQF.compare(clip, copy).match is True
    assert TMK_PDQF.compare(clip, other).match is False
    assert TMK_PDQF.distance(clip, copy) == 1 - min(TMK_PDQF.scores(clip, copy))


def test_searching_finds_what_comparing_one_by_one_finds(computed: dict[str, Hash]) -> None:
    vectors = [TmkVector.from_bytes(value.value) for value in computed.values()]
    for query in vectors:
        found = {f.number: f.scores for f in tmk_score.search(query, vectors * 4, floor=0.7)}
        one_by_one = {
            number: scores
            for number, vector in enumerate(vectors * 4)
            if (scores := tmk_score.scores(query, vector)).level1 >= 0.7
        }
        assert found.keys() == one_by_one.keys()
        for number, scores in found.items():
            assert scores == pytest.approx(one_by_one[number], abs=1e-6)
    assert list(tmk_score.search(vectors[0], [], floor=0.7)) == []


def brute_force_level2(a: TmkVector, b: TmkVector) -> float:
    """Return the kernel's maximum, shift by shift, as it is defined."""
    wave = np.arange(COEFFICIENTS)
    highest = -np.inf
    for n, period in enumerate(PERIODS):
        aligned = (a.cos[n] * b.cos[n] + a.sin[n] * b.sin[n]).sum(1, dtype=float)
        across = (a.sin[n] * b.cos[n] - a.cos[n] * b.sin[n]).sum(1, dtype=float)
        for shift in range(period):
            angle = 2 * np.pi * wave * shift / period
            highest = max(highest, (np.cos(angle) * aligned + np.sin(angle) * across).sum())
    weights = kernel_weights()
    return float(highest / (weights[0] + 2 * weights[1:].sum()))


def test_level_2_is_the_kernel_s_maximum_over_all_shifts(written: dict[str, bytes]) -> None:
    a, b = (TmkVector.from_bytes(written[name]) for name in list(FILES)[:2])
    assert tmk_score.scores(a, b).level2 == pytest.approx(brute_force_level2(a, b), abs=1e-6)


VIDEO = VideoInfo(64, 64, Fraction(15), Fraction(15), None, codec="h264", pixel_format="yuv420p")


def hash_pixels(frames: Iterator[np.ndarray[Any, Any]]) -> Hash:
    sink = TMK_PDQF.start_video(VIDEO)
    for index, pixels in enumerate(frames):
        sink.update(make_frame(Picture.from_rgb(pixels), index, Fraction(15)))
    return sink.finish()


@pytest.mark.parametrize("level", [0, 128, 255])
def test_frames_of_one_colour_give_finite_numbers(level: int) -> None:
    flat = hash_pixels(np.full((64, 64, 3), level, np.uint8) for _ in range(5))
    picture = hash_pixels(make_pixels(64, 64, 3) for _ in range(5))
    vector = TmkVector.from_bytes(flat.value)
    assert np.isfinite(vector.cos).all()
    assert np.abs(vector.mean).max() < 0.01
    assert np.isfinite(TMK_PDQF.scores(flat, picture)).all()
    assert TMK_PDQF.compare(flat, picture).match is False
    assert TMK_PDQF.compare(flat, flat).match is True


def test_black_frames_count_but_add_nothing() -> None:
    black = np.zeros((64, 64, 3), np.uint8)
    shown = make_pixels(64, 64, 3)
    half = TmkVector.from_bytes(hash_pixels(iter([shown, black])).value)
    whole = TmkVector.from_bytes(hash_pixels(iter([shown])).value)
    assert half.frame_count == 2 * whole.frame_count
    np.testing.assert_allclose(half.mean * 2, whole.mean, rtol=1e-6)
    np.testing.assert_array_equal(half.cos, whole.cos)


def test_a_video_without_frames_is_unreadable() -> None:
    with pytest.raises(UnreadableError, match="no frame of the video could be decoded"):
        hash_pixels(iter(()))


def test_memory_does_not_grow_with_length() -> None:
    pixels = [make_pixels(64, 64, seed) for seed in range(4)]

    def peak(frames: int) -> int:
        tracemalloc.start()
        hash_pixels(pixels[index % 4] for index in range(frames))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(20)
    assert peak(600) < peak(60) + 100_000


Damage = Callable[[bytes], bytes]
DAMAGED: dict[str, Damage] = {
    "263344 bytes": lambda content: content[:-1],
    "do not begin": lambda content: b"TMK1FVECPDQG" + content[12:],
    "other TMK parameters": lambda content: content[:12] + b"\x1e" + content[13:],
    "another kernel": lambda content: content[:48] + b"\1" + content[49:],
    "numbers that no video gives": lambda content: content[:-4] + b"\0\0\xc0\x7f",
}


@pytest.mark.parametrize("reason", DAMAGED)
def test_what_is_no_vector_is_refused(reason: str, written: dict[str, bytes]) -> None:
    damaged = DAMAGED[reason](written["life-mpeg4-15fps.avi"])
    with pytest.raises(HashParseError, match=reason):
        TMK_PDQF.read_file(damaged)
    with pytest.raises(HashParseError):
        TMK_PDQF.parse(base64.b64encode(damaged).decode())


def test_values_that_are_no_vectors_are_not_compared(written: dict[str, bytes]) -> None:
    good = Hash.of("tmk-pdqf", written["life-mpeg4-15fps.avi"])
    with pytest.raises(FormatMismatchError, match="no TMK"):
        TMK_PDQF.distance(good, Hash.of("tmk-pdqf", bytes(VECTOR_BYTES)))


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), frame_count=st.integers(1, 2**31 - 1))
def test_every_vector_survives_as_bytes(seed: int, frame_count: int) -> None:
    rng = np.random.default_rng(seed)
    cos, sin = rng.uniform(-1, 1, (2, len(PERIODS), COEFFICIENTS, DIMENSION)).astype(np.float32)
    mean = rng.normal(0, 100, DIMENSION).astype(np.float32)
    again = TmkVector.from_bytes(TmkVector(frame_count, mean, cos, sin).to_bytes())
    assert again.frame_count == frame_count
    for ours, theirs in zip((mean, cos, sin), (again.mean, again.cos, again.sin), strict=True):
        np.testing.assert_array_equal(ours, theirs)
