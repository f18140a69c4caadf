"""The translation report: what is counted as wrong and missed is so, and every row is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hashwalk.hashlists import Record, read_list, write_list
from hashwalk_bench import translation
from hashwalk_bench.synthetic import THRESHOLD, draw_lookups, write_crosswalk


def test_a_small_list_is_translated_and_measured(capsys: pytest.CaptureFixture[str]) -> None:
    translation.main(["--media", "300", "--records", "80"])
    printed = capsys.readouterr().out
    assert printed.count(" <= 0 yes\n") == 2
    for wanted in ("translate of 80 records", "40 equal ones", "20 near ones in faiss", ">= 100 "):
        assert printed.count(wanted) == 1
    assert max(map(len, printed.splitlines())) <= 80


def test_lookups_are_as_far_from_their_media_as_they_say(tmp_path: Path) -> None:
    codes = write_crosswalk(tmp_path / "walk", 50)
    lookups = draw_lookups(codes, 40)
    distance = np.bitwise_count(lookups.codes[:30] ^ codes[lookups.media[:30]]).sum(axis=1)
    assert distance.tolist() == lookups.distances[:30].tolist()
    assert distance[:20].tolist() == [0] * 20
    assert 1 <= distance[20:].min() <= distance[20:].max() <= THRESHOLD
    assert lookups.media[30:].tolist() == lookups.distances[30:].tolist() == [-1] * 10


def test_wrong_and_missed_records_are_counted(tmp_path: Path) -> None:
    crosswalk, out = tmp_path / "walk", tmp_path / "out"
    lookups = draw_lookups(write_crosswalk(crosswalk, 50), 8)
    translation.measure_command(crosswalk, lookups, tmp_path)
    right = list(read_list(tmp_path / "out.jsonl"))
    assert len(right) == 12

    def errors(records: list[Record]) -> tuple[int, int]:
        write_list(records, out, "jsonl")
        return translation.count_errors(out, lookups)

    assert errors(right) == (0, 0)
    assert errors(right[1:]) == (0, 1)
    assert right[0].translation is not None
    for change in ({"media_sha256": "0" * 64}, {"distance": 1.0}, {"ambiguous": True}):
        wrong = replace(right[0], translation=replace(right[0].translation, **change))  # type: ignore[arg-type]
        assert errors([wrong, *right[1:]]) == (1, 0)
    assert errors([*right, replace(right[0], entry_id="7")])[0] == 1
