"""STIX bundles and MISP events hold all that a list says but its source records, and no more."""

from __future__ import annotations

import base64
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk import Label
from hashwalk.errors import HashListError, HashwalkError
from hashwalk.hashlists import (
    Feedback,
    MediaType,
    Method,
    Record,
    Reject,
    Status,
    Translation,
    read_list,
    write_list,
)
from hashwalk.hashlists.canonical import json_of
from hashwalk.hashlists.container import Head, Told
from hashwalk.hashlists.label_tags import label_of, tag_of
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.misp import Misp
from hashwalk.hashlists.stix import Stix

CONTAINERS = (Stix(), Misp())
MD5, SHA1, PDQ = "0123456789abcdef" * 2, "01" * 20, "ff" * 32
ENTRY: dict[str, Any] = {"source": "ncmec", "member_id": "42", "entry_id": "image1"}

BOTH = pytest.mark.parametrize("container", CONTAINERS, ids=["stix", "misp"])

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9)
labels = st.builds(Label, words | st.just("misp"), st.just("") | words, st.just(""), words)
hashes = st.sampled_from(
    [
        {"algorithm": "md5", "value": MD5},
        {"algorithm": "md5", "value": MD5.upper()},
        {"algorithm": "md5", "value": base64.b64encode(bytes(16)).decode(), "encoding": "base64"},
        {"algorithm": "sha256", "value": PDQ, "version": "2", "implementation": "coreutils"},
        {"algorithm": "pdq", "value": PDQ, "quality": 100, "encoding": "hex"},
        {"algorithm": "vpdq", "value": f"0,100,{PDQ},0.000\n30,9,{PDQ},1.001"},
        {"algorithm": "phash", "value": "00" * 8, "frame_time_s": 2.0, "bit_order": "msb"},
        {"algorithm": "tlsh", "value": "T1" + "0A" * 35},
        {"algorithm": "tlsh", "value": "no TLSH at all"},
        {"algorithm": "ssdeep", "value": "3:abc+/:d"},
        {"algorithm": "someone's own", "value": "ä,b \x00 c"},
        {
            "algorithm": "sha1",
            "value": SHA1,
            "translation": Translation(Method.NEAR, "pdq", 12.0, PDQ, 1, ambiguous=True),
        },
    ]
)
gone = st.sampled_from([Status.WITHDRAWN, Status.DELETED])
tombstones = st.builds(
    lambda algorithm, status: {"algorithm": algorithm, "value": None, "status": status},
    st.sampled_from(["*", "md5", "pdq"]),
    gone,
)
entries = st.fixed_dictionaries(
    {"source": words, "member_id": words, "entry_id": st.sampled_from(["a", "b"])},
    optional={
        "media_uid": words,
        "media_type": st.sampled_from(MediaType),
        "status": gone,
        "labels": st.lists(labels, min_size=1, max_size=3, unique=True).map(tuple),
        "feedback": st.just((Feedback("m", "Blocked", ("Nude",), "pdq"),)),
        "created": st.just("2023-05-06T07:08:09Z") | words,
        "updated": st.just("2024-05-06T07:08:09+02:00") | words,
    },
)
records = st.builds(lambda entry, known: Record(**(entry | known)), entries, hashes | tombstones)
alone = st.builds(lambda known: Record(**known), hashes)
record_lists = st.lists(records | alone, max_size=6) | st.builds(
    lambda entry, many: [Record(**(entry | each)) for each in many],
    entries,
    st.lists(hashes | tombstones, max_size=6),
)


def written(container: Stix | Misp, some: Iterable[Record]) -> tuple[bytes, Loss]:
    file, loss = io.BytesIO(), Loss()
    container.write(file, loss.carried_by(container, some), loss)
    return file.getvalue(), loss


def read(container: Stix | Misp, document: bytes) -> list[Record | Reject]:
    return list(container.read(io.BytesIO(document), Told(name="a list")))


