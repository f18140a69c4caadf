"""A job that is killed at any moment goes on with the same command and ends with the same rows."""

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Paint = Callable[..., Path]
RowsOf = Callable[[Path], dict[str, list[Any]]]
Start = Callable[[Path], subprocess.Popen[bytes]]

KILLS = 20
KILL = signal.SIGUSR1
"""What kills a run that is started warm; its client ends when it has ended."""
FORMATS = ["sha256", "test-mean", "test-danger", "vpdq", "keyframes:test-mean"]
CLIPS = ["halfsecond-h264-30fps.mp4", "life-mpeg4-15fps.avi", "variable-rate-h264.mkv"]


@pytest.fixture
def media(tmp_path: Path, paint: Paint, vectors_folder: Path) -> Path:
    """Pictures, slow ones, copies, clips, a crash, a refusal, a broken file and a text."""
    folder = tmp_path / "media"
    for number in range(60):
        deed = "slow" if number % 20 == 5 else ""
        paint(folder / f"{number % 4}" / f"{number:02}.png", number, deed=deed)
    for number in range(6):
        shutil.copy(folder / "1" / "05.png", folder / f"copy-{number}.png")
    for name in CLIPS:
        shutil.copy(vectors_folder / "clips" / name, folder)
    paint(folder / "crash.png", 1, deed="segfault")
    paint(folder / "refuse.png", 2, deed="refuse")
    (folder / "broken.png").write_bytes((folder / "0" / "00.png").read_bytes()[:300])
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def start(hashwalk_command: list[str], media: Path, environment: dict[str, str]) -> Start:
    """Start the command that re-hashes the media into a cross-walk; to kill it waits for a run."""

    def start(walk: Path) -> subprocess.Popen[bytes]:
        formats = [word for name in FORMATS for word in ("-f", name)]
        command = [*hashwalk_command, "rehash", media, "-o", walk, "--quiet"]
        signal.pthread_sigmask(signal.SIG_BLOCK, {KILL})
        try:
            return subprocess.Popen(
                [*command, "--workers", "2", *formats], env=environment, stderr=subprocess.DEVNULL
            )
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {KILL})

    return start


def test_killed_at_twenty_moments_it_ends_as_if_never_killed(
    tmp_path: Path, start: Start, rows_of: RowsOf
) -> None:
    """Every other kill waits for rows on the disk; a cross-walk that ends is compared."""
    begun = time.monotonic()
    with start(tmp_path / "whole") as whole:
        assert whole.wait() == 3
    whole_s = time.monotonic() - begun
    expected = rows_of(tmp_path / "whole")
    assert len(expected["media"]) == 72
    seed = random.randrange(10**6)  # noqa: S311
    print(f"seed {seed}, {whole_s:.1f} s")  # noqa: T201 - shown when the test fails
    moments = random.Random(seed)  # noqa: S311
    kills, finished, resumed = 0, 0, 0
    while kills < KILLS or not finished:
        walk = tmp_path / f"walk-{finished}"
        rows = len(parts_of(walk))
        resumed += bool(rows)
        with start(walk) as process:
            if kills % 2:
                wait_for_more(process, walk, rows)
            if kills < KILLS and not ends_within(process, moments.uniform(0, 0.4) * whole_s):
                process.send_signal(KILL)
            if process.wait() == -signal.SIGKILL:
                kills += 1
                continue
        assert process.returncode == 3
        assert rows_of(walk) == expected
        finished += 1
    assert resumed


def parts_of(walk: Path) -> list[Path]:
    """List the parts of media rows that are on the disk."""
    return list(walk.glob("media/*.parquet"))


def wait_for_more(process: subprocess.Popen[bytes], walk: Path, rows: int) -> None:
    """Wait until a process has written another part, or has ended."""
    while process.poll() is None and len(parts_of(walk)) <= rows:
        time.sleep(0.005)


def ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Tell whether a process ends by itself within some seconds."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
