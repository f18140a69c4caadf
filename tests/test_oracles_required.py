"""Where oracles are required, a skipped oracle test is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

INSIDE = """
import pytest

@pytest.mark.oracle
def test_against_a_reference():
    pytest.importorskip("no_such_reference")

def test_with_an_optional_library():
    pytest.importorskip("no_such_library")
"""

WHOLE_FILE = """
import pytest

pytest.importorskip("no_such_reference")
"""


@pytest.mark.parametrize(
    ("text", "required", "outcome"),
    [
        (INSIDE, "", "2 skipped"),
        (INSIDE, "1", "1 failed, 1 skipped"),
        (WHOLE_FILE, "", "1 skipped"),
        (WHOLE_FILE, "1", "1 error"),
    ],
)
def test_a_skip_counts_as_what_it_is(
    tmp_path: Path, text: str, required: str, outcome: str
) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_it.py").write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = oracle: a reference\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0"],
        cwd=tmp_path,
        env={**os.environ, "HASHWALK_REQUIRE_ORACLES": required},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{outcome} in" in done.stdout.splitlines()[-1]