def live(found: Iterable[Record | Reject]) -> list[Record]:
    only = [each for each in found if isinstance(each, Record)]
    return [each for each in only if each.status is Status.ACTIVE]


def counted(found: Iterable[Record | Reject]) -> Counter[bytes]:
    some = list(found)
    good = [each for each in some if isinstance(each, Record)]
    assert len(good) == len(some)
    return Counter(json_of(replace(each, raw=None)) for each in good)


@BOTH
@settings(max_examples=40, deadline=None)
@given(some=record_lists)
def test_what_is_written_is_read_again(container: Stix | Misp, some: list[Record]) -> None:
    document, loss = written(container, some)
    assert counted(read(container, document)) == counted(some)
    assert (loss.written, loss.fields, loss.left_out) == (len(some), {}, {})


@BOTH
def test_the_source_record_is_the_only_loss(container: Stix | Misp) -> None:
    record = Record(algorithm="md5", value=MD5, raw={"a": 1}, **ENTRY)
    assert written(container, [record])[1].fields == {"raw": 1}


@BOTH
@settings(max_examples=100, deadline=None)
@given(some=st.lists(records, min_size=1, max_size=3), data=st.data())
def test_junk_in_any_place_makes_no_dead_hash_live(
    container: Stix | Misp, some: list[Record], data: st.DataObject
) -> None:
    """Each is read as it was, rejected, or refused with the whole document; nothing crashes."""
    some = [replace(each, status=Status.DELETED) for each in some]
    document = json.loads(written(container, some)[0])
    path = data.draw(st.sampled_from(list(_places(document))))
    junk: Any = data.draw(
        st.sampled_from([None, [], {}, "", "x", 7, -1.5, True, [[]], [{}], {"a": []}])
    )
    _put(document, path, junk)
    try:
        found = read(container, json.dumps(document).encode())
    except HashwalkError:
        return
    assert not live(found)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterable[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, held in inner:
        yield (*path, key)
        if isinstance(held, dict | list):
            yield from _places(held, (*path, key))


def _put(document: Any, path: tuple[Any, ...], junk: Any) -> None:
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = junk


@BOTH
def test_an_entry_keeps_its_ids_when_it_is_taken_back(container: Stix | Misp) -> None:
    """So that who took the earlier list in finds what is to go."""
    before = [
        Record(algorithm="md5", value=MD5, **ENTRY),
        Record(algorithm="pdq", value=PDQ, **ENTRY),
    ]
    after = [replace(each, status=Status.WITHDRAWN) for each in before]
    ids = [_ids(json.loads(written(container, each)[0])) for each in (before, after)]
    assert ids[0] == ids[1]
    bare = [Record(algorithm="*", value=None, status=Status.DELETED, **ENTRY)]
    assert ids[0] & _ids(json.loads(written(container, bare)[0]))


def _ids(document: dict[str, Any]) -> set[str]:
    objects = document.get("objects") or document["Event"]["Object"]
    found = {each.get("uuid") or each["id"] for each in objects}
    return {each for each in found if not each.startswith(("identity", "extension"))}


@BOTH
def test_hashes_of_one_entry_share_an_object_and_differing_states_do_not(
    container: Stix | Misp,
) -> None:
    pair = [
        Record(algorithm="md5", value=MD5, **ENTRY),
        Record(algorithm="sha1", value=SHA1, **ENTRY),
    ]
    assert len(_files(written(container, pair)[0])) == 1
    mixed = [replace(pair[0], status=Status.WITHDRAWN), pair[1]]
    assert len(_files(written(container, mixed)[0])) == 2
    twice = [pair[0], replace(pair[0], value="0" * 32)]
    assert len(_files(written(container, twice)[0])) == 2


def _files(document: bytes) -> list[dict[str, Any]]:
    found = json.loads(document)
    objects = found.get("objects") or found["Event"]["Object"]
    return [each for each in objects if "file" in {each.get("type"), each.get("name")}]


@BOTH
def test_a_list_file_is_told_written_and_read_by_name(
    container: Stix | Misp, tmp_path: Path
) -> None:
    record = Record(algorithm="pdq", value=PDQ, **ENTRY)
    write_list([record], tmp_path / "out", container.name)
    assert [replace(each, raw=None) for each in read_list(tmp_path / "out")] == [record]
    bom = tmp_path / "bom"
    bom.write_bytes(b"\xef\xbb\xbf" + (tmp_path / "out").read_bytes().replace(b"\n", b"\r\n"))
    assert [replace(each, raw=None) for each in read_list(bom)] == [record]


@BOTH
def test_a_document_that_breaks_off_is_refused(container: Stix | Misp) -> None:
    document, _ = written(container, [Record(algorithm="pdq", value=PDQ, **ENTRY)] * 3)
    for end in (len(document) // 2, len(document) - 3):
        with pytest.raises(HashListError, match="breaks off"):
            read(container, document[:end])
    with pytest.raises(HashListError):
        read(container, b'{"something": "else"}')


@BOTH
def test_an_entry_of_any_size_is_read_again(container: Stix | Misp) -> None:
    """Its hashes in several objects where there are too many, or too long, for one."""
    many = [Record(algorithm="md5", value=f"{n:032x}", **ENTRY) for n in range(2_500)]
    long = [Record(algorithm="someone's", value="x" * 700_000, **ENTRY)] * 9
    document, _ = written(container, many + long)
    assert counted(read(container, document)) == counted(many + long)


@BOTH
@pytest.mark.parametrize("reason", ["nested too deeply", "over 4 MiB"])
def test_an_object_that_is_too_much_falls_out_alone(container: Stix | Misp, reason: str) -> None:
    some = [Record(algorithm="pdq", value=PDQ, source="s", entry_id=name) for name in "ab"]
    whole, _ = written(container, some)
    deep = {"nested too deeply": "[" * 100 + "]" * 100, "over 4 MiB": f'"{"x" * (10 << 20)}"'}
    head, tail = whole.rsplit(b"\n{", 1)
    document = head + b'\n{"junk":' + deep[reason].encode() + b"," + tail
    found = read(container, document)
    assert [each.reason for each in found if isinstance(each, Reject)][:1] == [reason]
    assert len(live(found)) == 1


@BOTH
def test_an_empty_list_stays_one(container: Stix | Misp) -> None:
    assert read(container, written(container, [])[0]) == []


@BOTH
@pytest.mark.parametrize("text", ["", "{}", "[]", '{"value": []}', "<a/>", MD5])
def test_other_documents_are_not_taken_for_one(container: Stix | Misp, text: str) -> None:
    assert not container.recognises(Head("list.json", text.encode()))


@BOTH
def test_a_bad_hash_falls_out_alone_and_is_not_repeated(container: Stix | Misp) -> None:
    some = [
        Record(algorithm="pdq", value=PDQ, source="s", entry_id="1"),
        Record(algorithm="pdq", value="11" * 32, source="s", entry_id="2"),
    ]
    document = written(container, some)[0].replace(b"11" * 32, b"11" * 31)
    good, bad = read(container, document)
    assert isinstance(good, Record)
    assert isinstance(bad, Reject)
    assert "1111" not in bad.reason
    assert bad.where.endswith(("[5]", "[3]"))


@given(labels, st.sampled_from(["misp", "stix"]))
def test_a_label_survives_as_a_tag(label: Label, exchange: str) -> None:
    assert label_of(tag_of(label, exchange), exchange) == label


@given(words.filter(str.strip))
def test_a_tag_of_others_stays_as_it_is(tag: str) -> None:
    assert tag_of(label_of(tag, "misp"), "misp") == tag


def test_a_label_is_legible_as_a_tag() -> None:
    assert tag_of(Label("vics", "2.0", "US", "1"), "misp") == 'vics:2.0/US="1"'
    assert tag_of(Label("misp", "", "", "tlp:amber"), "misp") == "tlp:amber"
