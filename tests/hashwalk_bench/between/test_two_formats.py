"""Formats against each other, at levels that are counted by brute force here."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from hashwalk_bench.between.best import best_sets
from hashwalk_bench.between.equivalents import Curve, equivalents
from hashwalk_bench.between.ground import Ground, Seen
from hashwalk_bench.between.levels import NEVER, Levels, Near, level_for, together
from hashwalk_bench.between.two import between
from hashwalk_bench.pairs.collisions import Collisions
from hashwalk_bench.pairs.scale import Scale
from hashwalk_bench.pairs.units import Units
from hashwalk_bench.run.tables import ORIGINAL

SOURCES = 40
SCALE = Scale(np.arange(65, dtype=np.float64), "bits of 64")
LIMIT = 40.0


def units() -> Units:
    """Return 40 sources of their own, in turn of either half, each with one variant."""
    number = np.arange(SOURCES, dtype=np.int32)
    items = np.arange(2 * SOURCES, dtype=np.int32)
    return Units(
        medium="picture",
        sources=number,
        clusters=number,
        nodes=number,
        originals=2 * number,
        items=items,
        source_of=items // 2,
        transforms=np.array([ORIGINAL, "blur(sigma=1)"] * SOURCES, object),
        halves=np.array(["choose", "report"] * (SOURCES // 2), object),
    )


def simulated(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return distances (sources, items) of bits, those of a source's own items nearer."""
    random = np.random.default_rng(seed)
    far = random.binomial(64, 0.5, (SOURCES, 2 * SOURCES)).astype(np.float32)
    own = random.integers(0, 40, SOURCES).astype(np.float32)
    far[np.arange(SOURCES), 2 * np.arange(SOURCES) + 1] = own
    return far, own


def seen(name: str, far: np.ndarray) -> Seen:
    rows, columns = np.nonzero(far <= LIMIT)
    apart = rows != columns // 2
    keys = (rows * 2 * SOURCES + columns)[apart]
    distances = np.full(2 * SOURCES, np.inf, np.float32)
    distances[1::2] = far[np.arange(SOURCES), 2 * np.arange(SOURCES) + 1]
    collisions = Collisions(keys, far[rows, columns][apart], 2 * SOURCES)
    return Seen(name, SCALE, distances, collisions, LIMIT, np.ones(2 * SOURCES, np.bool_))


def threshold(far: np.ndarray, target: float) -> int:
    """Return the largest threshold at which no more of the half ``choose`` collide."""
    chosen = [
        far[r, c]
        for r in range(0, SOURCES, 2)
        for c in range(80)
        if c // 2 % 2 == 0 and c // 2 != r
    ]
    return max(t for t in range(-1, 65) if sum(d <= t for d in chosen) <= target * len(chosen))


