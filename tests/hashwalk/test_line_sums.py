"""Sums of 16 lines at a time are those of one line after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashwalk.compiled import compiled
from hashwalk.line_sums import LINES_AT_ONCE, padded, put_sums, shortest, windows

Lines = NDArray[Any]


def _write(  # noqa: PLR0917
    lines: Lines, first: Lines, weights: Lines, half: int, bits: int, sums: Lines
) -> None:
    line = lines.strides[0] // lines.itemsize
    for top in range(0, len(lines), LINES_AT_ONCE):
        for i in range(len(first)):
            to = i * len(lines) + top
            put_sums(lines, top * line + first[i], line, weights, i, half, bits, sums, to)


_MORE = ("const i8[::1]", "const i2[:, ::1]", "i8", "i8", "i2[:, ::1]")
LOOPS = {
    np.uint8: compiled("const u1[:, :]", *_MORE)(_write),
    np.uint16: compiled("const u2[:, :]", *_MORE)(_write),
    np.int16: compiled("const i2[:, :]", *_MORE)(_write),
}
RANGES = {np.uint8: (0, 1 << 8), np.uint16: (0, 1 << 14), np.int16: (-(1 << 15), 1 << 15)}


@settings(deadline=None, max_examples=100)
@given(
    kind=st.sampled_from(list(LOOPS)),
    seed=st.integers(0, 2**32),
    blocks=st.integers(1, 3),
    taps=st.integers(1, 50),
    spare=st.integers(0, 70),
    bits=st.integers(0, 14),
)
def test_machine_code_writes_what_the_function_writes(  # noqa: PLR0917
    kind: Any, seed: int, blocks: int, taps: int, spare: int, bits: int
) -> None:
    """Of any part of larger planes, and within its bounds, which only the function checks."""
    random = np.random.default_rng(seed)
    whole = random.integers(*RANGES[kind], (20 * blocks, shortest(taps) + spare + 5))
    lines = whole.astype(kind)[3 : 3 + 16 * blocks, 5:]
    first = random.integers(0, spare + 1, 7)
    weights = random.integers(-(2**9), 2**9, (7, shortest(taps))).astype(np.int16)
    by_code, by_function = np.zeros((2, 7, len(lines)), np.int16)
    half = 1 << bits >> 1
    LOOPS[kind](lines, first, weights, half, bits + 8, by_code)
    _write(lines, first, weights, half, bits + 8, by_function)
    np.testing.assert_array_equal(by_code, by_function)


def test_a_sum_is_of_neighbours_times_weights_rounded_and_cut_off() -> None:
    lines = np.zeros((16, 20), np.uint8)
    lines[:, 4] = np.arange(16)
    weights = np.full((2, 16), 300, np.int16)
    sums = np.zeros((3, 16), np.int16)
    put_sums(lines, 4, 20, weights, 1, 64, 7, sums, 16)
    assert sums[1].tolist() == [(300 * i + 64) // 128 for i in range(16)]
    put_sums(np.full((16, 16), 255, np.uint8), 0, 16, weights, 0, 0, 4, sums, 32)
    assert sums[2].tolist() == [32767] * 16
    assert not sums[0].any()


@pytest.mark.parametrize("at", [-1, 5, 20, 400])
def test_what_lies_outside_of_the_lines_is_not_added_up(at: int) -> None:
    lines, weights = np.zeros((16, 20), np.uint8), np.zeros((1, 16), np.int16)
    with pytest.raises(IndexError):
        put_sums(lines, at, 20, weights, 0, 0, 0, np.zeros((1, 16), np.int16), 0)


@settings(deadline=None)
@given(seed=st.integers(0, 2**32), length=st.integers(1, 90), taps=st.integers(1, 40))
def test_windows_give_the_sums_of_their_taps_and_stay_inside(
    seed: int, length: int, taps: int
) -> None:
    """Taps beyond the end weigh nothing."""
    random = np.random.default_rng(seed)
    first = random.integers(0, length, 5)
    weights = random.integers(-99, 99, (5, taps))
    weights[first[:, None] + np.arange(taps) >= length] = 0
    line = random.integers(0, 256, length)
    moved, filled = windows(first, weights, length)
    assert filled.shape[1] == shortest(taps)
    assert filled.shape[1] % 16 == 0
    assert moved.min() >= 0
    assert (moved + filled.shape[1]).max() <= max(length, shortest(taps))
    longer = np.pad(line, (0, max(shortest(taps) - length, taps)))
    expected = [longer[at : at + taps] @ of for at, of in zip(first, weights, strict=True)]
    found = [longer[at : at + filled.shape[1]] @ of for at, of in zip(moved, filled, strict=True)]
    assert found == expected


def test_lines_are_padded_with_zeros_and_otherwise_left_where_they_are() -> None:
    plane = np.arange(600, dtype=np.uint8).reshape(20, 30)
    assert padded(plane[:, 3:], 16).base is plane.base
    small = padded(plane[:3, :4], 16)
    assert small.shape == (16, 16)
    assert small[:3, :4].tolist() == plane[:3, :4].tolist()
    assert small.sum() == plane[:3, :4].sum()
    turned = padded(plane.T, 16)
    assert turned.strides[1] == 1
    assert turned.tolist() == plane.T.tolist()
