"""Worker processes: limits, deaths, and that none outlives its parent."""

import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hashwalk.errors import (
    HashwalkError,
    MediaCrashError,
    MediaMemoryError,
    MediaTimeoutError,
)
from hashwalk.job.pool import LocalPool

PARENT = """
import sys, time
from hashwalk.job.pool import LocalPool
pool = LocalPool(2, timeout_s=600)
pids = {pool.submit(__import__("os").getpid).result() for _ in range(20)}
for _ in range(4):
    pool.submit(time.sleep, 600)
time.sleep(0.3)
print(*pids, flush=True)
time.sleep(600)
"""


@pytest.fixture
def pool() -> Iterator[LocalPool]:
    """Two workers with a second and 200 MiB for each task."""
    made = LocalPool(2, timeout_s=1, memory_bytes=200 << 20)
    yield made
    made.stop()


def test_results_and_errors_come_back(pool: LocalPool) -> None:
    assert [pool.submit(abs, -n).result() for n in range(100)] == list(range(100))
    with pytest.raises(MediaCrashError, match="ValueError"):
        pool.submit(int, "x").result()


def test_the_text_of_an_unexpected_error_is_not_told(pool: LocalPool) -> None:
    with pytest.raises(MediaCrashError) as caught:
        pool.submit(int, "secret").result()
    assert "secret" not in str(caught.value)


def test_a_task_that_takes_too_long_is_ended_and_the_next_one_runs(pool: LocalPool) -> None:
    slow = [pool.submit(time.sleep, 60) for _ in range(2)]
    quick = [pool.submit(abs, -n) for n in range(10)]
    for future in slow:
        with pytest.raises(MediaTimeoutError, match="1 s"):
            future.result()
    assert [future.result() for future in quick] == list(range(10))


def test_tasks_behind_one_another_have_the_whole_time_each(pool: LocalPool) -> None:
    assert [f.result() for f in [pool.submit(time.sleep, 0.6) for _ in range(6)]] == [None] * 6


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_worker_that_dies_fails_the_task_it_worked_at(
    pool: LocalPool, number: signal.Signals
) -> None:
    bad = pool.submit(signal.raise_signal, number)
    good = [pool.submit(abs, -n) for n in range(10)]
    with pytest.raises(MediaCrashError, match=number.name):
        bad.result()
    assert [future.result() for future in good] == list(range(10))


def test_an_idle_worker_that_is_killed_is_replaced(pool: LocalPool) -> None:
    for pid in {pool.submit(os.getpid).result() for _ in range(10)}:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    assert pool.submit(abs, -1).result() == 1


def test_a_task_within_the_memory_limit_runs_one_beyond_it_fails(pool: LocalPool) -> None:
    assert pool.submit(eval, "len(bytes(100 << 20))").result() == 100 << 20
    with pytest.raises(MediaMemoryError):
        pool.submit(eval, "len(bytes(300 << 20))").result()
    assert pool.submit(abs, -1).result() == 1


HOLD = "import builtins; builtins.held = getattr(builtins, 'held', ()) + (bytes({0} << 20),)"


@pytest.fixture
def one() -> Iterator[LocalPool]:
    """A single worker with 200 MiB for each task."""
    made = LocalPool(1, memory_bytes=200 << 20)
    yield made
    made.stop()


def test_a_worker_that_keeps_much_memory_is_replaced(one: LocalPool) -> None:
    """Small tasks do not cost a worker, and what waited for the old one is not lost."""
    small = {one.submit(os.getpid).result() for _ in range(50)}
    assert len(small) == 1
    one.submit(exec, HOLD.format(100)).result()
    after = {future.result() for future in [one.submit(os.getpid) for _ in range(50)]}
    assert len(after) == 1
    assert after != small


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where tasks note that they ran."""
    return tmp_path / "log"


def test_a_task_that_runs_short_in_a_used_worker_is_repeated_in_a_fresh_one(
    one: LocalPool, log: Path
) -> None:
    one.submit(exec, HOLD.format(60)).result()
    asks = f"[open({str(log)!r}, 'a').write('x'), len(bytes(180 << 20))][1]"
    assert one.submit(eval, asks).result() == 180 << 20
    assert log.read_text() == "xx"


@pytest.mark.parametrize("before", [0, 1, 2])
def test_what_cannot_fit_fails_whatever_ran_before_after_two_runs_at_most(
    one: LocalPool, log: Path, before: int
) -> None:
    for _ in range(before):
        one.submit(abs, -1).result()
    asks = f"[open({str(log)!r}, 'a').write('x'), len(bytes(300 << 20))][1]"
    failing, behind = one.submit(eval, asks), one.submit(abs, -2)
    with pytest.raises(MediaMemoryError):
        failing.result()
    assert behind.result() == 2
    assert log.read_text() == ("xx" if before else "x")


def test_a_result_that_does_not_pickle_is_a_failure(pool: LocalPool) -> None:
    with pytest.raises(MediaCrashError):
        pool.submit(compile, "1", "", "eval").result()


def test_numerical_libraries_have_one_thread_each(pool: LocalPool) -> None:
    assert pool.submit(os.getenv, "OMP_NUM_THREADS").result() == "1"


def test_workers_that_cannot_start_end_the_job_with_a_reason() -> None:
    made = LocalPool(2, prepare=os.abort)
    try:
        with pytest.raises(HashwalkError, match="do not start"):
            made.submit(abs, -1).result(timeout=60)
    finally:
        made.stop()


def test_a_worker_that_cannot_be_prepared_says_why() -> None:
    made = LocalPool(1, prepare=functools.partial(int, "seven"))
    try:
        with pytest.raises(HashwalkError, match=r"ValueError.*seven"):
            made.submit(abs, -1).result(timeout=60)
    finally:
        made.stop()


def is_alive(pid: int) -> bool:
    """Tell whether a process runs: neither gone nor a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """Even when they are busy. (That the parent is a plain script is no harm to it.)"""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert pids
        assert all(map(is_alive, pids))
        parent.kill()
    deadline = time.monotonic() + 10
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_alive, pids))
