"""`hashwalk bench conformance` prints the comparison, writes it as JSON and ends with a code."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_table_fits_80_columns_and_says_the_verdict(
    run_hashwalk: Run, pictures: Path, tmp_path: Path
) -> None:
    """The JSON is readable by its owner alone and names no file."""
    out = tmp_path / "conformance.json"
    wanted = ("--against", "imagehash", "-f", "phash,dhash-vertical,whash-haar", "-o", out)
    done = run_hashwalk("bench", "conformance", *wanted, "--media", pictures)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stdout.count("the same") == 3
    assert done.stdout.startswith("imagehash 4.")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert json.loads(out.read_text())["differing"] is None
    assert str(pictures) not in out.read_text()


@pytest.mark.oracle
def test_a_program_that_differs_ends_with_3_and_names_files_when_asked(
    run_hashwalk: Run, pictures: Path
) -> None:
    pytest.importorskip("threatengine", reason="the extra `oracles` is not installed")
    wanted = ("--against", "threatengine", "--media", pictures, "--files")
    done = run_hashwalk("bench", "conformance", *wanted)
    assert (done.returncode, done.stderr) == (3, "")
    assert "not this format" in done.stdout
    assert "what version 0.3.0 calls PDQ is not PDQ" in done.stdout
    assert f"\n{pictures / '3.jpg'}\n  threatengine, pdq_hash_file: " in done.stdout


def test_a_format_that_is_not_computed_is_refused_beside_one_that_is(
    run_hashwalk: Run, pictures: Path
) -> None:
    wanted = ("--against", "imagehash", "-f", "dhash,dhsh", "--media", pictures)
    done = run_hashwalk("bench", "conformance", *wanted)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "no dhsh is computed by imagehash; did you mean dhash" in done.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pdqhash,", "hashwalk: --against names no implementation; --help lists them\n"),
        (
            "imagehash",
            "hashwalk: --python /nowhere/python cannot be run: No such file or directory\n",
        ),
    ],
)
def test_what_makes_no_sense_is_one_line_of_usage(
    run_hashwalk: Run, pictures: Path, name: str, message: str
) -> None:
    wanted = ("--against", name, "--media", pictures, "--python", "/nowhere/python")
    done = run_hashwalk("bench", "conformance", *wanted)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
