"""The generated media: the same every time, and what their names promise."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from PIL import Image

from hashwalk_bench.samples import SECONDS, write_samples
from hashwalk_bench.scenes import scene


def test_the_bytes_are_the_same_every_time(samples: Path, tmp_path: Path) -> None:
    write_samples(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in samples.iterdir()}


def test_there_are_pictures_in_several_types_and_three_clips(samples: Path) -> None:
    suffixes = [path.suffix for path in samples.iterdir()]
    assert {".jpg", ".png", ".webp", ".gif"} <= set(suffixes)
    assert sorted(s for s in suffixes if s in {".mp4", ".webm", ".avi"}) == [
        ".avi",
        ".mp4",
        ".webm",
    ]


def test_an_identical_copy_is_identical_and_the_broken_file_is_a_beginning(samples: Path) -> None:
    whole = (samples / "meadow.jpg").read_bytes()
    assert (samples / "meadow-again.jpg").read_bytes() == whole
    assert whole.startswith((samples / "meadow-broken.jpg").read_bytes())


def test_clips_last_as_long_as_they_say(samples: Path) -> None:
    for name, rate in (("drift.mp4", 25), ("drift-small.webm", 25), ("pulse.avi", 15)):
        with av.open(str(samples / name)) as container:
            assert sum(1 for _ in container.decode(video=0)) == SECONDS * rate


def test_scenes_of_two_seeds_differ_and_of_one_agree() -> None:
    first, again, other = scene(1, 64, 48), scene(1, 64, 48), scene(2, 64, 48)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert Image.Image.tobytes(first) != Image.Image.tobytes(other)
