"""Hashes of reference media, and a run's tables made of generated hashes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hashwalk import hash_file
from hashwalk.format import Hash
from hashwalk.registry import can_compute, formats
from hashwalk_bench.run.storage import table_of, write_table
from hashwalk_bench.run.tables import ORIGINAL, Table

CLIPS = ("halfsecond-h264-30fps.mp4", "oddsize-h264-24fps.mkv", "flat-h264-25fps.mp4")
PICTURES = (
    "chart-1bit.png",
    "chart-palette.png",
    "flat.png",
    "fractal-512x321.webp",
    "fractal-blur.jpg",
    "sliver-5x40.png",
    "tiny-42x34.png",
)
FAMILIES = (
    "framewise:phash@1",
    "keyframes:pdq",
    "framewise:cv-radial-variance@1",
    "framewise:crop-resistant@1",
)

MakeRun = Callable[..., Path]


@pytest.fixture(scope="session")
def real_hashes(vectors_folder: Path) -> dict[str, list[Hash]]:
    """The hashes of reference pictures and clips, by every format that can be computed here."""
    known = formats()
    ids = [name for name in known if can_compute(known[name])] + list(FAMILIES)
    paths = [vectors_folder / "images" / name for name in PICTURES]
    paths += [vectors_folder / "clips" / name for name in CLIPS]
    found: dict[str, list[Hash]] = {name: [] for name in ids}
    for path in paths:
        for value in hash_file(path, ids).hashes:
            found[value.format].append(value)
    return found


@pytest.fixture
def make_run(tmp_path: Path) -> MakeRun:
    """Write the tables of a run of pictures with the hashes of one format: bits, and no media."""

    def make(  # noqa: PLR0917
        clusters: list[int],
        halves: list[str],
        values: list[list[bytes | None]],
        format_id: str = "phash",
        quality: int | None = None,
        failures: list[tuple[int, str, str]] | None = None,
    ) -> Path:
        """Take by source its cluster, its half, and the values of its original and variants."""
        sources, items, hashes = [], [], []
        for source, (cluster, half, own) in enumerate(zip(clusters, halves, values, strict=True)):
            row = (source, f"{source}.png", f"{source:064x}", "picture", 9, 8, 8, None)
            sources.append((*row, None, None, cluster, half))
            for number, value in enumerate(own):
                item, transform = len(items), ORIGINAL if number == 0 else f"edit(k={number})"
                shape = (None,) * 8
                items.append((item, source, transform, "family", None, f"{item:064x}", *shape))
                if value is not None:
                    hashes.append((format_id, item, 0, value, quality, None))
        told = [(item, name, code, "message") for item, name, code in failures or []]
        rows = {
            Table.SOURCES: sources,
            Table.ITEMS: items,
            Table.HASHES: hashes,
            Table.FAILURES: told,
        }
        for table, of_table in rows.items():
            write_table(tmp_path, table, [table_of(table, of_table)])
        return tmp_path

    return make


@pytest.fixture
def codes() -> Callable[[int, int, int], list[bytes]]:
    """Make values that differ from one another in few bits: ``codes(seed, count, size)``."""

    def make(seed: int, count: int, size: int) -> list[bytes]:
        rng = np.random.default_rng(seed)
        bits = rng.random((count, 8 * size)) < 0.1
        return [bytes(row) for row in np.packbits(bits, axis=1)]

    return make
