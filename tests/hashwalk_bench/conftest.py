"""Runs of hand-made hashes: every distance in them is known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hashwalk import Hash, get_format
from hashwalk_bench.run.manifest import CorpusFacts, Manifest, SuiteFacts, write_manifest
from hashwalk_bench.run.storage import table_of, write_table
from hashwalk_bench.run.tables import ORIGINAL, Table

SUITE = """
name = "tiny"
[formats]
picture = ["phash", "dhash"]
[[picture]]
transform = "jpeg"
quality = 20
"""


@dataclass
class Made:
    """A run that is put together item by item."""

    folder: Path
    rows: dict[Table, list[tuple[Any, ...]]] = field(
        default_factory=lambda: {table: [] for table in Table}
    )
    formats: dict[str, None] = field(default_factory=dict)

    def source(
        self, half: str, cluster: int | None = None, medium: str = "picture", seconds: float = 0
    ) -> int:
        """Add a source, and return its number."""
        number = len(self.rows[Table.SOURCES])
        kept = number if cluster is None else cluster
        name, duration = hashlib.sha256(b"%d" % number).hexdigest(), seconds or None
        self.rows[Table.SOURCES].append(
            (number, f"secret/{number}.png", name, medium, 9, 100, 200, duration, "CC0-1.0", "g",
             kept, half)
        )  # fmt: skip
        return number

    def item(
        self,
        source: int,
        hashes: Sequence[Hash],
        transform: str = ORIGINAL,
        span: tuple[float, ...] = (None,) * 4,  # type: ignore[assignment]
        failed: Mapping[str, str] | None = None,
    ) -> int:
        """Add an item with its hashes, and the codes of what failed by format."""
        number = len(self.rows[Table.ITEMS])
        family = "" if transform == ORIGINAL else transform.partition("(")[0]
        sha256 = hashlib.sha256(b"item %d" % number).hexdigest()
        self.rows[Table.ITEMS].append(
            (number, source, transform, family, None, sha256, 9, 100, 200, None, *span)
        )
        for value in hashes:
            self.formats[value.format] = None
            self.rows[Table.HASHES] += [
                (value.format, number, place, part.value, part.quality, part.time_s)
                for place, part in enumerate(value.parts)
            ]
        for name, code in (failed or {}).items():
            self.rows[Table.FAILURES].append((number, name, code, "it failed"))
        return number

    def cost(self, format_id: str, item: int, seconds: float) -> None:
        """Add what hashing an item took."""
        self.rows[Table.COSTS].append((format_id, item, seconds))

    def written(self, *, finished: bool = True) -> Path:
        """Write the run's folder."""
        self.folder.mkdir()
        for table, rows in self.rows.items():
            write_table(self.folder, table, [table_of(table, rows)])
        manifest = Manifest.of(
            {name: get_format(name) for name in self.formats},
            seed=7,
            suite=SuiteFacts(name="tiny", sha256="0" * 64, text=SUITE),
            corpus=CorpusFacts(pictures=1, videos=0, left_out=0, synthetic=True, sha256="1" * 64),
            parameters={},
            workers=1,
        )
        write_manifest(self.folder, manifest.finished() if finished else manifest)
        return self.folder


@pytest.fixture
def new_run(tmp_path: Path) -> Callable[[], Made]:
    """Return a run to put together."""
    return lambda: Made(tmp_path / "run")
