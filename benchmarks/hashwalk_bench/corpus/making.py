"""A corpus for who has none: pictures and clips that differ, and a manifest that says so."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.random import Generator

from hashwalk.errors import UsageError
from hashwalk_bench.corpus.drawing import KINDS
from hashwalk_bench.corpus.manifest import GENERATED, MANIFEST_NAME
from hashwalk_bench.corpus.moving import draw_clip
from hashwalk_bench.transforms.video_writing import Shape, h264, write

_SIDES = (320, 400, 480, 640, 800, 960, 1200)
_ASPECTS = ((1, 1), (4, 3), (3, 2), (16, 9), (3, 4), (2, 3), (9, 16))
_SUFFIXES = (".jpg", ".jpg", ".jpg", ".png", ".webp")
_COLUMNS = ("path", "licence", "group")


def make_corpus(
    folder: str | os.PathLike[str], pictures: int, clips: int, seed: int = 0
) -> Iterator[Path]:
    """Draw pictures and clips into a new or empty folder, yielding each path once it is written.

    The n-th picture, and the n-th clip, follows from the seed alone: the same pixels every time,
    and the same bytes with the same libraries. A manifest comes last. Raises UsageError for a
    folder with something in it, and where nothing is asked for.
    """
    top = Path(folder)
    if pictures < 0 or clips < 0 or not pictures + clips:
        raise UsageError("a corpus needs a picture or a clip: give numbers of 0 and more")
    if top.exists() and (not top.is_dir() or any(top.iterdir())):
        raise UsageError(f"{top} is no empty folder: a corpus is made in one of its own")
    return _make(top, pictures, clips, seed)


def _make(top: Path, pictures: int, clips: int, seed: int) -> Iterator[Path]:
    groups: dict[Path, str] = {}
    for number in range(pictures):
        path, group = _write_picture(top / "pictures", number, seed)
        groups[path] = group
        yield path
    for number in range(clips):
        path = _write_clip(top / "clips", number, seed)
        groups[path] = "clip"
        yield path
    with (top / MANIFEST_NAME).open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(_COLUMNS)
        rows.writerows((p.relative_to(top).as_posix(), GENERATED, g) for p, g in groups.items())


def _write_picture(folder: Path, number: int, seed: int) -> tuple[Path, str]:
    """Draw one picture, each kind in turn; return its path and its kind."""
    folder.mkdir(parents=True, exist_ok=True)
    random = _chance(seed, "picture", number)
    kind = KINDS[number % len(KINDS)]
    across, down = _ASPECTS[random.integers(len(_ASPECTS))]
    longest = _SIDES[random.integers(len(_SIDES))]
    scale = longest / max(across, down)
    drawn = kind(random, round(across * scale), round(down * scale))
    suffix = _SUFFIXES[random.integers(len(_SUFFIXES))]
    path = folder / f"{kind.__name__}-{number:05}{suffix}"
    drawn.save(path, quality=int(random.integers(75, 96)))
    return path, kind.__name__


def _write_clip(folder: Path, number: int, seed: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    frames, rate = draw_clip(_chance(seed, "clip", number))
    return write(frames, Shape(Fraction(rate)), h264(), folder / f"clip-{number:05}")


def _chance(seed: int, what: str, number: int) -> Generator:
    """Return the generator of one file: the others do not matter to it."""
    digest = hashlib.sha256(f"{seed} {what} {number}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest))
