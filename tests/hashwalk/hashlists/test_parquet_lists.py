"""Parquet: others read what is written, and what they write is read."""

from __future__ import annotations

import hashlib
import io
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hashwalk.errors import AmbiguousAlgorithmError, HashListError
from hashwalk.hashlists import Feedback, Record, Reject, Status, read_list, write_list
from hashwalk.hashlists.container import Told
from hashwalk.hashlists.parquet import SCHEMA, Parquet
from hashwalk.results import Label

MD5 = hashlib.md5(b"a picture", usedforsecurity=False).hexdigest()
ACTIVE = Record(
    algorithm="md5",
    value=MD5,
    entry_id="1",
    labels=(Label("IWF", "1", "uk", "A"),),
    feedback=(Feedback("7", "no", ("old",)),),
    raw={"id": {"a": 1}},
)
DELETED = Record(algorithm="*", value=None, entry_id="2", status=Status.DELETED)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "list.parquet"
    write_list([ACTIVE, DELETED], path, "parquet")
    return path


def parquet(**columns: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def read(data: bytes, algorithm: str | None = None) -> list[Record | Reject]:
    return list(Parquet().read(io.BytesIO(data), Told(name="list.parquet", algorithm=algorithm)))


def test_duckdb_reads_labels_and_feedback_as_structs_and_raw_as_json(written: Path) -> None:
    active = duckdb.read_parquet(str(written)).filter("status = 'active'")
    found = active.project("value, labels[1].code, feedback[1].reasons[1], raw->>'$.id.a'")
    assert found.fetchall() == [(MD5, "A", "old", "1")]


def test_what_duckdb_selects_of_a_list_is_a_list(written: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.parquet"
    duckdb.read_parquet(str(written)).order("entry_id DESC").write_parquet(str(copy))
    assert list(read_list(copy)) == [DELETED, ACTIVE]


def test_columns_may_be_few_and_of_other_types_that_hold_the_same() -> None:
    (found,) = read(
        parquet(
            value=pa.array([MD5], pa.large_string()),
            algorithm=pa.array(["md5"]).dictionary_encode(),
            quality=pa.array([7], pa.int8()),
            colour=["red"],
            seen=pa.array([0], pa.timestamp("s")),
            digest=[b"\x00"],
        )
    )
    raw = {"colour": "red", "seen": "1970-01-01T00:00:00", "digest": "AA=="}
    assert found == Record(algorithm="md5", value=MD5, quality=7, raw=raw)


def test_values_alone_need_an_algorithm() -> None:
    with pytest.raises(AmbiguousAlgorithmError, match="md5"):
        read(parquet(value=[MD5]))
    assert read(parquet(value=[MD5]), "md5") == [Record(algorithm="md5", value=MD5)]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"hash": ["a"]}, "needs one column value"),
        ({"value": [{"a": 1}], "algorithm": ["md5"]}, "column value is damaged, or not"),
        ({"value": ["a"], "algorithm": ["a"], "labels": ["A1"]}, "column labels"),
    ],
)
def test_a_table_of_something_else_is_refused(columns: dict[str, Any], reason: str) -> None:
    with pytest.raises(HashListError, match=reason):
        read(parquet(**columns))


@pytest.mark.parametrize("raw", ["[1]", "{", "NaN"])
def test_a_source_record_that_is_no_json_object_is_a_reject(raw: str) -> None:
    (found,) = read(parquet(value=[MD5], algorithm=["md5"], raw=[raw]))
    assert isinstance(found, Reject)
    assert found.where == "row 1"


def test_damage_is_one_error_wherever_it_is(written: Path) -> None:
    """Bytes are changed at random places; Arrow reports that in many ways, and this in one."""
    data, dice, refused = written.read_bytes(), random.Random(4), 0  # noqa: S311
    for _ in range(150):
        broken = bytearray(data)
        broken[dice.randrange(len(broken))] ^= dice.randrange(1, 256)
        with suppress(HashListError):
            read(bytes(broken))
            refused -= 1
        refused += 1
    assert refused > 50


def test_large_values_are_in_row_groups_of_bounded_size(tmp_path: Path) -> None:
    path = tmp_path / "large.parquet"
    large = [Record(algorithm="large", value=f"{n}{'a' * 3_000_000}") for n in range(25)]
    write_list(large, path, "parquet")
    assert pq.ParquetFile(path).metadata.num_row_groups > 1
    assert pq.read_schema(path).equals(SCHEMA)
    assert list(read_list(path)) == large
