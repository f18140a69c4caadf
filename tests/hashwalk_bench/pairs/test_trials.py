"""What one format makes of a run: every original against every item, by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hashwalk.format import Hash
from hashwalk.registry import get_format
from hashwalk_bench.errors import RunError
from hashwalk_bench.pairs import compared as compared_module
from hashwalk_bench.pairs import units as units_module
from hashwalk_bench.pairs.collisions import counts_by_node
from hashwalk_bench.pairs.trials import Trials, read_compared, read_trials
from hashwalk_bench.pairs.usable import read_hashes

MakeRun = Callable[..., Path]
Codes = Callable[[int, int, int], list[bytes]]

CLUSTERS = [0, 1, 0, 3, 4]
HALVES = ["choose", "report", "choose", "report", "choose"]


@pytest.fixture
def run(make_run: MakeRun, codes: Codes) -> Path:
    """Five sources, the first and the third near-duplicates, three items each; two have no hash."""
    values: list[list[bytes | None]] = [codes(source, 3, 8) for source in range(5)]  # type: ignore[misc]
    values[3] = [None, values[3][1], values[3][2]]
    values[4][2] = None
    values[1][1] = values[0][0]
    return make_run(CLUSTERS, HALVES, values, failures=[(9, "*", "unreadable")])


def unrelated(trials: Trials) -> Iterator[tuple[int, int]]:
    """Every pair of a source and an item of another cluster, by their indices."""
    units = trials.units
    for source in range(len(units.sources)):
        for item in range(len(units.items)):
            if units.clusters[source] != units.cluster_of_item[item]:
                yield source, item


def by_hand(folder: Path) -> dict[tuple[int, int], float]:
    """The distances of usable pairs of different clusters, by source and item."""
    found = {}
    trials, hashes = read_trials(folder, "phash", "picture"), read_hashes_of(folder)
    for source, item in unrelated(trials):
        original = int(trials.units.originals[source])
        if original in hashes and item in hashes:
            found[source, item] = get_format("phash").distance(hashes[original], hashes[item])
    return found


def read_hashes_of(folder: Path) -> dict[int, Hash]:
    return read_hashes(folder, "phash")


def test_unrelated_pairs_are_all_those_of_different_clusters(run: Path) -> None:
    trials, hand = read_trials(run, "phash", "picture"), by_hand(run)
    counts = np.zeros_like(trials.counts)
    for (source, item), distance in hand.items():
        nodes = trials.units.nodes[source], trials.units.node_of_item[item]
        counts[*nodes, int(distance)] += 1
    assert (trials.counts == counts).all()
    # Of 5 originals and 15 items: 25 * 3 less 4 * 3 of the cluster of two and 3 * 3 of the others.
    assert trials.pairs.sum() == 75 - 12 - 9
    assert not np.diagonal(trials.pairs).any()
    assert trials.compared.all()


def test_originals_are_compared_with_one_another_once(run: Path) -> None:
    trials, hand = read_trials(run, "phash", "picture"), by_hand(run)
    source_of = {int(item): s for s, item in enumerate(trials.units.originals)}
    pairs = {
        (min(a, source_of[item]), max(a, source_of[item])): distance
        for (a, item), distance in hand.items()
        if item in source_of
    }
    histogram = np.bincount([int(d) for d in pairs.values()], minlength=65)
    assert (trials.original_counts.sum(axis=(0, 1)) == histogram).all()
    assert trials.original_pairs.sum() == 10 - 1


def test_a_variant_is_as_far_as_from_its_own_original_and_lost_without_a_hash(run: Path) -> None:
    trials, hashes = read_trials(run, "phash", "picture"), read_hashes_of(run)
    for item, distance in enumerate(trials.distances):
        original = int(trials.units.originals[trials.units.source_of[item]])
        if original in hashes and item in hashes:
            assert distance == get_format("phash").distance(hashes[original], hashes[item])
        else:
            assert np.isinf(distance)


def test_recall_counts_variants_by_cluster_and_misses_those_without_a_hash(run: Path) -> None:
    trials = read_trials(run, "phash", "picture")
    every = np.ones(15, np.bool_)
    hits, of = trials.recall_counts(64, every)
    assert of.tolist() == [4, 2, 2, 2]
    assert hits.tolist() == [4, 2, 0, 1]
    counts, variants = trials.matching(trials.units.in_half("choose"))
    assert (counts.sum(), variants) == (5, 6)


def test_reasons_are_failures_codes_and_the_floor_without_a_hashs_quality(
    run: Path, make_run: MakeRun, codes: Codes
) -> None:
    assert read_trials(run, "phash", "picture").reasons == ("", "", "", "unreadable", "")
    bad = make_run([0, 1], ["choose", "report"], [codes(1, 2, 32), [None]], "pdq", 7)
    assert read_trials(bad, "pdq", "picture").reasons == ("quality under 50", "no hash")


def test_equal_hashes_of_unrelated_sources_are_counted(run: Path) -> None:
    trials = read_trials(run, "phash", "picture")
    assert trials.equal.sum() == 1
    nodes = trials.units.nodes
    assert trials.equal[nodes[0], nodes[1]] == 1


def test_halves_share_no_node(run: Path) -> None:
    trials = read_trials(run, "phash", "picture")
    choose, report = (trials.of_half(half)[1].sum() for half in ("choose", "report"))
    # Originals * items, less those of the cluster of two (4 * 3) and of each other one (3).
    assert (choose, report) == (3 * 9 - 12 - 3, 2 * 6 - 3 - 3)
    assert trials.of_half(None)[1].sum() == trials.pairs.sum()


def test_collisions_name_the_pairs_within_a_threshold_alike_for_all_formats(run: Path) -> None:
    hand = by_hand(run)
    near = read_compared(run, "phash", "picture").collisions(12)
    items = 15
    expected = sorted(s * items + i for (s, i), d in hand.items() if d <= 12)
    assert near.keys.tolist() == expected
    assert 0 < len(expected) < len(hand)
    stricter = sorted(s * items + i for (s, i), d in hand.items() if d <= 9)
    assert near.within(9).tolist() == stricter
    trials = read_trials(run, "phash", "picture")
    by_node = counts_by_node(near.keys, trials.units)
    assert (by_node == trials.counts[:, :, :13].sum(axis=2)).all()


def test_many_clusters_are_grouped_by_half_and_pairs_inside_a_group_are_kept(
    make_run: MakeRun, codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    clusters, halves = [*range(20), 19], ["choose", "report"] * 10 + ["report"]
    folder = make_run(clusters, halves, [list(codes(s, 2, 8)) for s in range(21)])
    apart = read_trials(folder, "phash", "picture")
    monkeypatch.setattr(units_module, "MOST_NODES", 8)
    grouped = read_trials(folder, "phash", "picture")
    assert len(grouped.units.halves) == 8
    for source, half in enumerate(halves):
        assert grouped.units.halves[grouped.units.nodes[source]] == half
    assert (grouped.counts.sum(axis=(0, 1)) == apart.counts.sum(axis=(0, 1))).all()
    assert grouped.pairs.sum() == apart.pairs.sum()
    assert (grouped.counts.sum(axis=2) == grouped.pairs).all()
    assert np.diagonal(grouped.pairs).all()
    assert grouped.original_pairs.sum() == 21 * 20 // 2 - 1
    assert (grouped.original_counts.sum(axis=2) == grouped.original_pairs).all()


def test_slow_formats_are_compared_on_drawn_items_and_say_how_many_pairs(
    make_run: MakeRun, real_hashes: dict[str, list[Hash]], monkeypatch: pytest.MonkeyPatch
) -> None:
    value = real_hashes["tmk-pdqf"][0].value
    monkeypatch.setattr(compared_module, "SLOW_PAIRS", 12)
    folder = make_run([0, 1, 2], ["choose", "report", "choose"], [[value] * 4] * 3, "tmk-pdqf")
    trials = read_trials(folder, "tmk-pdqf", "picture")
    assert trials.compared.sum() == 4
    assert trials.pairs.sum() == trials.counts.sum() == 4 * 2
    assert (trials.distances == 0).all()
    again = read_trials(folder, "tmk-pdqf", "picture")
    assert (again.compared == trials.compared).all()


def test_a_run_without_media_of_the_kind_gives_no_trials(run: Path) -> None:
    trials = read_trials(run, "vpdq", "video")
    assert (trials.counts.shape, trials.pairs.sum(), len(trials.distances)) == ((0, 0, 201), 0, 0)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="not a run"):
        read_trials(tmp_path, "phash", "picture")
