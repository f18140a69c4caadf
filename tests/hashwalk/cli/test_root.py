"""The command ``hashwalk`` as a whole: help, version, errors and exit codes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hashwalk.cli.errors import exit_code_of
from hashwalk.errors import (
    BrokenFormatError,
    ConfigurationError,
    CrosswalkBusyError,
    CrosswalkError,
    CrosswalkSchemaError,
    HashwalkError,
    LabelsError,
    MediaError,
    NotComputableError,
    UnknownFormatError,
    UnreadableError,
    UsageError,
)

if TYPE_CHECKING:
    from conftest import Run

COMMANDS = ("rehash", "crosswalk", "formats", "hash", "compare")


def test_version_is_that_of_the_distribution(run_hashwalk: Run) -> None:
    done = run_hashwalk("--version")
    assert (done.returncode, done.stdout) == (0, f"hashwalk {version('hashwalk')}\n")


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_names_every_command_within_80_columns(
    run_hashwalk: Run, arguments: tuple[str, ...]
) -> None:
    done = run_hashwalk(*arguments)
    assert done.returncode == 0
    assert all(f"  {command} " in done.stdout for command in COMMANDS)
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_help_names_every_exit_code(run_hashwalk: Run) -> None:
    said = " ".join(run_hashwalk("--help").stdout.split())
    named = re.findall(r"(\d+) (\w+)", said[said.index("Exit codes:") :])
    assert named == [
        ("0", "all"),
        ("1", "stopped"),
        ("2", "wrong"),
        ("3", "finished"),
        ("130", "interrupted"),
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_within_80_columns(run_hashwalk: Run, command: str) -> None:
    done = run_hashwalk(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_help_takes_less_than_half_a_second_of_work() -> None:
    """Processor time, which other processes do not lengthen, the least of three."""
    command = [sys.executable, "-m", "hashwalk", "--help"]

    def seconds() -> float:
        before = os.times()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        after = os.times()
        return sum(after[2:4]) - sum(before[2:4])

    assert 0 < min(seconds() for _ in range(3)) < 0.5


def test_help_loads_nothing_heavy() -> None:
    heavy = {"numpy", "cv2", "av", "PIL", "pyarrow", "duckdb", "scipy", "imagehash"}
    code = f"import sys, hashwalk.cli; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nope",), "No such command 'nope'; see `hashwalk --help`"),
        (("--nope",), "No such option: --nope; see `hashwalk --help`"),
        (("crosswalk",), "name a command; see `hashwalk crosswalk --help`"),
        (("compare", "pdq"), "Missing argument 'A'; see `hashwalk compare --help`"),
        (("formats", "pqd"), "no format 'pqd'; did you mean pdq"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    run_hashwalk: Run, arguments: tuple[str, ...], said: str
) -> None:
    done = run_hashwalk(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"hashwalk: {said}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("give an id"), 2),
        (UnknownFormatError("no format 'x'"), 2),
        (NotComputableError("x cannot be computed here"), 2),
        (LabelsError("labels.csv, line 2: no code"), 2),
        (ConfigurationError("hashwalk.toml: no id"), 2),
        (CrosswalkError("cannot write to walk: no space left on device"), 1),
        (CrosswalkBusyError("another job is writing to walk"), 1),
        (CrosswalkSchemaError("walk/crosswalk.json is damaged"), 1),
        (BrokenFormatError("the format x is broken"), 1),
        (HashwalkError("the worker processes cannot work"), 1),
        (UnreadableError("a.jpg: not a picture"), 3),
        (KeyboardInterrupt(), 130),
        (OSError(13, "Permission denied", "a.jpg"), 1),
        (ZeroDivisionError(), 1),
    ],
)
def test_what_a_command_raises_decides_the_exit_code(error: BaseException, code: int) -> None:
    assert exit_code_of(lambda: _throw(error)) == code


@pytest.mark.parametrize(("result", "code"), [(None, 0), (0, 0), (3, 3), ("text", 0)])
def test_what_a_command_returns_decides_the_exit_code(result: object, code: int) -> None:
    assert exit_code_of(lambda: result) == code


def test_an_unexpected_error_shows_its_place_but_not_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    exit_code_of(lambda: _throw(ValueError("f8f8f0cee0f4a84f06370a22038f63f0")))
    said = capsys.readouterr().err
    assert "internal error, ValueError in test_root.py:" in said
    assert "HASHWALK_DEBUG=1" in said
    assert "f8f8" not in said


def test_debugging_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HASHWALK_DEBUG", "1")
    with pytest.raises(MediaError):
        exit_code_of(lambda: _throw(UnreadableError("a.jpg: not a picture")))


def test_the_console_script_is_the_same_command() -> None:
    script = Path(sys.executable).with_name("hashwalk")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"hashwalk {version('hashwalk')}\n"


def test_names_of_files_cannot_steer_the_terminal(run_hashwalk: Run, tmp_path: Path) -> None:
    name = "red\x1b[31m\n.jpg"
    done = run_hashwalk("hash", "-f", "pdq", tmp_path / name)
    assert done.returncode == 3
    assert "\x1b" not in done.stdout + done.stderr
    assert r"red\x1b[31m\n.jpg" in done.stderr


def test_ctrl_c_is_exit_code_130_without_a_word(samples: Path) -> None:
    clips = [samples / "drift.mp4"] * 500
    command = [sys.executable, "-m", "hashwalk", "hash", *clips, "-f", "vpdq"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "")


def _throw(error: BaseException) -> None:
    raise error
