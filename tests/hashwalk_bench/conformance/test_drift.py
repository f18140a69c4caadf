"""Drift is counted in bits, and told in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk_bench.conformance.drift import Verdict, drift, verdict

values = st.lists(st.binary(min_size=8, max_size=8), max_size=4)


@given(values)
def test_the_same_values_have_no_drift(value: list[bytes]) -> None:
    assert drift(value, list(value), 64) == 0


@given(values, values)
def test_drift_is_symmetric_and_at_most_all_bits(one: list[bytes], other: list[bytes]) -> None:
    assert drift(one, other, 64) == drift(other, one, 64) <= 64


@given(values, st.integers(0, 63), st.data())
def test_one_changed_bit_is_a_drift_of_one(
    value: list[bytes], bit: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(value)))
    changed = [*value[:place], bytes(8), *value[place:]]
    turned = [*value[:place], (1 << bit).to_bytes(8, "big"), *value[place:]]
    assert drift(changed, turned, 64) == 1


def test_what_is_missing_or_of_another_length_is_wholly_different() -> None:
    assert drift([bytes(8)], [], 64) == 64
    assert drift([bytes(8)], [bytes(8), bytes(8)], 64) == 64
    assert drift([bytes(8)], [bytes(9)], 64) == 64


@pytest.mark.parametrize(
    ("drifts", "tolerance", "expected"),
    [
        ([], 0, Verdict.NOTHING),
        ([], 64, Verdict.NOTHING),
        ([0, 0], 0, Verdict.SAME),
        ([0, 0], 5, Verdict.SAME),
        ([0, 5], 5, Verdict.WITHIN),
        ([0, 6], 5, Verdict.DIFFERS),
        ([1], 0, Verdict.DIFFERS),
        ([24, 26], 0, Verdict.DIFFERS),
        ([30, 34], 0, Verdict.STRANGER),
        ([64, 0], 0, Verdict.STRANGER),
        ([64, 60], 0, Verdict.TURNED),
    ],
)
def test_the_verdict_follows_from_the_worst_file_and_the_mean(
    drifts: list[int], tolerance: float, expected: Verdict
) -> None:
    assert verdict(drifts, tolerance, 64) is expected


def test_only_what_is_within_the_tolerance_conforms() -> None:
    assert [each for each in Verdict if each.conforms] == [Verdict.SAME, Verdict.WITHIN]
