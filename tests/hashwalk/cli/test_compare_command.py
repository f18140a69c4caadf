"""``hashwalk compare``: distance, threshold and verdict of two hashes."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Run

ZEROS = "0" * 64
NEAR = "0" * 60 + "00ff"
FAR = "f" * 64


def test_hashes_within_the_threshold_match(run_hashwalk: Run) -> None:
    done = run_hashwalk("compare", "pdq", ZEROS, NEAR)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].split() == ["distance", "8", "(hamming)"]
    assert done.stdout.splitlines()[-1].split() == ["verdict", "match"]
    assert "31" in done.stdout


def test_hashes_beyond_it_do_not_and_the_exit_code_is_still_0(run_hashwalk: Run) -> None:
    done = run_hashwalk("compare", "pdq", ZEROS, FAR)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].split() == ["verdict", "no", "match"]


def test_json_holds_the_same(run_hashwalk: Run) -> None:
    printed = json.loads(run_hashwalk("compare", "pdq", ZEROS, NEAR, "--json").stdout)
    wanted = {"format": "pdq", "distance": 8, "threshold": 31, "match": True, "reason": ""}
    assert printed == wanted


def test_hashes_may_be_in_any_encoding_of_the_format(run_hashwalk: Run) -> None:
    same = base64.b64encode(bytes.fromhex(NEAR)).decode()
    printed = json.loads(run_hashwalk("compare", "pdq", NEAR, same, "--json").stdout)
    assert printed["distance"] == 0


@pytest.mark.parametrize("format_id", ["pdq", "phash", "sha256"])
def test_files_are_hashed_first(run_hashwalk: Run, samples: Path, format_id: str) -> None:
    a, b = samples / "meadow.jpg", samples / "meadow-again.jpg"
    printed = json.loads(run_hashwalk("compare", format_id, a, b, "--json").stdout)
    assert (printed["distance"], printed["match"]) == (0, True)


def test_a_file_and_a_hash_can_be_compared(run_hashwalk: Run, samples: Path) -> None:
    picture = samples / "dunes.png"
    row = json.loads(run_hashwalk("hash", picture, "-f", "dhash", "--json").stdout)
    printed = json.loads(run_hashwalk("compare", "dhash", row["value"], picture, "--json").stdout)
    assert printed["distance"] == 0


@pytest.mark.parametrize("name", ["hash.txt", "hash.tmk"])
def test_a_file_that_holds_one_hash_can_be_compared(
    run_hashwalk: Run, vectors_folder: Path, tmp_path: Path, name: str
) -> None:
    """A TMK+PDQF vector is longer than an argument may be."""
    (tmp_path / "hash.txt").write_text(f"{NEAR}\n")
    vector = vectors_folder / "tmk" / "life-mpeg4-15fps.tmk"
    (tmp_path / "hash.tmk").write_bytes(vector.read_bytes())
    format_id = "tmk-pdqf" if name == "hash.tmk" else "pdq"
    other = vectors_folder / "clips" / "life-mpeg4-15fps.avi" if name == "hash.tmk" else NEAR
    done = run_hashwalk("compare", format_id, tmp_path / name, other, "--json")
    assert json.loads(done.stdout)["distance"] == 0


@pytest.mark.parametrize("content", [f"{NEAR}\n{FAR}\n", "a text\n", NEAR[:9]])
def test_a_file_that_holds_another_number_of_hashes_has_none(
    run_hashwalk: Run, tmp_path: Path, content: str
) -> None:
    (tmp_path / "hash.txt").write_text(content)
    done = run_hashwalk("compare", "pdq", tmp_path / "hash.txt", NEAR)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)


def test_quality_under_the_floor_gives_no_verdict(run_hashwalk: Run, vectors_folder: Path) -> None:
    flat = vectors_folder / "images" / "flat.png"
    printed: dict[str, Any] = json.loads(
        run_hashwalk("compare", "pdq", flat, flat, "--json").stdout
    )
    assert printed["match"] is None
    assert "quality" in printed["reason"]
    assert "no verdict: quality" in run_hashwalk("compare", "pdq", flat, flat).stdout


def test_a_text_that_is_no_hash_is_refused_without_repeating_it(run_hashwalk: Run) -> None:
    done = run_hashwalk("compare", "pdq", ZEROS, "abcdef12")
    assert (done.returncode, done.stdout) == (2, "")
    said = "hashwalk: B is neither a file that is there nor a hash: not a pdq hash ("
    assert done.stderr.startswith(said)
    assert "abcdef12" not in done.stderr


def test_a_file_that_cannot_be_hashed_is_one_line_and_exit_code_3(
    run_hashwalk: Run, samples: Path
) -> None:
    broken = samples / "meadow-broken.jpg"
    done = run_hashwalk("compare", "pdq", broken, ZEROS)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"hashwalk: {broken}: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["missing.jpg", "here/missing", "dangling"])
def test_a_file_that_is_not_there_is_one_line_that_names_it_and_exit_code_3(
    run_hashwalk: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "dangling").symlink_to("nowhere")
    done = run_hashwalk("compare", "pdq", ZEROS, name, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert done.stderr.startswith(f"hashwalk: {name}: ")
    assert "no such file" in done.stderr.lower()


def test_a_folder_is_wrong_usage(run_hashwalk: Run, tmp_path: Path) -> None:
    done = run_hashwalk("compare", "pdq", tmp_path, ZEROS)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"hashwalk: A is a folder, {tmp_path}: ")


@pytest.mark.parametrize("text", ["1.5,2.5", "ab/" + "c" * 300, "/" + "8" * 40, "8" * 5000])
def test_what_may_be_a_broken_hash_is_never_repeated(run_hashwalk: Run, text: str) -> None:
    done = run_hashwalk("compare", "pdq", ZEROS, text)
    assert done.returncode == 2
    assert text not in done.stderr
