"""Intervals of rates whose trials share pictures cover as often as they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest

from hashwalk_bench.statistics.clusters import cluster_difference, cluster_rate
from hashwalk_bench.statistics.model import Interval, Rate
from hashwalk_bench.statistics.node_rates import node_rate, node_rates, node_variances

if TYPE_CHECKING:
    from conftest import PairCounts

WORLDS = 400


def coverage(rates: list[Rate], truth: float) -> float:
    intervals = [rate.interval for rate in rates if rate.interval is not None]
    return float(np.mean([i.low <= truth <= i.high for i in intervals]))


@pytest.mark.parametrize(
    ("nodes", "rate", "queries"), [(30, 0.1, 1), (40, 0.01, 10), (60, 0.002, 10)]
)
def test_intervals_over_dependent_pairs_cover_92_to_98_percent(
    pair_counts: PairCounts, nodes: int, rate: float, queries: int
) -> None:
    """Of 400 worlds in which pictures attract collisions, and kinds of pictures do."""
    counts, trials = pair_counts(np.random.default_rng(1), nodes, WORLDS, rate, queries)
    assert 0.92 <= coverage(node_rates(counts, trials), rate) <= 0.98


def test_intervals_that_take_pairs_for_independent_do_not_cover(pair_counts: PairCounts) -> None:
    counts, trials = pair_counts(np.random.default_rng(2), 60, 100, 0.1, 5)
    found = [
        binomtest(int(hits), int(trials.sum())).proportion_ci(method="wilson")
        for hits in counts.sum(axis=(0, 1))
    ]
    assert np.mean([i.low <= 0.1 <= i.high for i in found]) < 0.6
    assert coverage(node_rates(counts, trials), 0.1) >= 0.9


def test_intervals_over_independent_pairs_are_not_much_wider_than_need_be() -> None:
    rng, trials = np.random.default_rng(3), np.full((60, 60), 2)
    np.fill_diagonal(trials, 0)
    rates = node_rates(rng.binomial(trials[:, :, None], 0.02, (60, 60, WORLDS)), trials)
    assert 0.93 <= coverage(rates, 0.02) <= 0.99
    interval = rates[0].interval
    exact = binomtest(rates[0].hits, rates[0].trials).proportion_ci()
    assert interval is not None
    assert interval.high - interval.low < 1.25 * (exact.high - exact.low)


def test_the_variance_is_the_jackknifes_of_nodes_less_what_pairs_count_twice() -> None:
    """By deleting each node in turn, which is exact where all nodes have as many trials."""
    rng, nodes = np.random.default_rng(4), 12
    trials = np.full((nodes, nodes), 7)
    np.fill_diagonal(trials, 0)
    counts = rng.binomial(trials, 0.3)
    kept = [np.delete(np.arange(nodes), node) for node in range(nodes)]
    deleted = [counts[np.ix_(k, k)].sum() / trials[np.ix_(k, k)].sum() for k in kept]
    jackknife = (nodes - 1) * np.var(deleted)
    left = counts - trials * counts.sum() / trials.sum()
    twice = (np.triu(left + left.T) ** 2).sum() / trials.sum() ** 2
    of_few = (nodes - 1) / nodes * (nodes / (nodes - 2)) ** 2
    found = node_variances(counts[:, :, None], trials)[0]
    assert found == pytest.approx(max(jackknife - of_few * twice, twice))


def test_one_picture_that_causes_all_collisions_makes_the_interval_as_wide_as_one_event() -> None:
    counts = np.zeros((50, 50), np.int64)
    counts[7, :] = 1
    counts[7, 7] = 0
    interval = node_rate(counts, 1 - np.eye(50, dtype=np.int64)).interval
    assert interval is not None
    assert interval.low < 0.02 / 20
    assert interval.high > 0.02 * 3


def test_without_an_event_the_bound_is_the_exact_one_sided() -> None:
    interval = node_rate(np.zeros((10, 10), np.int64), np.full((10, 10), 10_000)).interval
    assert interval is not None
    assert interval.high == pytest.approx(3.0e-6, rel=2e-3)
    assert node_rate(np.zeros((3, 3), np.int64), np.zeros((3, 3), np.int64)).value is None


def _recalls(rng: np.random.Generator, sources: int, mean: float) -> NDArray[np.int64]:
    """Hits of 8 variants of each source, in many worlds: some sources are easy, some are hard."""
    ease = rng.beta(2 * mean, 2 * (1 - mean), (WORLDS, sources))
    return rng.binomial(8, ease).astype(np.int64)


@pytest.mark.parametrize(("sources", "mean"), [(30, 0.5), (60, 0.9)])
def test_intervals_of_recall_over_variants_of_sources_cover_92_to_98_percent(
    sources: int, mean: float
) -> None:
    trials = np.full(sources, 8)
    hits = _recalls(np.random.default_rng(5), sources, mean)
    assert 0.92 <= coverage([cluster_rate(row, trials) for row in hits], mean) <= 0.98


def test_one_trial_a_source_gives_about_the_exact_binomial_interval() -> None:
    hits = np.array([1] * 90 + [0] * 10)
    interval = cluster_rate(hits, np.ones(100, np.int64)).interval
    exact = binomtest(90, 100).proportion_ci()
    assert interval is not None
    assert interval.low == pytest.approx(exact.low, abs=0.005)
    assert interval.high == pytest.approx(exact.high, abs=0.005)


def test_a_recall_of_all_counts_sources_and_not_variants() -> None:
    interval = cluster_rate(np.full(20, 50), np.full(20, 50)).interval
    assert interval is not None
    assert interval.high == 1
    assert interval.low == pytest.approx(binomtest(20, 20).proportion_ci().low, abs=0.02)


def test_a_mean_of_kinds_weighs_each_kind_alike_and_leaves_out_those_without_trials() -> None:
    hits = np.array([[100, 0], [0, 1], [0, 0]])
    trials = np.array([[100, 100], [2, 2], [0, 0]])
    assert cluster_rate(hits, trials).value == pytest.approx((0.5 + 0.25) / 2)


def test_the_interval_of_a_difference_covers_92_to_98_percent_and_uses_that_sides_are_paired() -> (
    None
):
    rng, sources = np.random.default_rng(6), 60
    ease = rng.beta(4, 4, (300, sources))
    trials = np.full(sources, 8)
    before, after = rng.binomial(8, ease), rng.binomial(8, np.minimum(ease * 0.8, 1))
    found = [
        cluster_difference((b, trials), (a, trials)) for b, a in zip(before, after, strict=True)
    ]
    assert 0.92 <= coverage(found, -0.1) <= 0.98
    assert _width(found[0].interval) < _width(cluster_rate(before[0], trials).interval) * 1.3


def test_no_source_that_changes_is_not_taken_for_certainty() -> None:
    side = np.full(20, 3), np.full(20, 4)
    interval = cluster_difference(side, side).interval
    assert interval is not None
    assert interval.high == pytest.approx(1 - 0.05 ** (1 / 20))


def test_the_difference_over_kinds_is_the_mean_of_theirs_where_both_sides_have_trials() -> None:
    before = (
        np.array([[2, 0, 1], [4, 4, 4], [1, 1, 1]]),
        np.array([[2, 2, 2], [4, 4, 4], [0, 0, 0]]),
    )
    after = np.array([[2, 2, 2], [2, 0, 4], [1, 1, 1]]), np.array([[2, 2, 2], [4, 4, 4], [1, 1, 1]])
    found = cluster_difference(before, after)
    assert found.value == pytest.approx((0.5 - 0.5) / 2)
    one_kind = cluster_difference((before[0][0], before[1][0]), (after[0][0], after[1][0]))
    assert one_kind.value == pytest.approx(0.5)


def test_the_interval_over_kinds_covers_92_to_98_percent() -> None:
    rng, sources = np.random.default_rng(8), 50
    ease = rng.beta(4, 4, (300, 1, sources)) * np.array([1.0, 0.5])[:, None]
    trials = np.full((2, sources), 4)
    before, after = rng.binomial(4, ease), rng.binomial(4, ease * 0.8)
    found = [
        cluster_difference((b, trials), (a, trials)) for b, a in zip(before, after, strict=True)
    ]
    assert 0.92 <= coverage(found, -0.075) <= 0.98


def _width(interval: Interval | None) -> float:
    assert interval is not None
    return interval.high - interval.low
