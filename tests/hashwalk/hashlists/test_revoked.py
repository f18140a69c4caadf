"""A hash that is taken back anywhere in a list is never handed on as live."""

import json
from pathlib import Path

import pytest

from hashwalk import Record, convert_list, read_list, write_list
from hashwalk.hashlists import Status, containers
from hashwalk.hashlists.container import ContainerWriter

MD5 = "0123456789abcdef0123456789abcdef"
OTHER = "fedcba9876543210fedcba9876543210"
WHO = {"source": "ncmec", "member_id": "42"}
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
    assert left_out["taken back elsewhere in the list: tx-file cannot say it"] == 1
    assert MD5 not in out.read_text()
    assert OTHER in out.read_text()
    assert convert_list(source, out, written_as="jsonl").loss.written == 3
