"""CSV cells: no text is a formula, and every text comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.csv_cells import escaped, escaped_row, unescaped

TEXTS = st.text() | st.text("'=+-@\t\ra", max_size=4)


@given(TEXTS)
def test_a_cell_becomes_the_text_that_it_was_made_of(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(TEXTS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["", "'", "'quoted'", "a=1", "d41d8cd9"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert escaped(text) == unescaped(text) == text


def test_a_row_keeps_what_is_no_text() -> None:
    assert escaped_row([None, -1, "-1", "1", ""]) == [None, -1, "'-1", "1", ""]
