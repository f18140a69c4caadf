"""Lines in bounded memory: numbered as in an editor, and a bad one costs no other."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.hashlists.bounded_lines import MOST_LINE_BYTES, bounded_lines
from hashwalk.hashlists.record import MOST_REJECT_CHARACTERS


@given(lines=st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8")), max_size=5))
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_those_that_are_not_blank(lines: list[str], end: str) -> None:
    data = "".join(line + end for line in lines).encode()
    if lines and lines[0].startswith("\ufeff"):
        data = b"\xef\xbb\xbf" + data
    found = [(line.number, line.checked) for line in bounded_lines(io.BytesIO(data))]
    expected = [(n, line) for n, line in enumerate(lines, 1) if line.encode().strip()]
    assert found == expected


def test_a_byte_order_mark_is_no_text() -> None:
    (line,) = bounded_lines(io.BytesIO(b"\xef\xbb\xbfa\n"))
    assert line.text == "a"


def test_the_last_line_needs_no_end() -> None:
    assert [line.text for line in bounded_lines(io.BytesIO(b"a\n\nb"))] == ["a", "b"]


def test_verbatim_lines_have_their_ends_and_may_be_blank() -> None:
    data = "a\r\n\n b"
    found = bounded_lines(io.BytesIO(data.encode()), verbatim=True)
    assert "".join(line.text for line in found) == data


@pytest.mark.parametrize(
    ("bad", "problem"),
    [(b"\xff\xfe", "not UTF-8"), (b"a" * (MOST_LINE_BYTES + 1), "a line of over 4 MiB")],
    ids=["bytes", "long"],
)
def test_a_bad_line_has_a_problem_and_only_its_start(bad: bytes, problem: str) -> None:
    first, last = bounded_lines(io.BytesIO(bad + b"\nb\n"))
    assert (first.problem, first.where) == (problem, "line 1")
    assert len(first.text) <= MOST_REJECT_CHARACTERS
    with pytest.raises(ValueError, match=problem):
        _ = first.checked
    assert (last.number, last.checked) == (2, "b")


def test_a_line_may_have_just_as_much_as_is_allowed() -> None:
    (line,) = bounded_lines(io.BytesIO(b"a" * (MOST_LINE_BYTES - 1) + b"\n"))
    assert len(line.checked) == MOST_LINE_BYTES - 1


def test_a_line_does_not_show_its_text() -> None:
    (line,) = bounded_lines(io.BytesIO(b"secret\n"))
    assert "secret" not in repr(line)