def test_two_formats_at_equal_rates_are_told_as_counting_tells_them() -> None:
    target, reports = 0.05, range(1, SOURCES, 2)
    far, own = zip(*(simulated(seed) for seed in (1, 2)), strict=True)
    ground = Ground(units(), np.ones(2 * SOURCES, np.bool_))
    levels = [ground.levels(seen(name, one)) for name, one in zip("ab", far, strict=True)]
    (told, _) = between(levels, ground, [target], 0)
    limits = [threshold(one, target) for one in far]
    found = [
        [bool(one[n] <= limit) for n in reports] for one, limit in zip(own, limits, strict=True)
    ]
    both = list(zip(*found, strict=True))
    assert told.recall_a.value == np.mean(found[0])
    assert told.recall_b.value == np.mean(found[1])
    missed = [b for a, b in both if not a]
    assert (told.b_finds_a_missed.hits, told.b_finds_a_missed.trials) == (sum(missed), len(missed))
    observed = np.mean([a == b for a, b in both])
    a, b = np.mean(found[0]), np.mean(found[1])
    chance = a * b + (1 - a) * (1 - b)
    assert told.kappa.value == pytest.approx((observed - chance) / (1 - chance))
    pairs = [(r, c) for r in reports for c in range(80) if c // 2 % 2 and c // 2 != r]
    colliding = [
        {p for p in pairs if one[p] <= limit} for one, limit in zip(far, limits, strict=True)
    ]
    assert told.shared_collisions.trials == len(colliding[0]) > 0
    assert told.shared_collisions.hits == len(colliding[0] & colliding[1])


def test_a_union_s_thresholds_keep_its_own_rate_at_the_target() -> None:
    """Both at the level of the union: no more pairs of the half collide, and one more would."""
    ground = Ground(units(), np.ones(2 * SOURCES, np.bool_))
    one, other = (ground.levels(seen(str(s), simulated(s)[0])) for s in (1, 2))
    union, allowed = together([one, other]), 0.05 * ground.choose_pairs
    level = level_for(union.choose, allowed)
    assert len(union.choose.within(level)) <= allowed < len(union.choose.within(level + 1))
    assert level < level_for(one.choose, allowed)
    alone = {n for each in (one, other) for n in each.choose.within(level).tolist()}
    assert set(union.choose.within(level).tolist()) == alone


def test_a_level_allows_what_is_nearer_than_every_collision() -> None:
    near = Near(np.arange(4), np.array([3, 3, 3, 9]))
    assert [level_for(near, allowed) for allowed in (0, 2, 3, 4)] == [2, 2, 8, 4]
    assert level_for(Near(np.arange(0), np.arange(0)), 0) == 0


def test_the_best_set_adds_the_format_that_finds_what_the_first_one_missed() -> None:
    """A finds trials 0-30, B 0-28, C 28-39: after A comes C, and B adds nothing."""
    ground = Ground(units(), np.ones(2 * SOURCES, np.bool_))
    nothing = Near(np.arange(0), np.arange(0))

    def finding(name: str, first: int, last: int) -> Levels:
        matching = np.full(SOURCES, NEVER)
        matching[first:last] = 0
        return Levels(name, matching, nothing, nothing)

    sets = list(
        best_sets(
            "picture",
            [finding("b", 0, 29), finding("a", 0, 31), finding("c", 28, 40)],
            ground,
            [0.05],
        )
    )
    assert [each.formats for each in sets] == [("a",), ("a", "c")]
    assert [each.recall.value for each in sets] == [0.75, 1.0]
    assert sets[-1].collisions.interval is not None
    assert sets[-1].collisions.interval.high > 0


def test_targets_that_the_pairs_do_not_resolve_are_left_out() -> None:
    ground = Ground(units(), np.ones(2 * SOURCES, np.bool_))
    levels = [ground.levels(seen(str(s), simulated(s)[0])) for s in (1, 2)]
    assert list(between(levels, ground, [1e-4], 0)) == []
    assert list(best_sets("picture", levels, ground, [1e-4])) == []


def test_an_equivalent_threshold_has_the_same_rate_of_collisions() -> None:
    """B's distances are twice A's: so is the threshold, and its interval holds it."""
    draws = np.random.default_rng(0).uniform(0.5, 1.5, (50, 1))
    rates = np.linspace(0.001, 1, 33)
    twice = np.repeat(rates, 2)[:65]
    a = Curve("a", np.arange(33.0), rates, np.minimum(rates * draws, 1), 100_000, (8.0,))
    b = Curve("b", np.arange(65.0), twice, np.minimum(twice * draws, 1), 100_000, ())
    (told,) = equivalents([a, b])
    assert told.threshold_b == 17
    assert told.interval is not None
    assert told.interval.low <= 17 <= told.interval.high
    few = Curve("a", a.grid, a.rates, a.drawn, 10, (0.0,))
    (refused,) = equivalents([few, b])
    assert refused.threshold_b is None
    assert "not resolvable with 10 pairs" in refused.note


def test_levels_grow_with_distance() -> None:
    ground = Ground(units(), np.ones(2 * SOURCES, np.bool_))
    far, own = simulated(3)
    levels = ground.levels(seen("a", far))
    in_order = levels.matching[np.argsort(own)]
    assert all(first <= second for first, second in pairwise(in_order.tolist()))
