"""Curves of histograms: exact with ties, and as sure as nodes let them be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from hashwalk_bench.statistics.curves import auc, eer, normal_deviate, roc
from hashwalk_bench.statistics.node_draws import Draws, drawn_quantity, drawn_share
from hashwalk_bench.statistics.thresholds import chosen_bin, threshold_for
from hashwalk_bench.statistics.unrelated import effective_bits, moments

histograms = st.lists(st.integers(0, 20), min_size=6, max_size=6).filter(any)


@given(histograms, histograms)
def test_the_area_is_the_share_of_pairs_in_order_with_ties_half(a: list[int], b: list[int]) -> None:
    near, far = np.repeat(np.arange(6), a), np.repeat(np.arange(6), b)
    expected = mannwhitneyu(far, near).statistic / (len(near) * len(far))
    assert auc(roc(np.array(a), np.array(b))) == pytest.approx(expected)


def test_what_has_no_hash_is_missed_at_every_threshold() -> None:
    curve = roc(np.array([5, 0]), np.array([0, 5]), 10, 20)
    assert curve.recall.tolist() == [0, 0.5, 0.5, 1]
    assert curve.collisions.tolist() == [0, 0, 0.25, 1]


def test_the_equal_error_rate_lies_where_the_line_between_thresholds_crosses() -> None:
    assert eer(roc(np.array([10, 0]), np.array([0, 10]))) == 0
    assert eer(roc(np.array([10, 10]), np.array([10, 10]))) == pytest.approx(0.5)
    assert eer(roc(np.array([8, 2]), np.array([2, 8]))) == pytest.approx(0.2)
    # From (0, .6) to (.4, 0) in collisions and misses: equal at .24.
    assert eer(roc(np.array([4, 6]), np.array([0, 4]), 10, 10)) == pytest.approx(0.24)


def test_many_histograms_at_once_give_what_each_gives() -> None:
    rng = np.random.default_rng(0)
    near, far = rng.integers(0, 9, (2, 5, 7))
    many = roc(near, far)
    assert auc(many) == pytest.approx(
        [float(auc(roc(a, b))) for a, b in zip(near, far, strict=True)]
    )
    assert eer(many) == pytest.approx(
        [float(eer(roc(a, b))) for a, b in zip(near, far, strict=True)]
    )


def test_normal_deviates_are_quantiles() -> None:
    assert normal_deviate(np.array([0.5, 0.975, 0.0])) == pytest.approx([0, 1.959964, -np.inf])


def test_independent_bits_are_all_effective_and_doubled_ones_half() -> None:
    rng = np.random.default_rng(1)
    free = rng.binomial(64, 0.5, 200_000)
    doubled = 2 * rng.binomial(32, 0.5, 200_000)
    bits = [effective_bits(np.bincount(d, minlength=65), 64) for d in (free, doubled)]
    assert bits == pytest.approx([64, 32], rel=0.02)
    assert np.isnan(effective_bits(np.eye(65)[3], 64))


def test_moments_are_those_of_the_values() -> None:
    values = np.repeat([0.0, 0.5, 2.0], [3, 1, 4])
    mean, variance = moments(np.array([3, 1, 4]), np.array([0.0, 0.5, 2.0]))
    assert (mean, variance) == (pytest.approx(values.mean()), pytest.approx(values.var()))


def test_draws_of_pairs_are_sums_over_pairs_of_different_drawn_nodes() -> None:
    """By copying nodes: a pair of two copies of one node is none, one inside a node is kept."""
    counts = np.random.default_rng(2).integers(0, 9, (5, 5, 3))
    draws = Draws.of(5, seed=3, draws=4)
    for weights, found in zip(draws.weights, draws.of_pairs(counts), strict=True):
        drawn = np.repeat(np.arange(5), weights.astype(int))
        across = sum(counts[i, j] for i in drawn for j in drawn if i != j)
        assert (found == across + sum(counts[i, i] for i in drawn)).all()


def test_a_drawn_share_has_an_interval_inside_0_and_1_around_its_value() -> None:
    shares = np.clip(np.random.default_rng(4).normal(0.98, 0.01, 200), 0.9, 0.999)
    interval = drawn_share(0.98, shares, 980, 1000).interval
    assert interval is not None
    assert 0.9 < interval.low < 0.98 < interval.high < 1
    some_perfect = np.where(np.arange(200) % 4, shares, 1.0)
    interval = drawn_share(0.98, some_perfect, 98, 100).interval
    assert interval is not None
    assert 0.8 < interval.low < 0.98 < interval.high <= 1
    of_bits = drawn_quantity(60, np.random.default_rng(5).normal(60, 2, 200), 1).interval
    assert of_bits is not None
    assert (of_bits.low, of_bits.high) == (pytest.approx(56, abs=1), pytest.approx(64, abs=1))


@given(histograms, st.sampled_from([0.5, 0.1, 0.01, 0.05]))
def test_the_chosen_threshold_is_the_last_with_no_more_than_the_target(
    histogram: list[int], target: float
) -> None:
    counts, trials = np.array(histogram), sum(histogram) + 3
    at = chosen_bin(target, counts, trials)
    reached = np.concatenate([[0], np.cumsum(counts)])
    assert reached[at + 1] / trials <= target + 1e-12
    assert at == len(counts) - 1 or reached[at + 2] / trials > target


def test_a_threshold_has_an_interval_and_is_refused_where_pairs_do_not_resolve_it() -> None:
    rng, nodes = np.random.default_rng(6), 40
    chances = np.diff(np.linspace(0, 1, 12) ** 2)
    counts = rng.multinomial(50, chances, (nodes, nodes))
    counts[np.diag_indices(nodes)] = 0
    trials, grid = counts.sum(axis=2), np.arange(11.0)
    chosen = threshold_for(0.3, counts, trials, grid)
    assert chosen.bin == int(np.searchsorted(np.cumsum(chances), 0.3, "right")) - 1
    assert chosen.interval is not None
    assert chosen.interval.low <= grid[chosen.bin] <= chosen.interval.high
    assert "not resolvable" in threshold_for(1e-6, counts, trials, grid).note
    equal = threshold_for(1e-3, counts[:, :, ::-1], trials, grid)
    assert equal.bin is None
    assert "least distance" in equal.note
