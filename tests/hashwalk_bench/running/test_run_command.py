"""``hashwalk bench run``: killed and gone on with, told what failed, refused in one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hashwalk_bench.run.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Run

SAME = (Table.SOURCES, Table.ITEMS, Table.HASHES, Table.FAILURES)


@pytest.fixture
def start(
    tiny_media: Path, tiny_suite: Path, narrow_plugin: Path
) -> Callable[[Path], subprocess.Popen[str]]:
    """Start the command, as ``benchmark`` runs it, with one worker."""

    def started(folder: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "hashwalk", "bench", "run", "--media", tiny_media]
        command += ["-o", folder, "--suite", tiny_suite, "--seed", "5", "--workers", "1"]
        environment = {**os.environ, "PYTHONPATH": str(narrow_plugin), "COLUMNS": "80"}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)

    return started


def test_killed_twice_it_ends_with_the_files_of_a_run_that_was_not(
    start: Callable[[Path], subprocess.Popen[str]], finished_run: Path, tmp_path: Path
) -> None:
    """The second kill is Ctrl-C, which says how to go on."""
    folder = tmp_path / "run"
    with start(folder) as process:
        wait_for_parts(process, folder, 2)
        process.kill()
    with start(folder) as process:
        wait_for_parts(process, folder, len(parts_of(folder)) + 2)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "the same command goes on" in said
    with start(folder) as process:
        printed, said = process.communicate(timeout=120)
        assert process.returncode == 3, said
    assert "1 x\t*\tcrashed\t" in said
    assert "1 item with failures" in said
    assert "\nahash " in printed
    assert max(map(len, printed.splitlines())) <= 80
    assert (folder / "measures.json").is_file()
    for table in SAME:
        assert (folder / table.file).read_bytes() == (finished_run / table.file).read_bytes()


def test_wrong_usage_is_one_line_and_exit_code_2(run_hashwalk: Run, tmp_path: Path) -> None:
    run = tmp_path / "run"
    media = tmp_path / "media"
    done = run_hashwalk("bench", "run", "--media", media, "-o", run, "--suite", "quik")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hashwalk: there is no suite quik")
    assert done.stderr.count("\n") == 1


def test_what_is_left_out_is_said_quietly_too(
    run_hashwalk: Run, tiny_media: Path, tmp_path: Path
) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for name in ("clip.avi", "notes.txt"):
        (media / name).write_bytes((tiny_media / name).read_bytes())
    wanted = ("--media", media, "-o", tmp_path / "run", "--suite", "quick", "-f", "ahash")
    done = run_hashwalk("bench", "run", *wanted, "--quiet")
    assert (done.returncode, done.stdout) == (2, "")
    left_out, nothing_to_do = done.stderr.splitlines()
    assert left_out.startswith("hashwalk: left out: notes.txt: ")
    assert nothing_to_do.startswith("hashwalk: nothing to do: ")


def wait_for_parts(process: subprocess.Popen[str], folder: Path, count: int) -> None:
    end = time.monotonic() + 60
    while len(parts_of(folder)) < count:
        assert process.poll() is None, "it ended too soon"
        assert time.monotonic() < end
        time.sleep(0.01)


def parts_of(folder: Path) -> list[Path]:
    return list(folder.glob("parts/*.parquet"))
