"""Two runs of hand-made hashes: every change in them is known."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from hashwalk import Hash
from hashwalk_bench.comparing.model import Asked, Change, Changes
from hashwalk_bench.comparing.runs import compare_runs
from hashwalk_bench.errors import RunError
from hashwalk_bench.measure.measuring import measure_run
from hashwalk_bench.run.tables import Table

Run = Callable[..., subprocess.CompletedProcess[str]]
NewRun = Callable[[], Any]
Build = Callable[..., Path]

BLUR, CROP = "blur(sigma=1)", "crop(share=0.1)"
SOURCES = 48


def hashed(number: int, flips: int, format_id: str) -> Hash:
    """Return a hash that is `flips` bits from the one of a source; sources are strangers."""
    own = int.from_bytes(hashlib.sha256(b"%d" % number).digest()[:8], "big")
    return Hash.of(format_id, (own ^ ((1 << flips) - 1)).to_bytes(8, "big"))


@pytest.fixture
def build(new_run: NewRun, tmp_path: Path) -> Build:
    """Make and measure a run: the distances of each source's copies, by transform."""

    def run(
        name: str,
        copies: dict[str, Sequence[int]],
        *,
        formats: Sequence[str] = ("phash",),
        other_media: bool = False,
    ) -> Path:
        made = new_run()
        made.folder = tmp_path / name
        for number in range(SOURCES):
            source = made.source("report" if number % 2 else "choose")
            made.item(source, [hashed(number, 0, each) for each in formats])
            for transform, distances in copies.items():
                flips = distances[number]
                made.item(source, [hashed(number, flips, each) for each in formats], transform)
        if other_media:
            rows = made.rows[Table.SOURCES]
            rows[:] = [(*row[:2], f"{row[2][:-1]}x", *row[3:]) for row in rows]
        folder: Path = made.written()
        measure_run(folder)
        return folder

    return run


def found(changes: Changes, **wanted: str) -> list[Change]:
    return [
        change
        for change in changes.changes
        if all(getattr(change, name) == value for name, value in wanted.items())
    ]


def first(count: int, near: int = 0, far: int = 30) -> list[int]:
    """Return distances: those of the first `count` sources are far."""
    return [far] * count + [near] * (SOURCES - count)


def test_equal_runs_have_no_change(build: Build) -> None:
    before, after = (build(name, {BLUR: first(5)}) for name in ("a", "b"))
    changes = compare_runs(before, after)
    assert changes.changes == ()
    assert changes.compared > 10
    assert changes.paired == ("picture",)


def test_recall_that_fell_is_told_by_format_family_and_transform(build: Build) -> None:
    before = build("a", {BLUR: first(0), CROP: first(24)})
    after = build("b", {BLUR: first(24), CROP: first(24)})
    changes = compare_runs(before, after)
    told = found(changes, asked=Asked.RECALL, point="published")
    assert {(c.family, c.transform, c.change) for c in told} == {
        ("", "", -0.25),
        ("blur", "", -0.5),
        ("blur", BLUR, -0.5),
    }
    assert all(change.is_worse(0.01, 0.01) for change in told)
    assert not any(change.is_worse(0.5, 0.5) for change in told)
    assert all(change.is_certain for change in told)
    assert not any(c.is_worse(0.01, 0.01) for c in compare_runs(after, before).changes)


def test_over_the_same_media_a_small_change_is_certain_that_is_not_apart(build: Build) -> None:
    """Six of 48 are found no more, and none anew: by sources that is no chance."""
    before, after = build("a", {BLUR: first(8)}), build("b", {BLUR: first(14)})
    apart = build("c", {BLUR: first(14)}, other_media=True)
    (paired,) = found(compare_runs(before, after), point="published", transform=BLUR)
    (unpaired,) = found(compare_runs(before, apart), point="published", transform=BLUR)
    assert paired.change == unpaired.change == pytest.approx(-0.125)
    assert paired.is_certain
    assert not unpaired.is_certain
    assert compare_runs(before, apart).paired == ()


