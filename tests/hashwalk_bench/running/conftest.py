"""Tiny media, a small suite, a format that is dangerous on some variants, and runs of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hashwalk.registry import registry
from hashwalk.testing.clips import clip_file
from hashwalk_bench.running.asked import Asked
from hashwalk_bench.running.benchmark import Done, run_benchmark
from hashwalk_bench.scenes import scene

SIDE = 64
SUITE = """
[formats]
picture = ["sha256", "ahash", "test-narrow"]
video = ["vpdq"]
[[picture]]
transform = "copy"
[[picture]]
transform = "jpeg"
quality = [75, 20]
[[picture]]
transform = "crop"
share = [0.1, 0.2]
[[video]]
transform = "copy"
[[video]]
transform = "trim"
side = "start"
share = 0.2
"""
MODULE = """
import signal, time

from hashwalk.encodings import Hex
from hashwalk.format import Format, FormatSpec, Hash, Kind, PictureHasher


class Narrow(Format, PictureHasher):
    spec = FormatSpec(id="test-narrow", summary="", kind=Kind.PICTURE, bits=8, threshold=None,
                      licence="MIT", encodings=(Hex(8),), source="", default=False)

    def hash_picture(self, picture):
        width = picture.rgb.shape[1]
        time.sleep(0.03)
        if width < 30:
            signal.raise_signal(signal.SIGSEGV)
        return Hash.of("test-narrow", bytes([width]))
"""

Benchmark = Callable[..., Done]


@pytest.fixture(scope="session")
def narrow_plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an installed package of the format ``test-narrow``, for PYTHONPATH."""
    folder = tmp_path_factory.mktemp("narrow")
    (folder / "test_narrow_format.py").write_text(MODULE)
    info = folder / "test_narrow-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: test-narrow\nVersion: 1.0\n")
    points = "[hashwalk.formats]\ntest-narrow = test_narrow_format:Narrow\n"
    (info / "entry_points.txt").write_text(points)
    return folder


@pytest.fixture(scope="session")
def tiny_media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six pictures, of which two are one and one is narrow, a clip, and a text.

    A fifth cut off the narrow one leaves so little that ``test-narrow`` crashes.
    """
    folder = tmp_path_factory.mktemp("media")
    for seed in range(4):
        scene(seed, SIDE, SIDE).save(folder / f"{seed}.png")
    scene(0, SIDE, SIDE).save(folder / "again.jpg", quality=95)
    scene(9, 40, SIDE).save(folder / "narrow.png")
    (folder / "clip.avi").write_bytes(clip_file())
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture(scope="session")
def tiny_suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A suite of five edits of pictures and two of videos."""
    path = tmp_path_factory.mktemp("suite") / "tiny.toml"
    path.write_text(SUITE)
    return path


@pytest.fixture(scope="module")
def narrow_format(narrow_plugin: Path) -> Iterator[None]:
    """The format ``test-narrow``, installed in this process and the workers it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(narrow_plugin)
        registry.cache_clear()
        yield
    registry.cache_clear()


@pytest.fixture(scope="module")
def benchmark(narrow_format: None, tiny_media: Path, tiny_suite: Path) -> Benchmark:
    """Run the tiny suite on the tiny media: ``benchmark(folder, workers=1)``.

    What is told as news or as left out is added to the lists of these names.
    """

    def run(
        folder: Path,
        *,
        news: list[str] | None = None,
        left_out: list[str] | None = None,
        **asked: object,
    ) -> Done:
        wanted = {"media": tiny_media, "suite": str(tiny_suite), "seed": 5, "workers": 1, **asked}
        return run_benchmark(
            Asked(folder=folder, **wanted),  # type: ignore[arg-type]
            stop=threading.Event(),
            on_progress=None,
            on_news=[].append if news is None else news.append,
            on_left_out=[].append if left_out is None else left_out.append,
        )

    return run


@pytest.fixture(scope="module")
def finished_run(benchmark: Benchmark, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run by two workers; not to be changed."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    benchmark(folder, workers=2)
    return folder
