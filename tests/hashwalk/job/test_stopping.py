"""A job that cannot go on at once: the first Ctrl-C waits for it, the second does not."""

import fcntl
import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hashwalk.crosswalk import Crosswalk

Paint = Callable[..., Path]

FILES = 80
PIPE_BYTES = 4096


class Job:
    """A job that is held up, because nobody reads the failures it tells."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self.process = subprocess.Popen(command, env=environment, stderr=writer)
        os.close(writer)

    def wait_until_held_up(self) -> None:
        """Return once what it has told fills the pipe, less a line that does not fit."""
        deadline, before = time.monotonic() + 60, -1
        while time.monotonic() < deadline:
            told = int.from_bytes(fcntl.ioctl(self._reader, termios.FIONREAD, b"\0" * 4), "little")
            if told == before and told > PIPE_BYTES // 2:
                return
            before = told
            time.sleep(0.5)
        raise AssertionError("the job does not tell enough to be held up")

    def read_all(self) -> bytes:
        """Read what it tells until it ends."""
        with os.fdopen(self._reader, "rb") as reader:
            return reader.read()


@pytest.fixture
def held_up(
    hashwalk_command: list[str],
    tmp_path: Path,
    walk: Path,
    paint: Paint,
    environment: dict[str, str],
) -> Iterator[Job]:
    """A job over pictures that are all refused, held up in telling so."""
    for number in range(FILES):
        paint(tmp_path / "media" / f"{number}.png", number, deed="refuse")
    command = [*hashwalk_command, "rehash", f"{tmp_path}/media", "-o", f"{walk}"]
    job = Job([*command, "-f", "test-danger", "--workers", "1", "--quiet"], environment)
    with job.process:
        job.wait_until_held_up()
        yield job
        job.process.kill()


def is_running(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Tell whether a process still runs after some seconds."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def test_a_first_ctrl_c_waits_until_all_is_told_and_written(held_up: Job, walk: Path) -> None:
    held_up.process.send_signal(signal.SIGINT)
    assert is_running(held_up.process, 1.5)
    told = held_up.read_all()
    assert held_up.process.wait(30) == 130
    assert 0 < told.count(b"\tunsupported\t") < FILES
    assert len(list(Crosswalk.open(walk).failures())) == told.count(b"\tunsupported\t")


def test_a_second_ctrl_c_leaves_at_once(held_up: Job) -> None:
    held_up.process.send_signal(signal.SIGINT)
    assert is_running(held_up.process, 1.5)
    begun = time.monotonic()
    held_up.process.send_signal(signal.SIGINT)
    assert held_up.process.wait(30) == 130
    assert time.monotonic() - begun < 1
    assert b"Traceback" not in held_up.read_all()


SIGNALS_OF_SERVER = """
from multiprocessing import forkserver
from hashwalk.job.pool import _fork_server

_fork_server(())
status = open(f"/proc/{forkserver._forkserver._forkserver_pid}/status").read()
print(status.split("SigBlk:")[1].split()[0])
"""


def test_ctrl_c_does_not_reach_the_server_that_workers_fork_from() -> None:
    """In a terminal it goes to all processes, and importing modules would end in a traceback."""
    told = subprocess.check_output([sys.executable, "-c", SIGNALS_OF_SERVER], text=True)
    assert int(told, 16) >> (signal.SIGINT - 1) & 1
