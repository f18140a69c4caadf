"""Whole jobs as users run them: how long they take, and how much the parent process holds."""

from __future__ import annotations

import itertools
import re
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

SIDE = 16


def job_seconds(folder: Path, options: Iterable[str]) -> float:
    """Return the seconds that ``hashwalk rehash`` takes for a folder, from start to exit."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch, _start_job(folder, scratch, options) as job:
        _finish(job)
    return time.perf_counter() - start


def job_parent_bytes(folder: Path, options: Iterable[str]) -> int:
    """Return the most memory that the parent process of such a job holds, workers apart."""
    with tempfile.TemporaryDirectory() as scratch, _start_job(folder, scratch, options) as job:
        peak = most_bytes(job)
        _finish(job)
    return peak


def most_bytes(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process, and return the most memory that it held, what it started apart."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, _high_water(process.pid))
        time.sleep(0.02)
    return peak


def write_distinct_copies(pictures: Sequence[Path], folder: Path, count: int) -> None:
    """Write `count` files with the pictures' pixels and no two alike in their bytes."""
    for number, picture in enumerate(itertools.islice(itertools.cycle(pictures), count)):
        copy = folder / f"{number:06d}{picture.suffix}"
        copy.write_bytes(picture.read_bytes() + struct.pack(">I", number))


def write_tiny_pictures(folder: Path, count: int) -> None:
    """Write `count` BMP files of SIDE x SIDE pixels, no two alike, in folders of a thousand."""
    size = 3 * SIDE * SIDE
    header = struct.pack("<2sIII", b"BM", 54 + size, 0, 54)
    header += struct.pack("<IiiHHIIiiII", 40, SIDE, SIDE, 1, 24, 0, size, 2835, 2835, 0, 0)
    for number in range(count):
        shelf = folder / f"{number // 1000:04d}"
        shelf.mkdir(exist_ok=True)
        pixels = number.to_bytes(8, "little") * (size // 8)
        (shelf / f"{number:07d}.bmp").write_bytes(header + pixels)


def _start_job(folder: Path, scratch: str, options: Iterable[str]) -> subprocess.Popen[bytes]:
    crosswalk = str(Path(scratch) / "crosswalk")
    command = [sys.executable, "-m", "hashwalk", "rehash", str(folder), "-o", crosswalk]
    return subprocess.Popen([*command, "--quiet", *options], stderr=subprocess.PIPE)  # noqa: S603


def _finish(job: subprocess.Popen[bytes]) -> None:
    _, complaints = job.communicate()
    if job.returncode != 0:
        raise SystemExit(f"the job ended with {job.returncode}: {complaints.decode()}")


def _high_water(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0
