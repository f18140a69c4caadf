"""Telling errors that come of too little memory from others."""

from __future__ import annotations

import errno
import io
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hashwalk.memory import data_bytes, lacks_memory, memory_left

pytest.importorskip("pillow_heif").register_heif_opener()
pytest.importorskip("pillow_jxl")

SAID = [
    MemoryError(),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
    RuntimeError("Memory allocation error: Unspecified: Allocating 6016015 bytes failed"),
    ImportError("stream.abi3.so: failed to map segment from shared object"),
    RuntimeError("can't start new thread"),
]


@pytest.mark.parametrize("error", SAID, ids=repr)
def test_libraries_say_it_in_many_ways(error: Exception) -> None:
    assert lacks_memory(error)


@pytest.mark.parametrize("error", SAID, ids=repr)
def test_what_came_of_it_counts_too(error: Exception) -> None:
    """A module that was half loaded has no names; what reads it says something else."""
    consequence = NameError("decoder")
    consequence.__context__ = error
    assert lacks_memory(consequence)


def test_other_errors_are_none_of_it() -> None:
    assert not lacks_memory(ValueError("broken data stream"), needed=1 << 60)


def test_a_chain_that_bites_its_tail_ends() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert not lacks_memory(first)


def test_the_memory_of_the_process_is_counted() -> None:
    before = data_bytes()
    held = bytes(50 << 20)
    assert data_bytes() - before >= len(held)


def test_without_limits_no_memory_is_too_little() -> None:
    assert memory_left() == math.inf


CODES = """
import resource, sys
from pathlib import Path
from hashwalk.hashing import hash_file
from hashwalk.media.pictures import load_plugins
from hashwalk.memory import data_bytes
from hashwalk.registry import get_format
load_plugins()
get_format("ahash")
limit = data_bytes() + (int(sys.argv[1]) << 20)
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
for path in map(Path, sys.argv[2:]):
    print(path.name, *(failure.code.value for failure in hash_file(path, ["ahash"]).failures))
"""
TYPES = ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF", "HEIF"]


def _codes(mebibytes: int, *paths: Path) -> dict[str, list[str]]:
    ran = subprocess.run(
        [sys.executable, "-c", CODES, str(mebibytes), *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
    )
    return {line.split()[0]: line.split()[1:] for line in ran.stdout.splitlines()}


def test_a_picture_that_memory_does_not_suffice_for_is_not_called_damaged(
    make_pixels: Callable[..., Any], tmp_path: Path
) -> None:
    """The decoder of no type of picture makes it another failure; nor does a cut file."""
    image = Image.fromarray(make_pixels(1600, 1000))
    for pillow_format in TYPES:
        options = {"speed": 10} if pillow_format == "AVIF" else {}
        image.copy().save(tmp_path / pillow_format, pillow_format, **options)
    found = _codes(3, *tmp_path.iterdir())
    assert found == {kind: ["out-of-memory"] for kind in TYPES}


def test_a_damaged_picture_is_damaged_where_memory_suffices(
    make_pixels: Callable[..., Any], tmp_path: Path
) -> None:
    for pillow_format in TYPES:
        buffer = io.BytesIO()
        Image.fromarray(make_pixels()).save(buffer, pillow_format)
        (tmp_path / pillow_format).write_bytes(buffer.getvalue()[: buffer.tell() // 2])
    found = _codes(64, *tmp_path.iterdir())
    assert found == {kind: ["truncated"] for kind in TYPES}
