"""perception is compared through an interpreter of its own: its hashes are its own, but for PDQ.

perception and the newest OpenCV and rich exclude each other, so that these tests are run in an
environment of their own; where the package is missing they are skipped.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_only_its_pdq_is_the_same(run_hashwalk: Run, pictures: Path, tmp_path: Path) -> None:
    pytest.importorskip("perception.hashers", reason="perception is not installed")
    out = tmp_path / "conformance.json"
    done = run_hashwalk(
        *("bench", "conformance", "--against", "perception", "--python", sys.executable),
        *("--media", pictures, "-o", out),
    )
    found = {row["call"]: row for row in json.loads(out.read_text())["compared"]}
    assert (done.returncode, done.stderr) == (3, "")
    assert found["DHash"]["verdict"] == "not this format: ones for zeros"
    assert found["WaveletHash"]["verdict"] == "differs"
    assert found["PDQHash"]["verdict"] == "the same"
