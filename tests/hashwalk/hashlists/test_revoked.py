"""A hash that is taken back anywhere in a list is never handed on as live."""

import json
from pathlib import Path
from typing import Any

import pytest

from hashwalk import Record, convert_list, read_list, write_list
from hashwalk.hashlists import Reject, Status, containers
from hashwalk.hashlists.container import ContainerWriter

MD5 = "0123456789abcdef0123456789abcdef"
OTHER = "fedcba9876543210fedcba9876543210"
WHO: dict[str, Any] = {"source": "ncmec", "member_id": "42"}
LIVE = Record(algorithm="md5", value=MD5, entry_id="7", **WHO)
UNRELATED = Record(algorithm="md5", value=OTHER, entry_id="8", **WHO)
DELETED = Record(algorithm="*", value=None, entry_id="7", status=Status.DELETED, **WHO)
WRITERS = [
    each.name
    for each in containers()
    if isinstance(each, ContainerWriter) and (each.algorithms is None or "md5" in each.algorithms)
]


@pytest.mark.parametrize("written_as", WRITERS)
def test_what_a_later_deletion_takes_back_is_not_live_in_any_container(
    tmp_path: Path, written_as: str
) -> None:
    source, out = tmp_path / "list.jsonl", tmp_path / "out"
    write_list([LIVE, UNRELATED, DELETED], source, "jsonl")
    convert_list(source, out, written_as=written_as)
    found = (
        list(read_list(out, container=written_as, algorithm="md5")) if out.stat().st_size else []
    )
    taken_back = {record.entry for record in found if record.status is not Status.ACTIVE}
    live = {record.value for record in found if record.entry not in taken_back}
    assert MD5 not in live


def test_it_is_counted_and_a_container_that_can_say_it_keeps_both(tmp_path: Path) -> None:
    source, out = tmp_path / "list.jsonl", tmp_path / "out"
    write_list([LIVE, UNRELATED, DELETED], source, "jsonl")
    convert_list(source, out, written_as="tx-file")
    left_out = json.loads(Path(f"{out}.loss.json").read_text())["left_out"]
    assert left_out["taken back elsewhere in the list"] == 1
    assert MD5 not in out.read_text()
    assert OTHER in out.read_text()
    assert convert_list(source, out, written_as="jsonl").loss.written == 3


@pytest.mark.parametrize("written_as", WRITERS)
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("who", [WHO, {}, {"source": "stopncii", "media_type": "video"}])
def test_a_withdrawal_without_entry_takes_back_its_hash_however_it_is_written(
    tmp_path: Path, written_as: str, order: int, who: dict[str, Any]
) -> None:
    """Lists such as StopNCII's have no ids: the hash is what an entry is known by."""
    live = Record(algorithm="md5", value=MD5, **who)
    other = Record(algorithm="md5", value=OTHER, **who)
    withdrawn = Record(algorithm="md5", value=MD5.upper(), status=Status.WITHDRAWN, **who)
    source, out = tmp_path / "list.jsonl", tmp_path / "out"
    write_list([live, other, withdrawn][::order], source, "jsonl")
    convert_list(source, out, written_as=written_as)
    found = (
        list(read_list(out, container=written_as, algorithm="md5")) if out.stat().st_size else []
    )
    ended = {r.value.lower() for r in found if r.value and r.status is not Status.ACTIVE}
    live_now = {r.value.lower() for r in found if r.value and r.status is Status.ACTIVE}
    assert MD5 not in live_now - ended


@pytest.mark.parametrize("written_as", ["misp", "ncmec", "stix", "stopncii", "threatexchange"])
@pytest.mark.parametrize("order", [1, -1])
def test_a_foreign_list_never_says_of_one_entry_that_it_is_live_and_that_it_is_not(
    tmp_path: Path, written_as: str, order: int
) -> None:
    """Of two objects of one id, a reader may keep either; the times of a list do not decide."""
    who = {**WHO, "entry_id": "7", "media_type": "video"}
    live = Record(algorithm="md5", value=MD5, updated="2020-01-01T00:00:00Z", **who)
    withdrawn = Record(
        algorithm="md5", value=MD5, updated="2020-01-02T00:00:00Z", status=Status.WITHDRAWN, **who
    )
    source, out = tmp_path / "list.jsonl", tmp_path / "out"
    write_list([live, UNRELATED, withdrawn][::order], source, "jsonl")
    convert_list(source, out, written_as=written_as)
    found = [record for record in read_list(out, container=written_as) if record.value != OTHER]
    assert [record.status for record in found if record.status is Status.ACTIVE] == []
    assert found


