"""Rates of independent trials: exact intervals, and the rates that N does not resolve."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from hashwalk_bench.statistics.agreement import kappa, lookup_false_alarm, lookup_interval
from hashwalk_bench.statistics.model import Interval
from hashwalk_bench.statistics.proportions import exact_rate, unresolved, zero_bound


def test_no_event_in_a_million_bounds_the_rate_by_three_in_a_million() -> None:
    rate = exact_rate(0, 1_000_000)
    assert rate.interval is not None
    assert rate.interval.low == 0
    assert rate.interval.high == pytest.approx(3.0e-6, rel=2e-3)
    assert "one-sided" in rate.interval.method


@given(st.integers(1, 10**12))
def test_the_bound_of_no_event_leaves_it_a_chance_of_five_percent(trials: int) -> None:
    assert math.exp(trials * math.log1p(-zero_bound(trials))) == pytest.approx(0.05, rel=1e-6)


@given(st.integers(1, 300), st.data())
def test_an_exact_interval_leaves_each_tail_at_most_its_share(
    trials: int, data: st.DataObject
) -> None:
    hits = data.draw(st.integers(1, trials))
    interval = exact_rate(hits, trials).interval
    assert interval is not None
    assert interval.low <= hits / trials <= interval.high
    assert binom.sf(hits - 1, trials, interval.low) == pytest.approx(0.025, rel=1e-6)
    assert hits == trials or binom.cdf(hits, trials, interval.high) == pytest.approx(0.025)


def test_a_rate_of_no_trials_has_no_value() -> None:
    assert exact_rate(0, 0).value is None
    assert exact_rate(0, 0).note


def test_a_target_is_refused_in_words_with_the_bound_until_ten_events_are_expected() -> None:
    assert unresolved(1e-4, 100_000) == ""
    refused = unresolved(1e-4, 99_000)
    assert "not resolvable with 99,000 pairs" in refused
    assert "100,000" in refused
    assert "3.0e-05" in refused


def test_kappa_of_a_table_worked_by_hand() -> None:
    """20 and 15 agree, 5 and 10 do not: observed .7, by chance .5 (Cohen's textbook table)."""
    assert kappa(20, 5, 10, 15) == pytest.approx(0.4)
    assert kappa(5, 0, 0, 5) == 1
    assert math.isnan(kappa(7, 0, 0, 0))


def test_a_lookups_false_alarm_is_exact_for_tiny_rates_and_long_lists() -> None:
    assert lookup_false_alarm(1e-18, 1e8) == pytest.approx(1e-10, rel=1e-9)
    assert lookup_false_alarm(0.5, 2) == pytest.approx(0.75)
    assert lookup_false_alarm(0.0, 1e8) == 0
    assert lookup_false_alarm(1.0, 1) == 1
    of_list = lookup_interval(Interval(low=0.0, high=0.5, method="m"), 2)
    assert (of_list.low, of_list.high, of_list.method) == (0, pytest.approx(0.75), "m")
