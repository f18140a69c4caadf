"""The wide table: a row a media item, a column a format, in three kinds of file."""

from __future__ import annotations

import csv
import json
import os
import stat
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from hashwalk.crosswalk import Crosswalk
from hashwalk.crosswalk.export import export_wide
from hashwalk.crosswalk.parts import Batches
from hashwalk.crosswalk.session import session
from hashwalk.errors import CrosswalkError, UsageError
from hashwalk.format import Hash, Part
from hashwalk.registry import get_format
from hashwalk.results import HashedFile, Label

KINDS = ["csv", "jsonl", "parquet"]
FRAMES = Hash("vpdq", tuple(Part(bytes([n]) * 32, 50 + n, float(n), 30 * n) for n in range(3)))
SEGMENTS = Hash("gone", (Part(b"\x01\x02"), Part(b"\x03")))
A, B = Label("s", "1", "", "a"), Label("s", "1", "", '=b"')


@pytest.fixture
def walk(write_crosswalk: Any, make_media: Any) -> Path:
    """Two names of the same bytes with a label each, and a clip."""
    one, same = make_media("1", "x", labels=[A]), make_media("2", "x", labels=[B])
    picture = (Hash.of("phash", bytes(range(8))), SEGMENTS)
    clip = make_media("=clip", kind="video")
    root: Path = write_crosswalk(
        [HashedFile(media=one, hashes=picture), HashedFile(media=same)],
        [HashedFile(media=clip, hashes=(FRAMES,))],
    )
    return root


def records(path: Path, kind: str) -> list[dict[str, Any]]:
    """Rows as plain values: lists, numbers and None as JSON lines has them."""
    if kind == "parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    if kind == "jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    with path.open(newline="") as file:
        return [_from_csv(row) for row in csv.DictReader(file)]


def _from_csv(row: dict[str, str]) -> dict[str, Any]:
    numbers = {"size", "width", "height", "frames", "orientation", "rotation", "duration_s"}
    read: dict[str, Any] = {
        name: None if text == "" else (int(text) if name in numbers else text)
        for name, text in row.items()
    }
    read["uris"] = row["uris"].split("|")
    read["labels"] = json.loads(row["labels"] or "[]")
    return read


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_a_media_item_and_a_column_a_format(kind: str, walk: Path, tmp_path: Path) -> None:
    out = tmp_path / f"table.{kind}"
    assert Crosswalk.open(walk).export(out, kind) == 2
    by_names = {tuple(r["uris"]): r for r in records(out, kind)}
    picture = by_names["file:///media/1", "file:///media/2"]
    clip = by_names["file:///media/=clip",]
    assert [label["code"] for label in picture["labels"]] == ["a", '=b"']
    assert (picture["phash"], picture["gone"], picture["vpdq"]) == (
        "0001020304050607",
        "0102;03",
        None,
    )
    assert (clip["phash"], clip["labels"]) == (None, [])
    assert [p.value for p in get_format("vpdq").parse(clip["vpdq"]).parts] == [
        part.value for part in FRAMES.parts
    ]
    assert "mtime_ns" not in picture


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_private_and_appears_whole(kind: str, walk: Path, tmp_path: Path) -> None:
    out = tmp_path / "table"
    out.write_text("old")
    Crosswalk.open(walk).export(out, kind)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (walk / "hashes" / "000000000002.parquet").write_bytes(b"damaged")
    before = out.read_bytes()
    with pytest.raises(CrosswalkError):
        Crosswalk.open(walk).export(out, kind)
    assert out.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["table", "walk"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_csv_cell_is_a_formula(
    start: str, write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    text = f'{start}HYPERLINK("http://example.org","x")'
    media = make_media("a.jpg")
    object.__setattr__(media, "codec", text)
    object.__setattr__(media, "rotation", -90)
    Crosswalk.open(write_crosswalk([HashedFile(media=media)])).export(tmp_path / "t.csv", "csv")
    with (tmp_path / "t.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["codec"] == "'" + text
    assert row["rotation"] == "-90"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_csv_header_is_a_formula(start: str, walk: Path, tmp_path: Path) -> None:
    """Not even of an id that no manifest lets in."""
    with session(Batches.of(walk)) as opened:
        export_wide(opened, [f"{start}1+2", "phash"], tmp_path / "t.csv", "csv")
    with (tmp_path / "t.csv").open(newline="") as file:
        assert next(csv.reader(file))[-2:] == [f"'{start}1+2", "phash"]


def test_a_format_that_is_named_like_a_column_has_a_column_of_its_own(
    tmp_path: Path, make_media: Any, write_crosswalk: Any
) -> None:
    root = write_crosswalk([HashedFile(media=make_media("a"), hashes=(Hash.of("gone", b"\x07"),))])
    text = (root / "crosswalk.json").read_text().replace('"gone"', '"size"')
    (root / "crosswalk.json").write_text(text)
    Crosswalk.open(root).export(tmp_path / "t.jsonl", "jsonl")
    (row,) = records(tmp_path / "t.jsonl", "jsonl")
    assert row["size"] == 1
    assert "format:size" in row
    assert "format:sha256" not in row


def test_an_unknown_kind_and_a_missing_folder_are_told(walk: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="csv, jsonl, parquet"):
        Crosswalk.open(walk).export(tmp_path / "t.xlsx", "xlsx")
    with pytest.raises(CrosswalkError, match="cannot write"):
        Crosswalk.open(walk).export(tmp_path / "nowhere" / "t.csv", "csv")


def test_what_is_not_a_regular_file_is_left_alone(walk: Path, tmp_path: Path) -> None:
    pipe, link, dangling = tmp_path / "pipe", tmp_path / "link", tmp_path / "dangling"
    os.mkfifo(pipe)
    (tmp_path / "real").write_text("old")
    link.symlink_to("real")
    dangling.symlink_to("nowhere")
    for out in (pipe, link, dangling, tmp_path, walk):
        before = out.lstat()
        with pytest.raises(UsageError, match="not a regular file"):
            Crosswalk.open(walk).export(out, "csv")
        assert (out.lstat().st_ino, out.lstat().st_mode) == (before.st_ino, before.st_mode)
    assert (tmp_path / "real").read_text() == "old"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "name", ["crosswalk.json", "media/000000000001.parquet", "hashes/t.csv", "new.csv"]
)
@pytest.mark.parametrize("through", ["walk", "link"])
def test_nothing_is_written_into_a_cross_walk(
    through: str, name: str, walk: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(walk)
    before = {p: p.read_bytes() for p in walk.rglob("*") if p.is_file()}
    with pytest.raises(UsageError, match="is inside the cross-walk"):
        Crosswalk.open(walk).export(tmp_path / through / name, "csv")
    assert {p: p.read_bytes() for p in walk.rglob("*") if p.is_file()} == before
