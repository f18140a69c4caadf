"""The command line speaks into whatever its standard streams are: closed, full, or only ASCII."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HASHWALK = f"{sys.executable} -m hashwalk"
UMLAUTS = "böse-ü.png"


@pytest.fixture(scope="module")
def place(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a picture whose name is not ASCII, a broken one, and their cross-walk."""
    place = tmp_path_factory.mktemp("place")
    (place / "media").mkdir()
    shutil.copy(samples / "dunes.png", place / "media" / UMLAUTS)
    (place / "media" / "kaputt-ü.png").write_bytes((samples / "dunes.png").read_bytes()[:999])
    assert shell(place, "rehash media -o walk -f md5,dhash").returncode == 3
    return place


def shell(folder: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a shell, which can close its streams."""
    return subprocess.run(
        ["bash", "-c", f"{HASHWALK} {command}"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=120,
        check=False,
    )


WRITERS = [
    (f"hash media/{UMLAUTS} -f dhash", 0),
    ("formats pdq", 0),
    ("crosswalk show walk", 0),
    ("rehash media -o walk -f md5,dhash --json --quiet", 3),
]
"""Commands that write to standard output, with their exit codes."""


@pytest.mark.parametrize("command", [command for command, _ in WRITERS])
def test_closed_output_is_one_line_and_exit_code_1(place: Path, command: str) -> None:
    done = shell(place, f"{command} >&-")
    assert done.returncode == 1
    assert done.stderr.endswith("hashwalk: standard output: it is closed\n")
    assert len(done.stderr.splitlines()) <= 2, "one line, and of a re-hash what failed before"


@pytest.mark.parametrize("command", ["formats", "--help", WRITERS[0][0]])
def test_a_full_disk_is_one_line_and_exit_code_1(place: Path, command: str) -> None:
    done = shell(place, f"{command} >/dev/full")
    assert (done.returncode, done.stderr) == (1, "hashwalk: No space left on device\n")


def test_a_job_that_has_nothing_to_print_needs_no_output(place: Path) -> None:
    done = shell(place, "rehash media -o no-output -f md5 >&-")
    assert done.returncode == 0
    assert "2 hashes written" in done.stderr


@pytest.mark.parametrize(("command", "code"), WRITERS)
def test_only_standard_output_has_to_be_there(place: Path, command: str, code: int) -> None:
    done = shell(place, f"{command} <&- 2>&-")
    assert done.returncode == code
    assert done.stdout


@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full"])
def test_failures_that_cannot_be_said_do_not_stop_a_job(place: Path, stderr: str) -> None:
    new = f"unsaid{len(stderr)}"
    assert shell(place, f"rehash media -o {new} -f dhash,md5 {stderr}").returncode == 3
    shown = json.loads(shell(place, f"crosswalk show {new} --json").stdout)
    assert sorted(format_id for m in shown["media"] for format_id in m["hashes"]) == [
        "dhash",
        "md5",
        "md5",
    ]


def test_a_list_on_closed_input_is_wrong_usage(place: Path) -> None:
    done = shell(place, "rehash - -o new <&-")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "the source - needs a stream" in done.stderr


def test_a_cross_walk_does_not_get_what_is_written_to_closed_streams(place: Path) -> None:
    """A file that is opened first would get the number of standard error."""
    assert shell(place, "rehash media -o new -f vpdq,md5,dhash <&- >&- 2>&-").returncode == 3
    assert shell(place, "crosswalk verify new").returncode == 0


def test_a_reader_that_goes_away_is_no_error_to_speak_of(place: Path) -> None:
    done = shell(place, "formats --json | head -c 1")
    assert (done.stdout, done.stderr) == ("{", "")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("hash media/* -f dhash", 3),
        ("crosswalk show walk", 0),
        ("rehash media -o walk -f dhash --retry-failed", 3),
    ],
)
@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
)
def test_characters_that_an_encoding_lacks_are_escaped(
    place: Path, environment: dict[str, str], command: str, code: int
) -> None:
    done = shell(place, command, **environment)
    assert (done.returncode, "error" in done.stderr) == (code, False)
    assert (done.stdout + done.stderr).isascii()


def test_bytes_in_a_name_that_are_no_text_are_shown_as_bytes(place: Path, tmp_path: Path) -> None:
    shutil.copy(place / "media" / UMLAUTS, os.fsdecode(bytes(tmp_path) + b"/\xff.png"))
    assert shell(tmp_path, "rehash *.png -o new -f md5 --quiet").returncode == 0
    assert "1  \\xff.png" in shell(tmp_path, "crosswalk show new").stdout
    assert shell(tmp_path, "hash *.png -f dhash").stdout.startswith("\\xff.png\n")
