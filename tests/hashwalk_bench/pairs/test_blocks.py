"""Distances in blocks are those of the format, and counts are those of the distances."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk.format import Format, Hash, Part
from hashwalk.registry import formats, get_format
from hashwalk_bench.pairs.blocks import Nodes, count_pairs, distance_blocks
from hashwalk_bench.pairs.comparers import SlowComparer, comparer_of
from hashwalk_bench.pairs.scale import Scale, scale_of

SLOW = {"tmk-pdqf", "framewise:cv-radial-variance@1"}


def whole(compared: Format, references: list[Hash], queries: list[Hash]) -> np.ndarray:
    found = np.full((len(references), len(queries)), np.nan, np.float32)
    for block in distance_blocks(compared, references, queries):
        found[block.rows, block.columns] = block.distances
    return found


def expected(compared: Format, references: list[Hash], queries: list[Hash]) -> np.ndarray:
    rows = [[compared.distance(a, b) for b in queries] for a in references]
    return np.array(rows, np.float32)


def test_every_computable_formats_distances_are_its_own(
    real_hashes: dict[str, list[Hash]],
) -> None:
    """On reference pictures and clips, each with each, equal up to the last digit of float32."""
    assert len(real_hashes) > 25
    for name, hashes in real_hashes.items():
        compared = get_format(name)
        assert len(hashes) >= 3, name
        found = whole(compared, hashes, hashes[1:])
        own = expected(compared, hashes, hashes[1:])
        assert found == pytest.approx(own, rel=1e-6, abs=1e-7), name
        assert ((found == 0) == (own == 0)).all(), name


def test_where_nothing_is_usable_on_a_side_there_is_no_pair(
    real_hashes: dict[str, list[Hash]],
) -> None:
    for name, hashes in real_hashes.items():
        for sides in ((hashes, []), ([], hashes), ([], [])):
            assert not list(distance_blocks(get_format(name), *sides)), name


def test_only_tmk_and_lists_of_no_bits_are_compared_one_by_one(
    real_hashes: dict[str, list[Hash]],
) -> None:
    slow = {n for n, h in real_hashes.items() if comparer_of(get_format(n), h, h).is_slow}
    assert slow == SLOW


@pytest.mark.parametrize("name", ["phash", "colorhash", "pdq", "cv-marr-hildreth"])
@given(st.data())
@settings(max_examples=10, deadline=None)
def test_counts_of_bits_by_node_are_those_of_all_distances(name: str, data: st.DataObject) -> None:
    compared = get_format(name)
    size = compared.spec.value_bytes or 0
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    rows, columns, nodes = data.draw(
        st.tuples(st.integers(0, 9), st.integers(0, 40), st.integers(1, 5))
    )
    bits = compared.spec.bits or 0
    sides = [
        [Hash.of(name, np.packbits(b).tobytes().ljust(size, b"\0")) for b in side]
        for side in (rng.integers(0, 2, (rows, bits)), rng.integers(0, 2, (columns, bits)))
    ]
    owners = [rng.integers(0, nodes, n).astype(np.int32) for n in (rows, columns)]
    by_hand = np.zeros((nodes, nodes, bits + 1), np.int32)
    for i, a in enumerate(sides[0]):
        for j, b in enumerate(sides[1]):
            by_hand[owners[0][i], owners[1][j], int(compared.distance(a, b))] += 1
    scale, of_nodes = scale_of(compared), Nodes(nodes, *owners)
    assert (count_pairs(comparer_of(compared, *sides), scale, of_nodes) == by_hand).all()
    assert (count_pairs(SlowComparer(compared, *sides), scale, of_nodes) == by_hand).all()


def test_more_queries_than_a_tile_are_all_counted(
    codes: Callable[[int, int, int], list[bytes]],
) -> None:
    sides = [[Hash.of("pdq", c) for c in codes(s, n, 32)] for s, n in ((1, 3), (2, 5000))]
    compared = get_format("pdq")
    nodes = Nodes(2, np.array([0, 1, 1], np.int32), np.repeat([0, 1], 2500).astype(np.int32))
    counts = count_pairs(comparer_of(compared, *sides), scale_of(compared), nodes)
    distances = whole(compared, *sides)
    assert counts.sum(axis=2).tolist() == [[2500, 2500], [5000, 5000]]
    assert (counts.sum(axis=(0, 1)) == np.bincount(distances.astype(int).ravel(), None, 257)).all()


@given(st.lists(st.lists(st.integers(0, 6), max_size=5), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_frame_lists_count_shares_and_equal_lists_without_usable_frames(
    lists: list[list[int]],
) -> None:
    """Values at 0, 40, 80, … bits of one another; odd ones are under the quality floor."""
    compared = get_format("vpdq")
    parts = [
        [Part(bytes([255] * 5 * n).ljust(32, b"\0"), 10 if n % 2 else 90, float(n)) for n in one]
        for one in lists
    ]
    hashes = [Hash("vpdq", tuple(p)) for p in parts]
    assert whole(compared, hashes, hashes) == pytest.approx(expected(compared, hashes, hashes))


def test_every_scale_grows_from_0_and_has_the_published_threshold() -> None:
    known = formats()
    for name in [*known, "framewise:phash@1", "keyframes:pdq", "framewise:cv-color-moment@1"]:
        scale, threshold = scale_of(known[name]), known[name].spec.threshold
        assert scale.grid[0] == 0
        assert (np.diff(scale.grid) > 0).all()
        assert scale.unit
        if threshold is not None:
            assert scale.grid[scale.bin_of(threshold.value)] == threshold.value


def test_a_bin_has_what_is_over_the_grid_value_before_and_at_most_its_own() -> None:
    scale = Scale(np.array([0.0, 0.2, 1.0]), "shares")
    distances = np.array([0, 1e-9, 0.2, 0.21, 1, 7, np.inf], np.float32)
    assert scale.bins(distances).tolist() == [0, 1, 1, 2, 2, 2, 3]
    assert [scale.bin_of(t) for t in (-1, 0, 0.1, 0.2, 5)] == [-1, 0, 0, 1, 2]


def test_four_of_five_frames_are_within_the_published_threshold() -> None:
    scale = scale_of(get_format("vpdq"))
    assert scale.bins(np.array([1 - 4 / 5], np.float32))[0] == scale.bin_of(0.2)
