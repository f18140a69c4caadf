"""The difference of two rates measured apart has Newcombe's interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from hashwalk_bench.comparing.unpaired import difference
from hashwalk_bench.statistics.model import Interval, Rate
from hashwalk_bench.statistics.proportions import exact_rate, no_trials

counts = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def wilson(hits: int, trials: int) -> Rate:
    found = binomtest(hits, trials).proportion_ci(0.95, method="wilson")
    interval = Interval(low=float(found.low), high=float(found.high), method="Wilson")
    return Rate(hits=hits, trials=trials, value=hits / trials, interval=interval)


def ends(before: Rate, after: Rate) -> tuple[float, float]:
    found = difference(before, after)
    assert found is not None
    return found.low, found.high


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ],
)
def test_of_wilson_s_intervals_it_is_what_newcombe_s_table_has(
    one: tuple[int, int], other: tuple[int, int], expected: tuple[float, float]
) -> None:
    """Statistics in Medicine 17 (1998), table II, method 10: one less the other."""
    assert ends(wilson(*other), wilson(*one)) == pytest.approx(expected, abs=6e-5)


@given(counts, counts)
def test_it_holds_the_difference_and_turns_with_its_sides(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    before, after = exact_rate(*one), exact_rate(*other)
    assert before.value is not None
    assert after.value is not None
    low, high = ends(before, after)
    assert -1 <= low <= after.value - before.value <= high <= 1
    assert ends(after, before) == pytest.approx((-high, -low))


def test_it_covers_the_true_difference_at_least_19_times_in_20() -> None:
    random = np.random.default_rng(3)
    before, after = random.binomial(60, 0.8, 400), random.binomial(90, 0.7, 400)
    found = [
        ends(exact_rate(int(b), 60), exact_rate(int(a), 90))
        for b, a in zip(before, after, strict=True)
    ]
    assert sum(low <= -0.1 <= high for low, high in found) >= 0.95 * 400


def test_what_cannot_be_told_has_no_difference() -> None:
    assert difference(no_trials(), exact_rate(1, 2)) is None
    assert difference(exact_rate(1, 2), no_trials()) is None
