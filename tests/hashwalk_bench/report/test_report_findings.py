"""The findings are made from the numbers, and say what the numbers cannot tell."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hashwalk_bench.measure.model import Measures
from hashwalk_bench.report.findings import findings, warnings
from hashwalk_bench.report.scope import scopes

Simulate = Callable[..., Measures]


def said(measures: Measures, medium: int = 0) -> dict[str, str]:
    found = findings(scopes(measures)[medium], measures)
    return {each.question: each.sentence for each in found}


def test_the_format_with_the_highest_recall_at_equal_confusion_is_named_first(
    simulate: Simulate,
) -> None:
    measures = simulate(sources=40)
    scope = scopes(measures)[0]
    best = max(scope.formats, key=lambda m: scope.found(m).value or 0)
    assert scope.target is not None
    assert f"{best.format} finds most" in said(measures)["What finds most"]
    assert said(measures)["What finds most"].startswith("At 1 false alarm in ")


def test_formats_whose_intervals_overlap_are_not_told_apart(simulate: Simulate) -> None:
    same = {"one": (64, 10.0, 0.6), "two": (64, 10.0, 0.6)}
    far = {"one": (256, 31.0, 0.2), "two": (64, 4.0, 1.9)}
    assert "does not tell it apart from" in said(simulate(pictures=same))["What finds most"]
    assert "Next is two" in said(simulate(sources=200, pictures=far))["What finds most"]


def test_an_edit_after_which_nothing_is_found_is_named(simulate: Simulate) -> None:
    measures = simulate(pictures={"weak": (64, 1.0, 8.0)}, videos={})
    assert "No format finds" in said(measures)["After which edit"]
    assert "turn" in said(measures)["After which edit"]


def test_no_collision_is_a_bound_and_never_nothing(simulate: Simulate) -> None:
    told = said(simulate(pictures={"clean": (256, 5.0, 0.5)}))["What is confused"]
    assert "clean confused no pair" in told
    assert "at most 1 in" in told


def test_what_is_not_resolved_says_how_many_pairs_it_needs(simulate: Simulate) -> None:
    told = said(simulate())["What this run cannot tell"]
    assert "not resolvable" in told
    assert "1 in 1,000,000 needs 10,000,000 pairs, about" in told


def test_a_gain_that_may_be_none_is_no_gain(simulate: Simulate) -> None:
    measures = simulate()
    gains = [
        msgspec.structs.replace(
            pair,
            union_gain=msgspec.structs.replace(
                pair.union_gain,
                interval=msgspec.structs.replace(pair.union_gain.interval, low=-0.01),
            ),
        )
        for pair in measures.between
    ]
    assert "adds most" in said(measures)["What a second format adds"]
    unsure = msgspec.structs.replace(measures, between=tuple(gains))
    assert "tells from none" in said(unsure)["What a second format adds"]


def test_without_a_resolved_rate_published_thresholds_are_said_to_differ(
    simulate: Simulate,
) -> None:
    told = said(simulate(sources=4, ladders=1))["What finds most"]
    assert told.startswith("At their published thresholds, at which formats do not confuse equally")


def test_a_synthetic_and_a_small_corpus_are_said_first(simulate: Simulate) -> None:
    assert [each.question for each in warnings(simulate())] == ["Synthetic corpus"]
    assert [each.question for each in warnings(simulate(synthetic=False))] == ["Small corpus"]
    assert warnings(simulate(sources=200, videos={}, ladders=1, synthetic=False)) == []