def test_a_threshold_chosen_on_other_sources_makes_no_change_certain(build: Build) -> None:
    before, far = build("a", {BLUR: first(0)}), {BLUR: first(24, far=60)}
    for name, other in (("b", False), ("c", True)):
        changes = compare_runs(before, build(name, far, other_media=other))
        told = found(changes, asked=Asked.RECALL, point="fpr 1e-2")
        assert {change.change for change in told} == {-0.5}
        assert {change.is_certain for change in told} == {not other}


def test_collisions_that_rose_are_worse(build: Build, new_run: NewRun, tmp_path: Path) -> None:
    """In the second run every original and copy has the same hash."""
    before = build("a", {BLUR: first(0)})
    made = new_run()
    made.folder = tmp_path / "b"
    for number in range(SOURCES):
        source = made.source("report" if number % 2 else "choose")
        made.item(source, [hashed(0, 0, "phash")])
        made.item(source, [hashed(0, 0, "phash")], BLUR)
    after = made.written()
    measure_run(after)
    (change,) = found(compare_runs(before, after), asked=Asked.COLLISIONS, point="published")
    assert change.change == pytest.approx(1)
    assert change.is_worse(0.01, 0.01)
    assert not change.is_worse(0.01, 1.0)


def test_other_transforms_than_before_are_no_comparison_of_the_whole(build: Build) -> None:
    before = build("a", {BLUR: first(3)}, formats=("phash", "dhash"))
    after = build("b", {BLUR: first(15), CROP: first(24)})
    changes = compare_runs(before, after)
    assert changes.only_before.formats == ("picture/dhash",)
    assert changes.only_after.transforms == (CROP,)
    assert changes.only_after.formats == changes.only_before.transforms == ()
    (whole,) = found(changes, asked=Asked.RECALL, point="published", family="")
    assert whole.change is None
    assert whole.note == "of other transforms in the one run than in the other"
    (blur,) = found(changes, point="published", transform=BLUR)
    assert blur.change == pytest.approx(-0.25)


def test_a_run_that_was_not_measured_is_refused(build: Build, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"is not a run"):
        compare_runs(build("a", {BLUR: first(0)}), tmp_path)


def test_measures_alone_are_compared_as_measured_apart(build: Build, tmp_path: Path) -> None:
    """A pooled run has no tables."""
    before, after = build("a", {BLUR: first(0)}), build("b", {BLUR: first(24)})
    pooled = tmp_path / "pooled"
    pooled.mkdir()
    (pooled / "measures.json").write_bytes((after / "measures.json").read_bytes())
    changes = compare_runs(before, pooled)
    assert changes.paired == ()
    assert found(changes, point="published", transform=BLUR)[0].is_certain


def test_the_command_ends_with_3_where_a_rate_is_worse(
    build: Build, run_hashwalk: Run, tmp_path: Path
) -> None:
    before, after = build("a", {BLUR: first(0)}), build("b", {BLUR: first(24)})
    out = tmp_path / "changes.json"
    command = ("bench", "compare", before, after)
    done = run_hashwalk(*command, "--fail-if-worse", "0.01", "-o", out)
    assert (done.returncode, done.stderr) == (3, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "-50.0" in done.stdout
    written = out.read_text()
    assert "secret" not in written
    assert len(json.loads(written)["changes"]) == len(compare_runs(before, after).changes)


@pytest.mark.parametrize("options", [(), ("--fail-if-worse", "0.6", "--fail-if-confused", "0")])
def test_the_command_ends_with_0_where_no_rate_is_worse_by_more_than_allowed(
    build: Build, run_hashwalk: Run, options: tuple[str, ...]
) -> None:
    before, after = build("a", {BLUR: first(0)}), build("b", {BLUR: first(24)})
    done = run_hashwalk("bench", "compare", before, after, *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert ("Nothing is worse" in done.stdout) == bool(options)
