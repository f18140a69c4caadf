"""The scratch file of a job: where the disk refuses, it is said in one line."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hashwalk.errors import CrosswalkError
from hashwalk.job.ledger import Ledger

Paint = Callable[..., Path]

LABELS = 60_000
FILE_BYTES = 1 << 20


def limit_files() -> None:
    """Let no file of this process grow beyond FILE_BYTES, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))


def test_a_disk_that_is_too_small_for_the_ledger_is_told(
    tmp_path: Path, walk: Path, paint: Paint, environment: dict[str, str]
) -> None:
    labels = tmp_path / "labels.csv"
    lines = (f"{number:040},s,1,r,c\n" for number in range(LABELS))
    labels.write_text("path,scheme,version,region,code\n" + "".join(lines))
    paths = [str(paint(tmp_path / "a.png")), "-o", str(walk), "--labels", str(labels)]
    ended = subprocess.run(
        [sys.executable, "-m", "hashwalk", "rehash", *paths, "-f", "sha256", "--workers", "1"],
        env=environment,
        capture_output=True,
        text=True,
        preexec_fn=limit_files,
        check=False,
    )
    assert ended.returncode != 0
    assert f"cannot keep its scratch file {walk}" in ended.stderr
    assert "free some space" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not [path for path in walk.iterdir() if "ledger" in path.name]


def test_a_folder_that_refuses_the_ledger_is_told(tmp_path: Path) -> None:
    with pytest.raises(CrosswalkError, match="cannot write to"):
        Ledger(tmp_path / "gone", ())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
@pytest.mark.skipif(not shutil.which("mount"), reason="there is no mount program")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        (small / "filler").write_bytes(bytes(60 << 10))
        with pytest.raises(CrosswalkError, match="free some space"):
            Ledger(small, ())
    finally:
        subprocess.run(["umount", str(small)], check=True)
