"""The findings are made from the numbers, and say what the numbers cannot tell."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hashwalk_bench.measure.model import Interval, Measures, Point, Rate
from hashwalk_bench.report.contents import contents
from hashwalk_bench.report.facts import origin
from hashwalk_bench.report.findings import findings, pairs_words, warnings
from hashwalk_bench.report.scope import scopes
from hashwalk_bench.statistics.proportions import exact_rate

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
    assert "what crop(share=0.02) does" in said(measures)["After which edit"]


def test_the_hardest_steps_of_ladders_are_named_the_hardest_first(simulate: Simulate) -> None:
    """A family that is easy on average may have a step that is hard."""
    measures = simulate(sources=200, pictures={"frail": (64, 4.0, 1.0)}, videos={}, ladders=3)
    told = said(measures)["After which edit"]
    (measured,) = measures.formats
    point = scopes(measures)[0].fair
    rates = {e.transform: e.recall[point].value or 0 for e in measured.edited}
    hard = sorted((n for n, value in rates.items() if 0 < value < 0.5), key=lambda n: rates[n])
    assert len(hard) > 1
    places = [told.index(f"what {name} does, in words (frail finds most") for name in hard]
    assert places == sorted(places)


def test_a_format_alone_finds_and_does_not_find_most(simulate: Simulate) -> None:
    told = said(simulate(pictures={"alone": (64, 10.0, 0.5)}, videos={}, ladders=1))
    assert "alone finds " in told["What finds most"]
    assert "finds most" not in told["What finds most"]


def test_where_nothing_is_found_no_format_finds_most(simulate: Simulate) -> None:
    blind = {"one": (64, 0.0, 60.0), "two": (64, 0.0, 60.0)}
    edits = simulate(sources=4, pictures=blind, videos={}, ladders=5)
    formats = tuple(
        msgspec.structs.replace(m, points=tuple(_without_recall(p) for p in m.points))
        for m in edits.formats
    )
    told = said(msgspec.structs.replace(edits, formats=formats))["What finds most"]
    assert told.endswith("no format finds any of the edited copies of pictures.")


def _without_recall(point: Point) -> Point:
    untold = point.recall.value is None
    return point if untold else msgspec.structs.replace(point, recall=exact_rate(0, 20))


def test_the_first_line_counts_what_was_measured(simulate: Simulate) -> None:
    measures = simulate(pictures={"alone": (64, 10.0, 0.5)}, videos={}, ladders=1)
    more = {**measures.transforms, "remux": "never made"}
    measures = msgspec.structs.replace(measures, transforms=more)
    assert origin(measures) == "30 pictures, 3 edits, 1 format"


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


def test_few_videos_beside_many_pictures_are_a_small_corpus(simulate: Simulate) -> None:
    measures = simulate(sources=150, ladders=1, synthetic=False)
    (told,) = warnings(measures)
    assert told.sentence.startswith("75 videos order formats roughly.")


def test_what_measures_cannot_say_is_said_first(simulate: Simulate) -> None:
    limits = ("This report pools the counts of 2 members.", "More.")
    measures = msgspec.structs.replace(simulate(ladders=1), limits=limits)
    first, *_ = warnings(measures)
    assert (first.question, first.sentence.startswith(limits[0])) == ("Read the limits", True)


def test_a_handful_of_collisions_is_counted_and_no_rate(simulate: Simulate) -> None:
    measures = simulate(sources=40, pictures={"few": (64, 10.0, 0.5)}, videos={}, ladders=1)
    (measured,) = measures.formats
    published, *others = measured.points
    seldom = msgspec.structs.replace(published, collisions=exact_rate(3, 8_128))
    changed = msgspec.structs.replace(measured, points=(seldom, *others))
    told = said(msgspec.structs.replace(measures, formats=(changed,)))["What is confused"]
    assert "of unrelated pictures, 3 of 8,128 pairs (at most 1 in 930) match" in told


def test_so_many_originals_as_are_said_to_be_needed_suffice() -> None:
    """A square number of pairs grows with originals; what is said is rounded up."""
    assert pairs_words(1e-4, 83_663, 150) == "100,000 pairs, about 170 originals in all"
    assert pairs_words(1e-2, 0, 5) == "1,000 pairs"


def test_a_change_that_may_be_none_is_no_loss_and_no_gain(simulate: Simulate) -> None:
    measures = simulate(ladders=1)
    told = said(changed(measures, value=-0.018, low=-0.056, high=0.021))
    assert told["What a list loses by moving"].startswith("This run tells no loss or gain")
    assert "loses" not in told["What a list loses by moving"]


def test_a_loss_is_told_without_a_sign(simulate: Simulate) -> None:
    told = said(changed(simulate(ladders=1), value=-0.146, low=-0.218, high=-0.074))
    lost = told["What a list loses by moving"]
    assert lost.endswith(": 14.6 points (7.4 to 21.8) of recall.")
    assert "−" not in lost
    assert "gains" not in lost
    gained = said(changed(simulate(ladders=1), value=0.1, low=0.05, high=0.15))
    told_gain = gained["What a list loses by moving"]
    assert told_gain.startswith("A list of edited copies gains most from ")
    assert told_gain.endswith(": 10.0 points (5.0 to 15.0) of recall.")


def changed(measures: Measures, value: float, low: float, high: float) -> Measures:
    """Return measures in which a list changes by so much from any format to any other."""
    inside = Interval(low=low, high=high, method="bootstrap of sources")
    change = Rate(hits=0, trials=100, value=value, interval=inside)
    moved = tuple(msgspec.structs.replace(m, change=change) for m in measures.moved_recall)
    return msgspec.structs.replace(measures, moved_recall=moved)


def test_without_unrelated_pairs_no_part_of_them_is_spoken_of(simulate: Simulate) -> None:
    measures = simulate(sources=4, pictures={"alone": (64, 10.0, 0.5)}, videos={}, ladders=1)
    for pairs, words in ((0, "no unrelated pairs"), (12, "12 unrelated pairs")):
        formats = tuple(
            msgspec.structs.replace(m, non_matching_pairs=pairs) for m in measures.formats
        )
        told = said(msgspec.structs.replace(measures, formats=formats))
        assert told["What this run cannot tell"].startswith(f"With {words} this run tells no rate")
        assert "quarter" not in told["What this run cannot tell"]


def test_one_more_name_is_named_and_not_counted(simulate: Simulate) -> None:
    for count, counted in ((6, False), (7, True)):
        alike = [f"format-{number}" for number in range(count)]
        measures = simulate(pictures={"one": (64, 10.0, 0.6)}, videos={}, ladders=1)
        formats = tuple(msgspec.structs.replace(measures.formats[0], format=n) for n in alike)
        told = said(msgspec.structs.replace(measures, formats=formats))["What finds most"]
        assert ("2 more" in told) == counted
        assert "1 more" not in told


def test_how_to_read_it_speaks_of_no_column_that_is_not_there(simulate: Simulate) -> None:
    resolved, unresolved = simulate(ladders=1), simulate(sources=4, ladders=1)
    mixed = msgspec.structs.replace(
        resolved,
        formats=tuple(m for m in resolved.formats if m.medium == "picture")
        + tuple(m for m in unresolved.formats if m.medium == "video"),
    )
    assert "no column at equal confusion" in contents(unresolved).reading[-1]
    assert "in the column at equal confusion, of pictures." in contents(mixed).reading[-1]


def test_where_members_shared_too_little_for_any_recall_it_is_said(simulate: Simulate) -> None:
    measures = simulate(ladders=0, videos={})
    assert said(measures)["What is found"].startswith("No recall is told: this run has no edited")
    pooled = msgspec.structs.replace(measures, made={"pooled_members": 2})
    assert "members shared too few sources of pictures" in said(pooled)["What is found"]
    assert "0 edits" not in origin(pooled)
    assert "What is found" not in said(simulate(ladders=1))


def test_a_table_without_rows_is_left_out(simulate: Simulate) -> None:
    told = contents(simulate(ladders=0))
    assert [table.id for table in told.tables() if not table.rows] == []
    assert [medium.det for medium in told.media] == [None, None]


def test_where_members_shared_no_format_it_is_said_before_all_else(simulate: Simulate) -> None:
    empty = msgspec.structs.replace(simulate(ladders=0), formats=())
    pooled = msgspec.structs.replace(empty, made={"pooled_members": 2})
    assert "0 " not in origin(empty)
    assert warnings(empty)[0].sentence.startswith("there are no hashes of any format")
    assert warnings(pooled)[0].sentence.startswith("members shared too few sources for any recall")
