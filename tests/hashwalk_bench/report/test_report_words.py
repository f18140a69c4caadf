"""Numbers in words: no rate is said to be nothing or all unless it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk_bench.report import words
from hashwalk_bench.statistics.proportions import exact_rate


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.8741, "87 %"),
        (0.991, "99.1 %"),
        (0.9999, "99.99 %"),
        (0.0005, "0.05 %"),
        (1e-9, "under 0.01 %"),
        (1 - 1e-8, "over 99.99 %"),
    ],
)
def test_per_cent(share: float, text: str) -> None:
    assert words.percent(share) == text


@given(st.floats(1e-7, 1 - 1e-7))
def test_only_none_and_all_are_said_to_be_none_and_all(share: float) -> None:
    assert words.percent(share) not in {"0 %", "100 %"}


@given(st.floats(1e-9, 0.0099))
def test_a_small_rate_keeps_its_size(value: float) -> None:
    mantissa, exponent = words.scientific(value).split(" × 10")
    power = int(exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
    assert float(mantissa) * 10.0**power == pytest.approx(value, rel=0.051)


@pytest.mark.parametrize(
    ("rate", "text"),
    [(1e-3, "1 in 1,000"), (4.3e-4, "1 in 2,300"), (0.011, "1 in 91"), (0.25, "25 %")],
)
def test_odds(rate: float, text: str) -> None:
    assert words.one_in(rate) == text


def test_no_event_is_an_upper_bound() -> None:
    assert words.said_collisions(exact_rate(0, 1000)) == "none of 1,000 pairs, so at most 1 in 330"


def test_words_with_commas_are_listed_with_semicolons() -> None:
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(["a", "b, black", "c"], "or") == "a; b, black; or c"


def test_points_are_said_in_words() -> None:
    assert words.point_words("published") == "published threshold"
    assert words.point_words("fpr 1e-6") == "1 false alarm in 1,000,000 pairs"


def test_a_note_is_cut_to_what_a_table_holds() -> None:
    note = "1e-04 is not resolvable with 840 pairs: at least 100,000 are needed; no event says less"
    assert words.brief(note) == "not resolvable with 840 pairs"
    assert words.brief("no threshold is published") == "no threshold is published"