def test_one_hash_of_an_entry_can_be_withdrawn_where_the_container_says_so_by_hash(
    tmp_path: Path,
) -> None:
    sha1 = Record(algorithm="sha1", value=MD5 + MD5[:8], entry_id="7", **WHO)
    withdrawn = Record(algorithm="md5", value=MD5, entry_id="7", status=Status.WITHDRAWN, **WHO)
    source, out = tmp_path / "list.jsonl", tmp_path / "out"
    write_list([sha1, withdrawn], source, "jsonl")
    for written_as, live in (("misp", ["sha1"]), ("stix", ["sha1"]), ("hma", [])):
        convert_list(source, out, written_as=written_as)
        found = read_list(out, container=written_as) if out.stat().st_size else ()
        assert [r.algorithm for r in found if r.status is Status.ACTIVE] == live


def test_the_same_hash_in_an_entry_of_its_own_stays_live(tmp_path: Path) -> None:
    """Another member, or another entry, still holds it."""
    withdrawn = Record(algorithm="md5", value=MD5, entry_id="9", status=Status.WITHDRAWN, **WHO)
    source, out = tmp_path / "list.jsonl", tmp_path / "out"
    write_list([LIVE, withdrawn], source, "jsonl")
    convert_list(source, out, written_as="tx-file")
    assert MD5 in out.read_text()


LIVE_LINE = {"algorithm": "md5", "value": MD5, "entry_id": "7"}
ENDED_LINE = {"algorithm": "md5", "value": "no hash", "entry_id": "7", "status": "withdrawn"}
LIVE_UPDATE = {"id": "7", "type": "HASH_MD5", "indicator": MD5, "descriptors": [{"id": "1"}]}
ENDED_UPDATE = {"id": "7", "type": "HASH_MD5", "indicator": "no hash", "should_delete": True}
LIVE_ENTRY = {"id": 7, "algorithm": "MD5", "hash_digest": MD5, "deleted": False}
ENDED_ENTRY = {"id": 7, "algorithm": "MD5", "hash_digest": "no hash", "deleted": True}


@pytest.mark.parametrize(
    ("container", "text"),
    [
        ("jsonl", f"{json.dumps(LIVE_LINE)}\n{json.dumps(ENDED_LINE)}\n"),
        ("csv", f"algorithm,value,entry_id,status\nmd5,{MD5},7,\nmd5,no hash,7,withdrawn\n"),
        ("threatexchange", json.dumps({"data": [LIVE_UPDATE, ENDED_UPDATE]})),
        ("tat", json.dumps([LIVE_ENTRY, ENDED_ENTRY])),
    ],
)
def test_what_is_taken_back_with_a_misspelled_hash_is_taken_back_as_an_entry(
    tmp_path: Path, container: str, text: str
) -> None:
    source, out = tmp_path / "list", tmp_path / "out"
    source.write_text(text)
    live, ended = read_list(source, container=container)
    assert (live.status, live.value) == (Status.ACTIVE, MD5)
    assert ended.status is not Status.ACTIVE
    assert (ended.value, ended.entry) == (None, live.entry)
    assert "no hash" in json.dumps(dict(ended.raw or {}))
    convert_list(source, out, read_as=container, written_as="tx-file")
    assert out.read_bytes() == b""


def test_a_misspelled_hash_that_names_no_entry_is_rejected(tmp_path: Path) -> None:
    source = tmp_path / "list.jsonl"
    source.write_text(f"{json.dumps(LIVE_LINE)}\n{json.dumps({**ENDED_LINE, 'entry_id': None})}\n")
    rejects: list[Reject] = []
    assert len(list(read_list(source, on_reject=rejects.append))) == 1
    assert [reject.where for reject in rejects] == ["line 2"]
