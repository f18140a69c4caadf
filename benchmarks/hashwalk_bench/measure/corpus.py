"""The sources of a run in numbers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa

from hashwalk_bench.measure.model import Corpus
from hashwalk_bench.run.manifest import Manifest
from hashwalk_bench.run.storage import read_table
from hashwalk_bench.run.tables import Table

_UNKNOWN = "not stated"
_COLUMNS = ["medium", "width", "height", "duration_s", "licence", "group", "cluster"]


def corpus_of(folder: Path, manifest: Manifest) -> Corpus:
    """Return what the sources of a run are, without any path; raises RunError."""
    sources = read_table(folder, Table.SOURCES, columns=_COLUMNS)
    media = Counter(sources.column("medium").to_pylist())
    sizes = Counter(sources.column("cluster").to_pylist()).values()
    licences = Counter(name or _UNKNOWN for name in sources.column("licence").to_pylist())
    return Corpus(
        pictures=media["picture"],
        videos=media["video"],
        clusters=len(sizes),
        near_duplicates=tuple(sorted((size for size in sizes if size > 1), reverse=True)),
        synthetic=manifest.corpus.synthetic,
        licences=dict(sorted(licences.items())),
        groups=len({name for name in sources.column("group").to_pylist() if name}),
        video_seconds=float(_known(sources, "duration_s").sum()),
        picture_megapixels=_megapixels(sources),
        left_out=manifest.corpus.left_out,
    )


def _megapixels(sources: pa.Table) -> float:
    of_picture = np.array([name == "picture" for name in sources.column("medium").to_pylist()])
    pixels = _known(sources, "width") * _known(sources, "height")
    return float(pixels[of_picture].sum()) / 1e6 if len(of_picture) else 0.0


def _known(sources: pa.Table, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    column = sources.column(name).cast(pa.float64()).fill_null(0.0)
    return np.asarray(column.to_numpy(), np.float64)
