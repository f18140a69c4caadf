"""The folders that whole jobs are measured on, and the measuring of one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hashwalk_bench.load import (
    job_parent_bytes,
    job_seconds,
    write_distinct_copies,
    write_tiny_pictures,
)


def test_distinct_copies_have_the_same_pixels_and_other_bytes(
    samples: Path, tmp_path: Path
) -> None:
    originals = [samples / "dunes.png", samples / "reef.jpg"]
    write_distinct_copies(originals, tmp_path, 5)
    copies = sorted(tmp_path.iterdir())
    assert len({copy.read_bytes() for copy in copies}) == 5
    for copy, original in zip(copies, [*originals, *originals, originals[0]], strict=True):
        assert np.array_equal(Image.open(copy), Image.open(original))


def test_tiny_pictures_are_pictures_and_no_two_alike(tmp_path: Path) -> None:
    write_tiny_pictures(tmp_path, 1001)
    pictures = sorted(tmp_path.rglob("*.bmp"))
    assert len({path.read_bytes() for path in pictures}) == 1001
    assert Image.open(pictures[-1]).convert("RGB").size == (16, 16)


def test_a_job_is_timed_and_its_memory_watched(tmp_path: Path) -> None:
    write_tiny_pictures(tmp_path, 20)
    assert job_seconds(tmp_path, ("-f", "sha256")) > 0
    assert 10 * 2**20 < job_parent_bytes(tmp_path, ("-f", "sha256")) < 2 * 2**30


def test_a_job_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no format"):
        job_seconds(tmp_path, ("-f", "no-such-format"))
