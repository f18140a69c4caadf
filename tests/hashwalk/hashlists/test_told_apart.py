"""Which container a file is, is told by its content: one says yes, and it is the right one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hashwalk import Hash, Part, get_format
from hashwalk.errors import HashListError, UsageError
from hashwalk.hashlists import MediaType, Record, Status, containers, convert_list, write_list
from hashwalk.hashlists.container import HEAD_BYTES, ContainerReader, ContainerWriter, Head
from hashwalk.hashlists.containers import name_by_suffix, reader_named, reader_of
from hashwalk.results import Label


def picture(number: int, algorithm: str = "md5") -> Record:
    return Record(
        algorithm=algorithm,
        media_type=MediaType.PICTURE,
        value=hashlib.new(algorithm, bytes([number]), usedforsecurity=False).hexdigest(),
        entry_id=f"entry-{number}",
        member_id="1",
        source="test",
        updated="2024-01-01T00:00:00Z",
        labels=(Label("s", "", "", "c"),),
    )


FRAMES = Hash("vpdq", (Part(bytes(32), 100, 0.0, 0),))
VIDEO = Record(algorithm="vpdq", value=get_format("vpdq").render(FRAMES))
PDQ = Record(algorithm="pdq", value=picture(1, "sha256").value, entry_id="pdq")
DELETED = Record(algorithm="md5", value=None, status=Status.DELETED, entry_id="gone")
RECORDS = [PDQ, picture(1), picture(2), VIDEO, DELETED]
FILES_ELSEWHERE = {"tmk"}
"""Files of a single hash whose values are too long to make here."""
BOTH = sorted(
    each.name
    for each in containers()
    if isinstance(each, ContainerReader) and isinstance(each, ContainerWriter)
)
OWN = ("csv", "jsonl", "parquet")


def recognised_by(path: Path) -> list[str]:
    with path.open("rb") as file:
        head = Head(path.name, file.read(HEAD_BYTES))
    readers = [each for each in containers() if isinstance(each, ContainerReader)]
    return [each.name for each in readers if each.recognises(head)]


@pytest.fixture(params=[name for name in BOTH if name not in FILES_ELSEWHERE])
def listed(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """A list in each container that can be written, and the container's name."""
    path = tmp_path / "list"
    assert write_list(RECORDS, path, request.param).written
    return request.param, path


def test_one_container_recognises_a_list(listed: tuple[str, Path]) -> None:
    name, path = listed
    assert recognised_by(path) == [name]


@pytest.mark.parametrize("own", OWN)
def test_a_canonical_list_is_told_whatever_its_source_records_are(
    listed: tuple[str, Path], own: str, tmp_path: Path
) -> None:
    name, path = listed
    algorithm = "vpdq" if name.startswith("vpdq") else "pdq"
    canonical = tmp_path / "canonical"
    done = convert_list(path, canonical, read_as=name, written_as=own, algorithm=algorithm)
    assert done.loss.written
    assert reader_of(canonical).name == own


def test_a_list_of_long_values_is_told_by_how_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "list"
    write_list([Record(algorithm="long", value="a" * HEAD_BYTES)], path, "jsonl")
    assert recognised_by(path) == ["jsonl"]


@pytest.mark.parametrize(
    "data",
    [b"GIF89a", b"{}", b"[]", b"<html></html>", b"name,size\na,1\n", b"hello\n", b"\x00" * 99,
     b"[" * HEAD_BYTES],
)  # fmt: skip
def test_other_files_are_no_list(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(HashListError, match=r"is no hash list that is known here; --from names"):
        reader_of(path)


@pytest.mark.parametrize("data", [b"", b"\n \n"])
def test_an_empty_file_is_no_list(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(HashListError, match="is empty"):
        reader_of(path)


def test_the_suffix_that_is_a_container_s_name_tells_what_to_write() -> None:
    assert name_by_suffix(Path("a.b.CSV"), "--to") == "csv"
    for name in ("a.json", "a.xml", "a", "csv"):
        with pytest.raises(UsageError, match="--to"):
            name_by_suffix(Path(name), "--to")


def test_containers_have_one_name_each_and_are_found_by_it() -> None:
    names = [each.name for each in containers()]
    assert len(set(names)) == len(names)
    for each in containers():
        if isinstance(each, ContainerReader):
            assert reader_named(each.name) is each
