"""Which frames a sampling picks."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.errors import UsageError
from hashwalk.sampling import AllFrames, AtInterval, EveryKth, KeyFrames, Sampling

RATE = Fraction(25)

times = st.lists(st.floats(0, 1000), min_size=1, max_size=80).map(sorted)
intervals = st.floats(0.01, 100)


def picked(sampling: Sampling, shown_at: list[float], rate: Fraction = RATE) -> list[int]:
    """Return the numbers of the frames that `sampling` picks; every tenth is a key frame."""
    wanted = sampling.selector(rate)
    return [i for i, t in enumerate(shown_at) if wanted(i, t, i % 10 == 0)]


def passed(time_s: float, seconds: float) -> int:
    """Return the last mark that a frame is at or after."""
    return int((time_s + 0.001) / seconds + 1e-6)


def test_all_frames_are_all_frames() -> None:
    assert picked(AllFrames(), [0.0, 0.1, 0.5]) == [0, 1, 2]


def test_key_frames_are_what_the_codec_marks() -> None:
    assert picked(KeyFrames(), [i / 25 for i in range(25)]) == [0, 10, 20]


def test_only_the_sampling_of_key_frames_needs_nothing_else() -> None:
    needs = [s.key_frames_only for s in (KeyFrames(), AllFrames(), EveryKth(1), AtInterval(1))]
    assert needs == [True, False, False, False]


@pytest.mark.parametrize(
    ("seconds", "rate", "step"),
    [
        (1.0, Fraction(25), 25),
        (1.0, Fraction(30000, 1001), 29),
        (0.0, Fraction(25), 1),
        (0.01, Fraction(25), 1),
        (2.5, Fraction(24), 60),
    ],
)
def test_every_kth_counts_frames_as_vpdq_does(seconds: float, rate: Fraction, step: int) -> None:
    """k is seconds x rate rounded down, at least 1; times are ignored."""
    shown_at = [0.0] * 130
    assert picked(EveryKth(seconds), shown_at, rate) == list(range(0, 130, step))


def test_a_steady_video_gives_one_frame_an_interval() -> None:
    shown_at = [i / 25 for i in range(100)]
    assert picked(AtInterval(1.0), shown_at) == [0, 25, 50, 75]
    assert picked(AtInterval(0.5), shown_at) == [0, 13, 25, 38, 50, 63, 75, 88]


def test_the_frame_at_or_after_a_mark_is_picked_not_the_one_before() -> None:
    assert picked(AtInterval(1.0), [0.0, 0.7, 0.99, 1.02, 1.5, 2.0]) == [0, 3, 5]


def test_a_gap_is_not_caught_up_with() -> None:
    """After a still of five seconds one frame stands for all marks that passed."""
    shown_at = [0.0, 5.5, 5.6, 5.7, 5.8, 6.1]
    assert picked(AtInterval(1.0), shown_at) == [0, 1, 5]


def test_a_mark_is_met_in_spite_of_rounding() -> None:
    """0.1 + 0.1 + 0.1 is not 0.3, and yet frame 3 of ten a second is at 0.3 s."""
    shown_at = [sum([0.1] * i) for i in range(10_000)]
    assert picked(AtInterval(0.3), shown_at) == list(range(0, 10_000, 3))


def test_a_mark_is_met_in_spite_of_a_clock_of_milliseconds() -> None:
    """A fifteenth of a second as whole nanoseconds, then cut: frame 15 is at 0.999 s."""
    shown_at = [i * 66_666_666 // 1_000_000 / 1000 for i in range(600)]
    assert picked(AtInterval(1.0), shown_at) == list(range(0, 600, 15))


def test_a_frame_more_than_a_millisecond_early_is_not_at_the_mark() -> None:
    assert picked(AtInterval(1.0), [0.0, 0.998, 0.9991, 1.0]) == [0, 2]


def test_of_a_tiny_interval_a_frame_may_be_a_quarter_early() -> None:
    assert picked(AtInterval(0.001), [0.0, 0.0007, 0.0008]) == [0, 2]


def test_times_before_the_start_belong_to_the_first_mark() -> None:
    assert picked(AtInterval(1.0), [-0.2, -0.1, 0.0, 0.5, 1.0]) == [0, 4]


@given(times, intervals)
def test_the_first_frame_is_always_picked(shown_at: list[float], seconds: float) -> None:
    assert picked(AtInterval(seconds), shown_at)[0] == 0


@given(times, intervals)
def test_two_picked_frames_have_a_mark_between_them(shown_at: list[float], seconds: float) -> None:
    marks = [passed(shown_at[i], seconds) for i in picked(AtInterval(seconds), shown_at)]
    assert marks == sorted(set(marks))


@given(times, intervals)
def test_every_mark_that_was_passed_has_its_frame(shown_at: list[float], seconds: float) -> None:
    """The first frame at or after any mark is among those picked."""
    chosen = picked(AtInterval(seconds), shown_at)
    for mark in {passed(t, seconds) for t in shown_at}:
        first = next(i for i, t in enumerate(shown_at) if passed(t, seconds) >= mark)
        assert first in chosen


def test_selectors_of_two_videos_share_nothing() -> None:
    sampling = AtInterval(1.0)
    assert picked(sampling, [0.0, 1.0]) == picked(sampling, [0.0, 1.0]) == [0, 1]


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_an_interval_that_makes_no_sense_is_refused(seconds: float) -> None:
    with pytest.raises(UsageError, match="positive number of seconds"):
        AtInterval(seconds)
