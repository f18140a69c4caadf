"""``hashwalk rehash``: what it prints where, how it ends, and how it is stopped."""

import inspect
import json
import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hashwalk.cli import rehash as command_line
from hashwalk.crosswalk import Crosswalk
from hashwalk.job import rehash

Paint = Callable[..., Path]
Command = Callable[..., dict[str, Any]]
Stopped = tuple[int, str, str, float]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(hashwalk_command: list[str], environment: dict[str, str], walk: Path) -> Command:
    """The command line that re-hashes paths with the test format."""

    def command(*arguments: object, **options: Any) -> dict[str, Any]:
        line = [*hashwalk_command, "rehash", "-o", walk, "-f", "test-danger"]
        return {"args": [*line, *map(str, arguments)], "env": environment, **options}

    return command


@pytest.fixture
def run(command: Command) -> Run:
    """Run the command to its end."""

    def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.run(**{**pipes, **command(*arguments, **options)}, check=False)

    return run


@pytest.fixture
def media(tmp_path: Path, paint: Paint) -> Path:
    """A folder with two pictures and one that the format refuses."""
    for number in range(2):
        paint(tmp_path / "media" / f"{number}.png", number)
    paint(tmp_path / "media" / "bad.png", 3, deed="refuse")
    return tmp_path / "media"


def test_failures_are_listed_on_standard_error_and_the_exit_code_is_3(
    run: Run, media: Path
) -> None:
    ended = run(media)
    assert (ended.returncode, ended.stdout) == (3, "")
    uri = (media / "bad.png").as_uri()
    assert f"{uri}\ttest-danger\tunsupported\tnot this one\n" in ended.stderr
    assert "3 files: 3 hashed, 1 with failures (1 unsupported)" in ended.stderr
    again = run(media)
    assert again.returncode == 3
    assert uri not in again.stderr
    assert "1 failure of earlier runs stands (--retry-failed tries it again)" in again.stderr


def test_all_well_is_0(run: Run, media: Path) -> None:
    (media / "bad.png").unlink()
    assert run(media, "--quiet").returncode == 0


def test_json_is_one_object_with_every_failed_item(run: Run, media: Path) -> None:
    ended = run(media, "--json", "--quiet")
    told = json.loads(ended.stdout)
    assert (told["files"], told["hashed"], told["hashes"]) == (3, 3, 2)
    assert told["failures_by_code"] == {"unsupported": 1}
    assert [item["uri"] for item in told["failed"]] == [(media / "bad.png").as_uri()]
    assert ended.stderr == ""


def test_that_no_format_applies_is_said_and_no_failure(
    run_hashwalk: Run, media: Path, walk: Path
) -> None:
    ended = run_hashwalk("rehash", media, "-o", walk, "-f", "vpdq")
    assert ended.returncode == 0
    assert "no hash, since none of the formats applies" in ended.stderr


def test_quiet_tells_only_failures(run: Run, media: Path) -> None:
    """Also those of earlier runs, or else exit code 3 would come without a word."""
    ended = run(media, "--quiet")
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""
    again = run(media, "--quiet")
    assert (again.returncode, again.stdout) == (3, "")
    assert again.stderr == (
        "hashwalk: 1 failure of earlier runs stands (--retry-failed tries it again)\n"
    )


