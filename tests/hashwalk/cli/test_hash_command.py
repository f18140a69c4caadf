"""``hashwalk hash``: hashes of a few files on the spot."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hashwalk.registry import get_format, registry

if TYPE_CHECKING:
    from conftest import Run

KEYS = ["uri", "sha256", "format", "part", "time_s", "value", "quality"]


@pytest.fixture
def picture(samples: Path) -> Path:
    return samples / "meadow.jpg"


def lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_json_has_one_line_a_value_with_exactly_these_keys(
    run_hashwalk: Run, picture: Path
) -> None:
    done = run_hashwalk("hash", picture, "-f", "pdq", "-f", "phash", "--json")
    rows = lines(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert [list(row) for row in rows] == [KEYS, KEYS]
    assert {row["format"] for row in rows} == {"pdq", "phash"}
    assert {row["uri"] for row in rows} == {picture.as_uri()}
    assert {row["sha256"] for row in rows} == {hashlib.sha256(picture.read_bytes()).hexdigest()}


def test_values_are_the_formats_own_text(
    run_hashwalk: Run, vectors_folder: Path, vectors: dict[str, Any]
) -> None:
    name = "fractal-1600x1004.jpg"
    done = run_hashwalk("hash", vectors_folder / "images" / name, "-f", "pdq", "--json")
    reference = vectors["images"][name]["pdq"]
    (row,) = lines(done.stdout)
    assert row["value"] in json.dumps(reference)
    assert get_format("pdq").parse(row["value"])


def test_a_clip_gives_a_line_a_frame_with_its_time_and_quality(
    run_hashwalk: Run, samples: Path
) -> None:
    done = run_hashwalk("hash", samples / "drift.mp4", "-f", "vpdq", "--json")
    rows = lines(done.stdout)
    assert [row["part"] for row in rows] == list(range(len(rows)))
    assert [row["time_s"] for row in rows] == sorted(row["time_s"] for row in rows)
    assert len(rows) == 4
    assert all(0 <= row["quality"] <= 100 for row in rows)


def test_without_an_id_every_default_format_that_fits_is_computed(
    run_hashwalk: Run, picture: Path
) -> None:
    done = run_hashwalk("hash", picture, "--json")
    wanted = {i for i in registry().default_ids() if registry()[i].spec.kind in ("file", "picture")}
    assert done.returncode == 0
    assert {row["format"] for row in lines(done.stdout)} == wanted


def test_the_table_shows_values_whole(run_hashwalk: Run, picture: Path) -> None:
    done = run_hashwalk("hash", picture, "-f", "sha256", "-f", "dhash")
    first, header, *rows = done.stdout.splitlines()
    assert (done.returncode, first, header.split()) == (0, str(picture), ["format", "value"])
    assert rows[0].split() == ["sha256", hashlib.sha256(picture.read_bytes()).hexdigest()]
    assert rows[1].split()[0] == "dhash"


def test_the_table_shows_the_start_of_a_vector(run_hashwalk: Run, samples: Path) -> None:
    done = run_hashwalk("hash", samples / "drift.mp4", "-f", "tmk-pdqf")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) < 8
    assert "351,128 characters" in " ".join(done.stdout.split())
    whole = run_hashwalk("hash", samples / "drift.mp4", "-f", "tmk-pdqf", "--json")
    assert [len(row["value"]) for row in lines(whole.stdout)] == [351_128]


def test_the_table_of_a_clip_fits_in_80_columns(run_hashwalk: Run, samples: Path) -> None:
    done = run_hashwalk("hash", samples / "drift.mp4", "-f", "vpdq", "-f", "framewise:pdq@1")
    _, header, *rows = done.stdout.splitlines()
    assert header.split() == ["format", "part", "time_s", "quality", "value"]
    assert max(map(len, (header, *rows))) <= 80


def test_files_that_fail_are_named_and_the_others_printed(
    run_hashwalk: Run, samples: Path, tmp_path: Path
) -> None:
    good, broken, missing = samples / "dunes.png", samples / "meadow-broken.jpg", tmp_path / "no"
    done = run_hashwalk("hash", missing, broken, good, "-f", "pdq", "--json")
    assert done.returncode == 3
    assert [row["uri"] for row in lines(done.stdout)] == [good.as_uri()]
    first, second = done.stderr.splitlines()
    assert first.startswith(f"hashwalk: {missing}: ")
    assert first.endswith("(unreadable)")
    assert second.startswith(f"hashwalk: {broken}: ")
    assert second.endswith("(truncated)")


def test_a_file_that_cannot_be_looked_at_fails_and_the_others_are_hashed(
    run_hashwalk: Run, picture: Path, tmp_path: Path
) -> None:
    dangling, circle = tmp_path / "dangling.webp", tmp_path / "circle.webp"
    dangling.symlink_to("nowhere")
    circle.symlink_to(circle.name)
    endless = tmp_path / ("endless" * 50)
    done = run_hashwalk("hash", dangling, circle, endless, picture, "-f", "dhash")
    assert done.returncode == 3
    assert done.stdout.splitlines()[0] == str(picture)
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == [
        str(dangling),
        str(circle),
        str(endless),
    ]


def test_only_files_that_have_hashes_are_printed_with_a_line_between(
    run_hashwalk: Run, samples: Path, tmp_path: Path
) -> None:
    done = run_hashwalk("hash", tmp_path / "none", "-f", "dhash")
    assert (done.returncode, done.stdout) == (3, "")
    names = [samples / "dunes.png", tmp_path / "none", samples / "reef.jpg"]
    first, second = run_hashwalk("hash", *names, "-f", "dhash").stdout.split("\n\n")
    assert (first.splitlines()[0], second.splitlines()[0]) == (str(names[0]), str(names[2]))


def test_that_no_format_applies_is_said_and_no_failure(run_hashwalk: Run, picture: Path) -> None:
    done = run_hashwalk("hash", picture, "-f", "vpdq")
    said = f"hashwalk: {picture}: no hash, since vpdq cannot be made of a picture\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", said)


def test_a_pdq_fits_in_80_columns_in_one_piece(run_hashwalk: Run, picture: Path) -> None:
    row = run_hashwalk("hash", picture, "-f", "pdq").stdout.splitlines()[-1]
    assert (row.split()[0], len(row.split()[-1])) == ("pdq", 64)


def test_a_folder_is_refused_before_anything_is_hashed(
    run_hashwalk: Run, samples: Path, picture: Path
) -> None:
    done = run_hashwalk("hash", picture, samples, "-f", "md5")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{samples} is a folder: use `hashwalk rehash" in done.stderr


def test_an_unknown_id_is_refused_before_anything_is_hashed(
    run_hashwalk: Run, picture: Path
) -> None:
    done = run_hashwalk("hash", picture, "-f", "pdq", "-f", "phsh")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hashwalk: no format 'phsh'; did you mean")
