"""Distances keep the axioms that searches and verdicts rest on."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.distances import Distance, Equality, Euclidean, Hamming

BYTES = st.binary(min_size=8, max_size=8)
VECTORS = st.lists(st.floats(min_value=-1e6, max_value=1e6), min_size=3, max_size=3).map(
    lambda numbers: struct.pack("<3d", *numbers)
)
CASES = [(Hamming(), BYTES), (Equality(), BYTES), (Euclidean(), VECTORS)]


@pytest.mark.parametrize(("distance", "values"), CASES, ids=[d.name for d, _ in CASES])
def test_a_distance_keeps_the_axioms(distance: Distance, values: st.SearchStrategy[bytes]) -> None:
    @given(values, values, values)
    def axioms(a: bytes, b: bytes, c: bytes) -> None:
        assert distance(a, a) == 0
        assert distance(a, b) == distance(b, a) >= 0
        assert distance(a, c) <= (distance(a, b) + distance(b, c)) * (1 + 1e-12)

    assert distance.metric
    axioms()


@given(BYTES, BYTES)
def test_hamming_counts_differing_bits(a: bytes, b: bytes) -> None:
    pairs = zip(f"{int(a.hex(), 16):064b}", f"{int(b.hex(), 16):064b}", strict=True)
    assert Hamming()(a, b) == sum(x != y for x, y in pairs)


@given(BYTES, BYTES)
def test_equality_is_one_for_any_other_value(a: bytes, b: bytes) -> None:
    assert Equality()(a, b) == (0 if a == b else 1)


def test_euclidean_is_the_length_of_the_difference() -> None:
    a, b = struct.pack("<2d", 0, 3), struct.pack("<2d", 4, 0)
    assert math.isclose(Euclidean()(a, b), 5)


def test_distances_of_many_values_are_those_of_each_pair() -> None:
    some, others = [b"\x00", b"\xff"], [b"\x01", b"\xff", b"\x0f"]
    assert Hamming().between(some, others).tolist() == [[1, 8, 4], [7, 0, 4]]
    assert Hamming().between([], others).shape == (0, 3)