def test_paths_come_from_standard_input(run: Run, media: Path) -> None:
    ended = run("-", "--json", input=f"{media}/0.png\n{media}/1.png\n{media}/none.png\n")
    told = json.loads(ended.stdout)
    assert (told["files"], told["failures_by_code"]) == (3, {"unreadable": 1})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([""], "an empty PATH"),
        ([".", "-f", ""], "-f names no format"),
        ([".", "-o", ""], "no folder is named for the cross-walk"),
        ([".", "-f", "test-men"], "did you mean test-mean"),
        ([".", "--workers", "0"], "workers"),
        ([".", "--workers", "two"], "--workers"),
        ([".", "--timeout", "-1"], "time limit"),
        ([".", "--max-memory", "10"], "10 MiB is too little to hash anything: give 64 or more"),
        ([".", "--max-memory", "1" + "0" * 15], "more than any machine has"),
        ([".", "--max-memory", "9" * 5000], "--max-memory"),
        ([".", "--max-pixels", "0"], "pixels"),
        ([".", "--labels", "missing.csv"], "labels"),
        ([], "PATH"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(run: Run, arguments: list[str], told: str) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert told in ended.stderr


def test_a_second_job_on_the_same_cross_walk_is_refused(
    run: Run, command: Command, media: Path, paint: Paint
) -> None:
    for number in range(20):
        paint(media / f"slow-{number}.png", number, deed="slow")
    with subprocess.Popen(**command(media, "--workers", "1", stderr=subprocess.DEVNULL)) as first:
        time.sleep(2)
        ended = run(media)
        first.kill()
    assert ended.returncode == 1
    assert "another job" in ended.stderr


def stopped(command: Command, media: Path, walk: Path, signals: list[signal.Signals]) -> Stopped:
    """Start a job that takes long, send it signals half a second apart, return how it ended."""
    options = command(media, "--workers", "2", "--json", stdout=-1, stderr=-1, text=True)
    with subprocess.Popen(**options) as process:
        deadline = time.monotonic() + 30
        while not any(walk.glob("media/*.parquet")) and time.monotonic() < deadline:
            time.sleep(0.05)
        for number in signals:
            process.send_signal(number)
            time.sleep(0.5)
        begun = time.monotonic()
        out, err = process.communicate(timeout=30)
    return process.returncode, out, err, time.monotonic() - begun


def test_ctrl_c_writes_what_is_finished_and_the_same_command_goes_on(
    run: Run, command: Command, media: Path, walk: Path, paint: Paint
) -> None:
    for number in range(40):
        deed = "slow" if number % 2 else ""
        paint(media / f"more-{number:02}.png", number + 100, deed=deed)
    code, out, err, _ = stopped(command, media, walk, [signal.SIGINT])
    told = json.loads(out)
    assert code == 130
    assert told["interrupted"]
    assert "the same command goes on" in err
    assert "Traceback" not in err
    assert 0 < told["files"] < 43
    assert len(list(Crosswalk.open(walk).media())) == told["files"]
    rest = json.loads(run(media, "--json").stdout)
    assert (rest["done_before"], rest["files"]) == (told["files"], 43)


def test_on_a_terminal_a_bar_of_80_columns_shows_files_rates_failures_and_time(
    command: Command, media: Path, paint: Paint
) -> None:
    for number in range(10):
        paint(media / f"slow-{number}.png", number + 100, deed="slow")
    parent, child = pty.openpty()
    with subprocess.Popen(**command(media, "--workers", "2", stderr=child)) as process:
        os.close(child)
        seen = b""
        while data := read(parent):
            seen += data
    assert process.returncode == 3
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode())
    bars = [line for line in re.split(r"[\r\n]+", shown) if "files/s" in line and "%" not in line]
    assert any(re.search(r"/13 files", line) for line in bars)
    assert max(map(len, bars)) <= 80
    assert "unsupported" in shown


def read(terminal: int) -> bytes:
    """Read from a terminal until its other end is closed."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_the_limits_of_the_command_are_those_of_the_library() -> None:
    command = inspect.signature(command_line.rehash).parameters
    library = inspect.signature(rehash).parameters
    pairs = {"timeout": "timeout_s", "max_memory": "max_memory_mib", "max_pixels": "max_pixels"}
    for option, argument in pairs.items():
        assert command[option].default == library[argument].default


def test_links_that_lead_round_in_a_circle_are_reported_and_the_rest_is_hashed(
    run: Run, media: Path, paint: Paint
) -> None:
    paint(media / "sound.png", 1)
    (media / "here").symlink_to("there")
    (media / "there").symlink_to("here")
    ended = run(media)
    assert ended.returncode == 3
    assert ended.stderr.count("unreadable") >= 2
    assert "sound.png" not in ended.stderr
