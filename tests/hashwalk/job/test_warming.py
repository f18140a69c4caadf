"""Compiled loops are there before a worker reads its first file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
import hashwalk.compiled as compiled
from hashwalk.job.worker import load_formats
load_formats(({!r},))
compiled._machine_code = None
from hashwalk.hashing import hash_file
print("numba" in sys.modules, len(hash_file(sys.argv[1], ({!r},)).hashes))
"""


@pytest.mark.parametrize(
    ("format_id", "compiles"), [("pdq", True), ("whash-haar", True), ("md5", False)]
)
def test_a_worker_loads_the_loops_of_its_formats_and_of_no_digest(
    format_id: str, *, compiles: bool, vectors_folder: Path
) -> None:
    """Nothing is compiled while a file's limits count, and nothing at all for bytes."""
    picture = min((vectors_folder / "images").glob("*.png"))
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(format_id, format_id), str(picture)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == [str(compiles), "1"]
