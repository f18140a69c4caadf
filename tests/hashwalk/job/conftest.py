"""Formats as a third party would install them, cheap or dangerous, and pictures to hash."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hashwalk.crosswalk import Crosswalk
from hashwalk.registry import registry

MODULE = """
import os, signal, time

from hashwalk.encodings import Hex
from hashwalk.errors import UnsupportedError
from hashwalk.format import Format, FormatSpec, Hash, Kind, PictureHasher

HELD = []


def spec(name):
    return FormatSpec(id=name, summary="", kind=Kind.PICTURE, bits=24, threshold=None,
                      licence="MIT", encodings=(Hex(24),), source="", default=False)


class Mean(Format, PictureHasher):
    spec = spec("test-mean")

    def hash_picture(self, picture):
        return Hash.of(self.spec.id, bytes(int(v) for v in picture.rgb.mean(axis=(0, 1))))


class Second(Mean):
    spec = spec("test-second")


class Danger(Mean):
    spec = spec("test-danger")

    def hash_picture(self, picture):
        deed, green, blue = map(int, picture.rgb[0, 0])
        if (green, blue) == (1, 2):
            DEEDS[deed]()
        return super().hash_picture(picture)


def refuse():
    raise UnsupportedError("not this one")


def refuse_until_fixed():
    if not os.path.exists(__file__ + ".fixed"):
        refuse()


DEEDS = {
    1: lambda: os.kill(os.getpid(), signal.SIGKILL),
    2: lambda: signal.raise_signal(signal.SIGSEGV),
    3: os.abort,
    4: lambda: time.sleep(600),
    5: lambda: HELD.append(bytearray(1 << 30)),
    6: lambda: 1 / 0,
    7: refuse,
    8: refuse_until_fixed,
    9: lambda: time.sleep(0.4),
    10: lambda: os._exit(0),
    11: lambda: HELD.append(bytearray(70 << 20)),
}
"""
ENTRY_POINTS = """[hashwalk.formats]
test-mean = test_job_formats:Mean
test-second = test_job_formats:Second
test-danger = test_job_formats:Danger
"""
DEEDS = {
    "killed": 1,
    "segfault": 2,
    "abort": 3,
    "hang": 4,
    "memory": 5,
    "raise": 6,
    "refuse": 7,
    "refuse-until-fixed": 8,
    "slow": 9,
    "exit": 10,
    "hold": 11,
}

Paint = Callable[..., Path]
Rows = dict[str, list[Any]]
RowsOf = Callable[[Path], Rows]


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an installed package of test formats, for PYTHONPATH."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "test_job_formats.py").write_text(MODULE)
    info = folder / "test_job_formats-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: test-job-formats\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    return folder


@pytest.fixture
def test_formats(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test formats, installed in this process and the workers that it starts."""
    monkeypatch.syspath_prepend(plugin)
    registry.cache_clear()
    yield
    registry.cache_clear()
    sys.modules.pop("test_job_formats", None)


@pytest.fixture
def environment(plugin: Path) -> dict[str, str]:
    """The environment of a command that finds the test formats."""
    path = os.pathsep.join(filter(None, [str(plugin), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "80"}


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    """Where the cross-walk goes."""
    return tmp_path / "walk"


@pytest.fixture
def paint() -> Paint:
    """Write a small picture of its own: ``paint(folder / "a.png", 7, deed="killed")``."""

    def paint(path: Path, seed: int = 0, *, deed: str = "", size: int = 16) -> Path:
        pixels = np.random.default_rng(seed).integers(0, 256, (size, size, 3), np.uint8)
        pixels[0, 0] = (DEEDS[deed], 1, 2) if deed else (0, 0, 0)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)
        return path

    return paint


@pytest.fixture
def rows_of() -> RowsOf:
    """Return all rows of a cross-walk, sorted, without the numbers of their batches."""

    def rows_of(crosswalk: Path) -> Rows:
        held = Crosswalk.open(crosswalk)
        return {
            "media": sorted(map(repr, held.media())),
            "hashes": sorted((s, h.format, [p.value for p in h.parts]) for s, h in held.hashes()),
            "failures": sorted(map(repr, held.failures())),
        }

    return rows_of
