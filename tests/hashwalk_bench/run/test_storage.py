"""The tables and the manifest of a run: written whole, equal for equal rows, read back."""

from __future__ import annotations

import stat
from pathlib import Path

import pyarrow as pa
import pytest

from hashwalk.registry import get_formats
from hashwalk_bench.errors import RunError
from hashwalk_bench.run.manifest import (
    CorpusFacts,
    Manifest,
    SuiteFacts,
    read_manifest,
    write_manifest,
)
from hashwalk_bench.run.storage import read_table, table_of, write_table
from hashwalk_bench.run.tables import SCHEMAS, Table

ROWS = [
    ("pdq", 1, 0, b"\x01" * 32, 100, None),
    ("ahash", 2, 0, b"\x02" * 8, None, None),
    ("ahash", 0, 1, b"\x03" * 8, None, 1.5),
    ("ahash", 0, 0, b"\x04" * 8, None, 0.5),
]


def manifest(seed: int = 1, formats: tuple[str, ...] = ("pdq",), workers: int = 1) -> Manifest:
    return Manifest.of(
        get_formats(formats),
        seed=seed,
        suite=SuiteFacts(name="own", sha256="0" * 64, text="[suite]\n"),
        corpus=CorpusFacts(pictures=1, videos=0, left_out=0, synthetic=True, sha256="1" * 64),
        parameters={"max_pixels": 1000},
        workers=workers,
    )


def test_rows_come_back_in_the_order_of_the_table(tmp_path: Path) -> None:
    write_table(tmp_path, Table.HASHES, [table_of(Table.HASHES, ROWS)])
    found = read_table(tmp_path, Table.HASHES)
    assert found.schema.equals(SCHEMAS[Table.HASHES])
    assert [tuple(row.values()) for row in found.to_pylist()] == sorted(ROWS, key=lambda r: r[:3])


def test_equal_rows_give_equal_files_whatever_their_order(tmp_path: Path) -> None:
    written = []
    for rows in (ROWS, ROWS[::-1]):
        write_table(tmp_path, Table.HASHES, [table_of(Table.HASHES, rows)])
        written.append((tmp_path / "hashes.parquet").read_bytes())
    assert written[0] == written[1]


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    write_table(tmp_path, Table.COSTS, [table_of(Table.COSTS, [])])
    write_manifest(tmp_path, manifest())
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_columns_and_formats_can_be_chosen(tmp_path: Path) -> None:
    write_table(tmp_path, Table.HASHES, [table_of(Table.HASHES, ROWS)])
    found = read_table(tmp_path, Table.HASHES, columns=["item"], format_id="ahash")
    assert found.to_pydict() == {"item": [0, 0, 2]}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (None, "there is no folder"),
        ("folder", "is not a run: it has no items.parquet"),
        ("run", "is not finished: the same `hashwalk bench run` goes on"),
        ("damaged", "items.parquet is damaged"),
    ],
)
def test_what_is_no_table_is_told_with_what_to_do(
    tmp_path: Path, made: str | None, said: str
) -> None:
    folder = tmp_path / "run"
    if made:
        folder.mkdir()
    if made == "run":
        write_manifest(folder, manifest())
    if made == "damaged":
        (folder / "items.parquet").write_bytes(b"PAR1")
    with pytest.raises(RunError, match=said):
        read_table(folder, Table.ITEMS)


def test_a_manifest_comes_back(tmp_path: Path) -> None:
    made = manifest().finished()
    write_manifest(tmp_path, made)
    found = read_manifest(tmp_path)
    assert found == made
    assert found.is_finished
    assert not manifest().is_finished


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "one"}'])
def test_what_is_no_manifest_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match=r"run\.json cannot be read as the manifest of a run"):
        read_manifest(tmp_path)


def test_runs_differ_by_what_determines_their_tables_alone() -> None:
    assert manifest(workers=1).difference(manifest(workers=2).finished()) == ""
    assert manifest().difference(manifest(seed=2)) == "another seed"
    assert manifest().difference(manifest(formats=("pdq", "ahash"))) == "other formats"


def test_a_value_of_the_wrong_kind_is_no_row() -> None:
    with pytest.raises(pa.ArrowInvalid):
        table_of(Table.COSTS, [("pdq", "one", 1.0)])
