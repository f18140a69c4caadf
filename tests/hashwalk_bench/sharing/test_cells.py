"""No count of 1 to k - 1 is shared, and none is far from what it was."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashwalk_bench.sharing.cells import (
    count_of,
    counts_of,
    large_cells,
    of_copies,
    of_strangers,
)

COUNTS = st.lists(st.integers(0, 9) | st.just(0), min_size=1, max_size=20).map(np.array)
SMALLEST = st.integers(1, 6)


def off_by(counts: NDArray[np.int64], shared: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return by how much the count up to each bin is larger than it was."""
    return np.cumsum(shared) - np.cumsum(counts)


@given(COUNTS, SMALLEST, st.data())
def test_copies_keep_their_sum_and_every_count_within_k(
    counts: NDArray[np.int64], smallest: int, data: st.DataObject
) -> None:
    border = data.draw(st.integers(-1, len(counts) - 1))
    shared = of_copies(counts, smallest, border)
    assert shared.sum() == counts.sum()
    assert (np.abs(off_by(counts, shared)) < smallest).all()
    if counts.sum() >= smallest:
        assert not ((shared > 0) & (shared < smallest)).any()


@given(COUNTS, SMALLEST, st.data())
def test_the_recall_at_the_threshold_is_exact_where_found_and_missed_are_enough(
    counts: NDArray[np.int64], smallest: int, data: st.DataObject
) -> None:
    border = data.draw(st.integers(-1, len(counts) - 1))
    sides = counts[: border + 1].sum(), counts[border + 1 :].sum()
    shared = of_copies(counts, smallest, border)
    if all(side == 0 or side >= smallest for side in sides):
        assert shared[: border + 1].sum() == sides[0]


@given(COUNTS, SMALLEST)
def test_collisions_are_told_within_twice_k_and_never_as_fewer(
    counts: NDArray[np.int64], smallest: int
) -> None:
    shared = of_strangers(counts, smallest)
    if counts.sum() < smallest:
        assert not shared.any()
        return
    more = off_by(counts, shared)
    assert more[-1] == 0
    assert ((more >= 0) & (more < 2 * smallest)).all()
    assert not ((shared > 0) & (shared < smallest)).any()


def test_a_few_collisions_are_told_as_k_and_taken_from_the_next() -> None:
    assert of_strangers(np.array([0, 2, 0, 100]), 5).tolist() == [0, 5, 0, 97]
    assert of_strangers(np.array([0, 2, 1, 1, 0]), 5).tolist() == [0] * 5
    assert of_strangers(np.array([9, 0, 2]), 5).tolist() == [11, 0, 0]


def test_few_events_or_few_others_are_hidden() -> None:
    assert count_of(3, 100, 5).hits is None
    assert count_of(97, 100, 5).hits is None
    assert [count_of(hits, 100, 5).hits for hits in (0, 5, 100)] == [0, 5, 100]
    assert large_cells({"few": 4, "enough": 5}, 5) == {"enough": 5}


FATES = st.lists(st.integers(0, 12), min_size=2, max_size=5)


@given(FATES, SMALLEST)
def test_a_hidden_kind_is_not_what_the_others_leave(hits: list[int], smallest: int) -> None:
    """The trials less all that is told are many, or none."""
    trials = sum(hits)
    told = counts_of(hits, trials, smallest)
    rest = trials - sum(each.hits or 0 for each in told)
    hidden = [count for count, each in zip(hits, told, strict=True) if each.hits is None]
    assert rest == sum(hidden)
    assert rest == 0 or rest >= smallest or not any(each.hits for each in told)
    assert not [each for each in told if each.hits and each.hits < smallest]


def test_the_next_larger_kind_is_hidden_beside_one_that_is_few() -> None:
    told = [each.hits for each in counts_of([20, 3, 0, 5, 0], 28, 5)]
    assert told == [20, None, 0, None, 0]
