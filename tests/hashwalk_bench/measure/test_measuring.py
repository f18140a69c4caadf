"""What a run says is what counting by hand says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hashwalk import Hash, Part
from hashwalk_bench.errors import RunError
from hashwalk_bench.measure.measuring import measure_run, read_measures
from hashwalk_bench.measure.model import Measured, Measures, Point
from hashwalk_bench.run.manifest import read_manifest, write_manifest

NewRun = Callable[[], Any]


def phash(value: int) -> Hash:
    return Hash.of("phash", value.to_bytes(8, "big"))


def pdq(value: int, quality: int) -> Hash:
    return Hash.of("pdq", value.to_bytes(32, "big"), quality)


def flipped(value: int, count: int) -> int:
    return value ^ ((1 << count) - 1)


def only(measures: Measures, format_id: str) -> Measured:
    (found,) = (each for each in measures.formats if each.format == format_id)
    return found


def point(measured: Measured, name: str) -> Point:
    (found,) = (each for each in measured.points if each.name == name)
    return found


def test_recall_and_collisions_at_the_published_threshold_are_those_counted_by_hand(
    new_run: NewRun,
) -> None:
    """Threshold 10. Three sources 32 bits apart; the copies are 4, 10, 11 and 64 bits away.

    The copy of the third source is the first original: a collision, and so is its being equal.
    Unrelated pairs: each of 3 originals with the 2 x 2 items of the others.
    """
    made = new_run()
    values = [0, (1 << 32) - 1, ((1 << 32) - 1) << 32]
    copies = [flipped(values[0], 4), flipped(values[1], 11), values[0]]
    for value, copy in zip(values, copies, strict=True):
        source = made.source("report")
        made.item(source, [phash(value)])
        made.item(source, [phash(copy)], "blur(sigma=1)")
    made.item(0, [phash(flipped(values[0], 10))], "crop(share=0.1)")
    found = only(measure_run(made.written()), "phash")
    told = point(found, "published")
    assert (told.recall.hits, told.recall.trials) == (2, 4)
    assert told.recall.value == pytest.approx((1 / 3 + 1) / 2)
    assert (told.collisions.hits, told.collisions.trials) == (1, 14)
    assert (found.equal.hits, found.equal.trials) == (1, 14)
    blur, crop = found.edited
    assert (blur.recall["published"].hits, blur.trials, blur.unusable) == (1, 3, 0)
    assert blur.recall["published"].interval is not None
    assert "Clopper" in blur.recall["published"].interval.method
    assert [bits for bits, count in enumerate(blur.distances) if count] == [4, 11, 32]
    assert (crop.recall["published"].hits, crop.mean_distance) == (1, 10)
    assert [f.family for f in found.families] == ["blur", "crop"]
    assert sum(found.original_pairs) == 3
    assert found.original_pairs[32] + found.original_pairs[64] == 3


def test_near_duplicates_collide_with_nobody_and_count_as_one_source(new_run: NewRun) -> None:
    """Sources 0 and 1 are one cluster and equal: 3 x 2 pairs in all would be of 3 clusters."""
    made = new_run()
    for cluster, value in ((0, 0), (0, 0), (2, (1 << 40) - 1)):
        source = made.source("report", cluster)
        made.item(source, [phash(value)])
        made.item(source, [phash(value)], "blur(sigma=1)")
    found = measure_run(made.written())
    told = only(found, "phash")
    assert (told.equal.hits, told.equal.trials) == (0, 8)
    assert told.equal.interval is not None
    assert told.equal.interval.low == 0 < told.equal.interval.high
    assert (found.corpus.clusters, found.corpus.near_duplicates) == (2, (2,))
    recall = told.edited[0].recall["published"]
    assert recall.value == 1
    assert recall.interval is not None
    assert recall.interval.low < 0.3


def test_a_rate_that_the_pairs_cannot_resolve_is_refused_in_words(new_run: NewRun) -> None:
    made = new_run()
    for number in range(3):
        source = made.source("choose" if number else "report")
        made.item(source, [phash(number << 20)])
    measures = measure_run(made.written())
    told = point(only(measures, "phash"), "fpr 1e-6")
    assert told.threshold is None
    assert told.collisions.value is None
    assert told.recall.value is None
    assert "not resolvable with 2 pairs" in told.note
    assert measures.between == ()


def test_thresholds_are_chosen_on_one_half_and_told_on_the_other(new_run: NewRun) -> None:
    """On ``choose`` unrelated hashes are 30 bits or more apart, on ``report`` all are equal."""
    made = new_run()
    random = np.random.default_rng(1)
    for number in range(48):
        half = "report" if number < 24 else "choose"
        source = made.source(half)
        value = 0 if half == "report" else int(random.integers(0, 1 << 63))
        made.item(source, [phash(value)])
        made.item(source, [phash(flipped(value, 3))], "blur(sigma=1)")
    told = point(only(measure_run(made.written()), "phash"), "fpr 1e-2")
    assert told.threshold is not None
    assert 15 < told.threshold < 30
    assert told.collisions.value == 1
    assert told.collisions.trials == 24 * 23 * 2
    assert (told.recall.hits, told.recall.trials) == (24, 24)


def test_an_unusable_hash_is_missed_and_its_reason_is_counted(new_run: NewRun) -> None:
    made = new_run()
    for number, quality in enumerate((100, 100, 20)):
        source = made.source("report")
        made.item(source, [pdq(number << 64, quality)])
        made.item(source, [pdq(number << 64, 10 if number == 1 else 90)], "blur(sigma=1)")
    source = made.source("report")
    made.item(source, [], failed={"pdq": "unsupported"})
    measures = measure_run(made.written())
    found = only(measures, "pdq")
    assert found.unusable_reasons == {"quality under 50": 1, "unsupported": 1}
    (coverage,) = measures.coverage
    assert (coverage.references, coverage.usable) == (4, 2)
    (blur,) = found.edited
    assert (blur.trials, blur.unusable, blur.recall["published"].hits) == (3, 2, 1)


def test_neither_path_nor_hash_nor_name_of_a_source_is_written(new_run: NewRun) -> None:
    made = new_run()
    values = [0x0123456789ABCDEF, 0xFEDCBA9876543210]
    for value in values:
        source = made.source("report")
        made.item(source, [phash(value)])
        made.item(source, [phash(value)], "blur(sigma=1)")
    folder = made.written()
    measures = measure_run(folder)
    text = (folder / "measures.json").read_text().lower()
    secrets = [f"{value:016x}" for value in values] + ["secret", ".png", str(folder)]
    secrets += [row[2] for row in made.rows[next(iter(made.rows))]]
    assert not [secret for secret in secrets if secret in text]
    assert read_measures(folder) == measures


def test_a_medium_without_edited_copies_is_measured_all_the_same(new_run: NewRun) -> None:
    made = new_run()
    for value in (0, (1 << 40) - 1):
        made.item(made.source("report"), [phash(value), Hash.of("dhash", bytes(8))])
    measures = measure_run(made.written())
    assert point(only(measures, "phash"), "published").recall.value is None
    assert (measures.moved, measures.moved_recall) == ((), ())
    assert only(measures, "dhash").equal.hits == 2


def test_equal_runs_give_equal_measures(new_run: NewRun) -> None:
    made = new_run()
    for number in range(6):
        source = made.source("report" if number % 2 else "choose")
        made.item(source, [phash(number * 0x0F0F0F0F)])
        made.item(source, [phash(number * 0x0F0F0F0F ^ number)], "blur(sigma=1)")
    folder = made.written()
    assert measure_run(folder) == measure_run(folder)


def test_cost_is_told_beyond_decoding_and_by_length(new_run: NewRun) -> None:
    made = new_run()
    for seconds in (0.01, 0.03):
        item = made.item(made.source("report"), [phash(5)])
        made.cost("phash", item, seconds)
        made.cost("decode", item, 0.1)
    cost = only(measure_run(made.written()), "phash").cost
    assert cost.items == 2
    assert cost.milliseconds == pytest.approx(20)
    assert cost.decode_milliseconds == pytest.approx(100)
    assert (cost.bytes, cost.times_real_time) == (8, None)


def test_localisation_says_how_far_the_ends_of_a_clip_are_off(new_run: NewRun) -> None:
    """The clip holds seconds 3 to 6; frames are told once a second, so the end is a second early.

    Of the source 3 to 5 s are found, of the clip 0 to 2 s: errors 0, 1, 0, 1.
    """
    name = "framewise:phash@1"
    frames = [phash((255 << 8 * (n % 8)) ^ (n << 3)).value for n in range(10)]
    whole = Hash(name, tuple(Part(v, None, float(n)) for n, v in enumerate(frames)))
    clip = Hash(name, tuple(Part(v, None, float(n)) for n, v in enumerate(frames[3:6])))
    other = Hash(name, (Part(phash((1 << 63) - 1).value, None, 0.0),))
    made = new_run()
    for copy in (clip, other):
        source = made.source("report", medium="video", seconds=10)
        made.item(source, [whole])
        made.item(source, [copy], "trim(share=0.3)", span=(3.0, 6.0, 0.0, 3.0))
    (told,) = only(measure_run(made.written()), name).localised
    assert (told.found.hits, told.found.trials) == (1, 2)
    assert (told.median_error_s, told.p90_error_s) == (0.5, 0.5)


def test_an_unfinished_run_and_a_folder_without_measures_are_refused(
    new_run: NewRun, tmp_path: Path
) -> None:
    """What is no folder, no run, no finished run and no measured run is told apart."""
    made = new_run()
    made.item(made.source("report"), [phash(1)])
    folder = made.written(finished=False)
    for read in (measure_run, read_measures):
        with pytest.raises(RunError, match=f"the run in {folder} is not finished"):
            read(folder)
        with pytest.raises(RunError, match=f"there is no folder {tmp_path / 'none'}: "):
            read(tmp_path / "none")
        with pytest.raises(RunError, match=f"{tmp_path} is not a run: it has no run.json"):
            read(tmp_path)
        with pytest.raises(RunError, match=r"run.json is not a run: it is a file"):
            read(folder / "run.json")
    write_manifest(folder, read_manifest(folder).finished())
    with pytest.raises(RunError, match=r"was not measured yet: `hashwalk bench measure"):
        read_measures(folder)


def test_a_look_up_in_a_list_says_what_its_size_does_to_a_rate(new_run: NewRun) -> None:
    made = new_run()
    for value in (0, 0, (1 << 40) - 1):
        made.item(made.source("report"), [phash(value)])
    measures = measure_run(made.written())
    told = [each for each in measures.lookups if each.point == "published"]
    assert [each.size for each in told] == [10**4, 10**5, 10**6, 10**7, 10**8]
    collisions = point(only(measures, "phash"), "published").collisions
    assert collisions.value is not None
    assert told[0].value == pytest.approx(1 - (1 - collisions.value) ** 10_000)
