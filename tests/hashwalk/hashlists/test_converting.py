"""Conversion of a list file: all of it or nothing, and what was lost is said."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from hashwalk.errors import HashListError, UsageError
from hashwalk.hashlists import Record, Status, convert_list, read_list, write_list

MD5 = hashlib.md5(b"a picture", usedforsecurity=False).hexdigest()
RECORDS = [
    Record(algorithm="md5", value=MD5, entry_id="1", raw={"id": 1}),
    Record(algorithm="md5", value=MD5, entry_id="2", status=Status.WITHDRAWN),
    Record(algorithm="*", value=None, entry_id="3", status=Status.DELETED),
]


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    write_list(RECORDS, path, "jsonl")
    return path


def loss_of(out: Path) -> object:
    return json.loads(Path(f"{out}.loss.json").read_text())


def test_what_is_lost_is_counted_by_field(listed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = convert_list(listed, out, written_as="csv")
    assert (done.read_as, done.read, done.rejects) == ("jsonl", 3, 0)
    assert loss_of(out) == {"written": 3, "fields": {"raw": 1}, "left_out": {}}
    assert [record.status for record in read_list(out)] == list(Status)


def test_what_is_not_active_is_left_out_where_that_cannot_be_said(
    listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.txt"
    convert_list(listed, out, written_as="hex-lines")
    assert out.read_text() == f"{MD5}\n"
    report = json.loads(Path(f"{out}.loss.json").read_text())
    assert report["written"] == 1
    assert report["fields"]["entry_id"] == 1
    assert sorted(report["left_out"]) == [
        "status deleted: hex-lines cannot say it",
        "status withdrawn: hex-lines cannot say it",
    ]


def test_what_cannot_be_read_is_written_beside_the_list(listed: Path, tmp_path: Path) -> None:
    with listed.open("a") as file:
        file.write('no record\n{"algorithm": "md5", "value": "beef"}\n')
    out = tmp_path / "out.csv"
    done = convert_list(listed, out, written_as="csv")
    rejects = [json.loads(line) for line in Path(f"{out}.rejects.jsonl").read_text().splitlines()]
    assert [(each["where"], each["start"]) for each in rejects] == [
        ("line 4", "no record"),
        ("line 5", '{"algorithm": "md5", "value": "beef"}'),
    ]
    assert (done.read, done.rejects, len(done.first_rejects)) == (3, 2, 2)
    assert len(list(read_list(out))) == 3


def test_rejects_of_an_earlier_run_are_removed(listed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    stale = Path(f"{out}.rejects.jsonl")
    stale.write_text("stale")
    convert_list(listed, out, written_as="csv")
    assert not stale.exists()


def test_all_files_are_private(listed: Path, tmp_path: Path) -> None:
    with listed.open("a") as file:
        file.write("no record\n")
    convert_list(listed, tmp_path / "out.csv", written_as="csv")
    made = sorted(tmp_path.glob("out.*"))
    assert [path.name for path in made] == ["out.csv", "out.csv.loss.json", "out.csv.rejects.jsonl"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}


def test_nothing_is_left_and_nothing_replaced_when_it_fails_midway(tmp_path: Path) -> None:
    """A NCMEC document that breaks off in its second entry."""
    source, out = tmp_path / "in.xml", tmp_path / "out.jsonl"
    entry = f"""<image><member id="1">A</member><timestamp>2024-01-01T00:00:00Z</timestamp>
        <id>1</id><fingerprints><md5>{MD5}</md5><sha1>0</sha1></fingerprints></image>"""
    source.write_text(
        f"<queryResult xmlns='https://hashsharing.ncmec.org/hashsharing/v2'><images>{entry}<image>"
    )
    out.write_text("old")
    with pytest.raises(HashListError):
        convert_list(source, out, written_as="jsonl")
    assert out.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.xml", "out.jsonl"]


def test_nothing_is_left_when_the_records_fail(tmp_path: Path) -> None:
    def records() -> Iterator[Record]:
        yield RECORDS[0]
        raise KeyError

    with pytest.raises(KeyError):
        write_list(records(), tmp_path / "out.parquet", "parquet")
    assert not list(tmp_path.iterdir())


def test_a_list_is_not_written_over_itself(listed: Path, tmp_path: Path) -> None:
    before = listed.read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(listed)
    for out in (listed, link):
        with pytest.raises(UsageError, match="is the list itself"):
            convert_list(listed, out, written_as="csv")
    assert listed.read_bytes() == before


@pytest.mark.parametrize(
    ("read_as", "written_as", "reason"),
    [(None, "nothing", "no container 'nothing'"), ("nothing", "csv", "no container 'nothing'"),
     (None, "icse", "can be read, not written")],
)  # fmt: skip
def test_a_container_that_is_none_is_wrong_usage(
    read_as: str | None, written_as: str, reason: str, listed: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=reason):
        convert_list(listed, tmp_path / "out", read_as=read_as, written_as=written_as)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there_is_one_line(listed: Path, tmp_path: Path) -> None:
    with pytest.raises(HashListError, match="cannot write"):
        convert_list(listed, tmp_path / "nowhere" / "out.csv", written_as="csv")
    with pytest.raises(HashListError, match="cannot read"):
        convert_list(tmp_path / "nothing", tmp_path / "out.csv", written_as="csv")
