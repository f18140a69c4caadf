"""``hashwalk bench calibrate``, ``share`` and ``pool``, as a person runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hashwalk import Hash
from hashwalk.translation import read_card
from hashwalk_bench.measure.measuring import measure_run, read_measures

if TYPE_CHECKING:
    from conftest import Made, Run


@pytest.fixture
def run_folder(new_run: Callable[[], Made]) -> Path:
    """A measured run of twelve sources, each with one variant."""
    random, made = np.random.default_rng(3), new_run()
    for place in range(12):
        source = made.source("choose" if place % 2 else "report")
        value = random.integers(0, 256, 8, np.uint8)
        made.item(source, [Hash.of("phash", value.tobytes())])
        made.item(source, [Hash.of("phash", (value ^ (place % 3)).tobytes())], "jpeg(quality=20)")
    folder = made.written()
    measure_run(folder)
    return folder


def test_what_two_members_share_is_pooled_into_a_run(
    run_hashwalk: Run, run_folder: Path, tmp_path: Path
) -> None:
    for name in ("a.json", "b.json"):
        done = run_hashwalk("bench", "share", run_folder, "-o", tmp_path / name, "-k", "2")
        assert done.returncode == 0, done.stderr
    pooled = run_hashwalk("bench", "pool", tmp_path / "a.json", tmp_path / "b.json",
                          "-o", tmp_path / "both")  # fmt: skip
    assert pooled.returncode == 0, pooled.stderr
    assert "2 members pooled" in pooled.stderr
    measures = read_measures(tmp_path / "both")
    assert measures.formats[0].references == 24
    assert measures.limits
    again = run_hashwalk("bench", "pool", tmp_path / "a.json", tmp_path / "b.json",
                         "-o", tmp_path / "both")  # fmt: skip
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "name a new folder" in again.stderr


def test_one_member_alone_is_refused(run_hashwalk: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    done = run_hashwalk("bench", "pool", tmp_path / "a.json", "-o", tmp_path / "both")
    told = "hashwalk: one file of counts is nothing to add up: give two or more\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
    assert not (tmp_path / "both").exists()


def test_one_member_given_twice_is_refused(run_hashwalk: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    done = run_hashwalk("bench", "pool", tmp_path / "a.json", tmp_path / "a.json",
                        "-o", tmp_path / "both")  # fmt: skip
    assert done.returncode == 2
    assert "given twice" in done.stderr


def test_a_calibration_card_is_written_and_its_thresholds_are_shown(
    run_hashwalk: Run, run_folder: Path, tmp_path: Path
) -> None:
    card = tmp_path / "card.json"
    done = run_hashwalk("bench", "calibrate", run_folder, "-o", card)
    assert done.returncode == 0, done.stderr
    assert "phash" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert read_card(card).formats["phash"].media == 12
    assert "secret" not in card.read_text()
    assert json.loads(card.read_text())["corpus"]["synthetic"] is True


def test_what_cannot_be_shared_or_calibrated_is_said(
    run_hashwalk: Run, run_folder: Path, tmp_path: Path
) -> None:
    shared = run_hashwalk("bench", "share", run_folder, "-o", tmp_path / "few.json", "-k", "9")
    assert "too few sources to share what these find: phash" in shared.stderr
    card = run_hashwalk("bench", "calibrate", run_folder, "-o", tmp_path / "card.json")
    assert "made up by a program" in card.stderr


def test_a_folder_that_is_no_run_is_one_line(run_hashwalk: Run, tmp_path: Path) -> None:
    for command in ("calibrate", "share"):
        done = run_hashwalk("bench", command, tmp_path, "-o", tmp_path / "x.json")
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert f"{tmp_path} is not a run: it has no run.json" in done.stderr
