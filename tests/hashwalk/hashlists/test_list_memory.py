"""The memory that a conversion takes does not grow with the list."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CONVERT = """
import resource, sys
from hashwalk.hashlists import convert_list
convert_list(sys.argv[1], sys.argv[2] + "warm", written_as="csv")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
done = convert_list(sys.argv[3], sys.argv[2], written_as="csv")
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(done.read, done.rejects, after - before)
"""
LARGEST_MIB = 100


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    """A small list, and one of 100 MiB of which most is holes: lines without an end in sight."""
    small, large = tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    line = b'{"algorithm": "their-hash", "status": "active", "value": "%s"}\n' % (b"a" * 1_000)
    small.write_bytes(line * 10)
    with large.open("wb") as file:
        for part in range(5):
            file.seek(part * 20 << 20)
            file.write(b"\n" + line * 4_000)
        file.truncate(LARGEST_MIB << 20)
    return small, large


def test_a_large_list_is_converted_in_little_memory(
    lists: tuple[Path, Path], tmp_path: Path
) -> None:
    small, large = lists
    run = [sys.executable, "-c", CONVERT, small, tmp_path / "out.csv", large]
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, check=True,
                          env={**os.environ, "MALLOC_ARENA_MAX": "1"})  # fmt: skip
    read, rejects, grown_kib = map(int, re.findall(r"\d+", done.stdout))
    assert (read, rejects) == (20_000, 5)
    assert grown_kib < LARGEST_MIB * 1024 // 4
