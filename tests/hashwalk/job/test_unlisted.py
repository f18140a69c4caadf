"""Folders that a job does not enter are told: those it may not list, and other cross-walks."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hashwalk.crosswalk import Crosswalk
from hashwalk.errors import FailureCode
from hashwalk.job import rehash

Paint = Callable[..., Path]
Rehash = Callable[..., subprocess.CompletedProcess[str]]

WITHOUT_PRIVILEGES = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.fixture
def rehash_unprivileged(walk: Path, environment: dict[str, str]) -> Rehash:
    """Re-hash a path by the command, as a user whom modes of files concern."""
    before = [] if os.geteuid() else WITHOUT_PRIVILEGES
    if before and not shutil.which("setpriv"):
        pytest.skip("root may list everything, and there is no setpriv to give that up")

    def run(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
        command = [*before, sys.executable, "-m", "hashwalk", "rehash", str(path), "-o", str(walk)]
        return subprocess.run(
            [*command, "-f", "sha256", "--workers", "1", "--json", *options],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def closed(tmp_path: Path, paint: Paint) -> Iterator[Path]:
    """A folder of mode 000 beside a picture."""
    paint(tmp_path / "media" / "a.png", 1)
    folder = paint(tmp_path / "media" / "closed" / "b.png", 2).parent
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


def test_a_folder_that_cannot_be_listed_is_a_failure_row(
    closed: Path, walk: Path, rehash_unprivileged: Rehash
) -> None:
    told = [
        rehash_unprivileged(closed.parent, *options) for options in ([], [], ["--retry-failed"])
    ]
    assert [ended.returncode for ended in told] == [3, 3, 3]
    first, again, retried = (json.loads(ended.stdout) for ended in told)
    assert first["failures_by_code"] == retried["failures_by_code"] == {"unreadable": 1}
    assert (again["failures_by_code"], again["failures_of_earlier_runs"]) == ({}, 1)
    assert first["files"] == 1
    (failure,) = Crosswalk.open(walk).failures()
    assert (failure.uri, failure.format) == (closed.as_uri(), "*")
    assert failure.code == FailureCode.UNREADABLE
    assert "cannot be listed: permission denied" in failure.message


def test_another_cross_walk_in_a_tree_is_passed_over_and_told(
    tmp_path: Path, walk: Path, paint: Paint
) -> None:
    source = paint(tmp_path / "tree" / "a.png", 1)
    other = tmp_path / "tree" / "deep" / "other"
    for crosswalk in (other, walk):
        summary = rehash([source.parent], crosswalk, formats=["sha256"], workers=1)
        assert (summary.files, summary.failed) == (1, 0)
    assert summary.warnings == (f"{other} is a cross-walk: passed over",)


def test_a_folder_that_only_has_a_file_of_that_name_is_hashed(
    tmp_path: Path, walk: Path, paint: Paint
) -> None:
    paint(tmp_path / "tree" / "media" / "a.png", 1)
    (tmp_path / "tree" / "crosswalk.json").write_text("{}")
    assert rehash([tmp_path / "tree"], walk, formats=["sha256"], workers=1).files == 2
