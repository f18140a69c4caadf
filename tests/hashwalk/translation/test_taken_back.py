"""What a list takes back anywhere is live in nothing that a translation writes."""

import hashlib
from pathlib import Path

import pytest

from hashwalk import Crosswalk, Hash, HashedFile, Media, get_format, read_list, write_list
from hashwalk.crosswalk import CrosswalkWriter
from hashwalk.hashlists import Record, Status
from hashwalk.translation import translate_list

PDQ, ABSENT = "0f" * 32, "33" * 32
PHASH = "0123456789abcdef"


@pytest.fixture
def walk(tmp_path: Path) -> Crosswalk:
    """A cross-walk of one picture, whose PDQ is PDQ and whose pHash is PHASH."""
    formats = [get_format("pdq"), get_format("phash")]
    hashes = (
        Hash.of("pdq", bytes.fromhex(PDQ), 100),
        Hash.of("phash", bytes.fromhex(PHASH)),
    )
    media = Media(
        uri="file:///a",
        sha256=hashlib.sha256(b"a").hexdigest(),
        md5=hashlib.md5(b"a", usedforsecurity=False).hexdigest(),
        size=1,
        mtime_ns=1,
        type="picture",
    )
    with CrosswalkWriter.open(tmp_path / "walk", formats=formats) as writer:
        writer.add(HashedFile(media=media, hashes=hashes, failures=()))
    return Crosswalk.open(tmp_path / "walk")


def listed(folder: Path, value: str, order: int, entry_id: str | None) -> Path:
    """A list in which one hash is live and, spelled in another way, withdrawn."""
    live = Record(algorithm="pdq", value=value, source="stopncii", entry_id=entry_id)
    withdrawn = Record(
        algorithm="pdq",
        value=value.upper(),
        source="stopncii",
        entry_id=entry_id,
        status=Status.WITHDRAWN,
    )
    write_list([live, withdrawn][::order], folder / "list.jsonl", "jsonl")
    return folder / "list.jsonl"


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("entry_id", [None, "7"])
@pytest.mark.parametrize("target", ["phash", "pdq"])
def test_its_translation_is_left_out_where_the_container_cannot_say_it(
    tmp_path: Path, walk: Crosswalk, order: int, entry_id: str | None, target: str
) -> None:
    source, out = listed(tmp_path, PDQ, order, entry_id), tmp_path / "out"
    done = translate_list(source, walk, out, to=[target], written_as="tx-file")
    assert out.read_bytes() == b""
    assert done.loss.left_out["taken back elsewhere in the list"] == 1


@pytest.mark.parametrize("written_as", ["misp", "stix"])
def test_a_foreign_list_gets_only_what_takes_it_back(
    tmp_path: Path, walk: Crosswalk, written_as: str
) -> None:
    source, out = listed(tmp_path, PDQ, 1, "7"), tmp_path / "out"
    translate_list(source, walk, out, to=["phash"], written_as=written_as)
    (record,) = read_list(out, container=written_as)
    assert (record.value, record.status) == (PHASH, Status.WITHDRAWN)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("entry_id", [None, "7"])
def test_nobody_is_asked_to_re_hash_it(
    tmp_path: Path, walk: Crosswalk, order: int, entry_id: str | None
) -> None:
    """That list has what is live alone: nothing in it would say that it was taken back."""
    source, out = listed(tmp_path, ABSENT, order, entry_id), tmp_path / "out.jsonl"
    done = translate_list(source, walk, out, to=["phash"], written_as="jsonl")
    assert done.unmatched == 0
    assert not Path(f"{out}.unmatched.jsonl").exists()
    assert [record.status for record in read_list(out)] == [Status.WITHDRAWN]
