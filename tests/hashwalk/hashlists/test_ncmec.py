"""NCMEC's XML: what is in it comes out, deletions stay deletions, nothing in it can do harm."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.errors import HashListError
from hashwalk.hashlists import (
    Feedback,
    MediaType,
    Record,
    Reject,
    Status,
    convert_list,
    read_list,
    write_list,
)
from hashwalk.hashlists.container import Told
from hashwalk.hashlists.containers import reader_of
from hashwalk.hashlists.ncmec import Ncmec
from hashwalk.hashlists.reading import read_items
from hashwalk.results import Label

MD5 = hashlib.md5(b"a picture", usedforsecurity=False).hexdigest()
SHA1 = hashlib.sha1(b"a picture", usedforsecurity=False).hexdigest()
PDQ = hashlib.sha256(b"a picture").hexdigest()
PDNA = base64.b64encode((hashlib.sha256(b"a picture").digest() * 5)[:144]).decode()
ADDRESS = "https://host.invalid/large/1?key=private"

LIST = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2">
 <images count="2" maxTimestamp="2024-05-02T00:00:00Z">
  <image>
   <member id="42">First Member</member>
   <timestamp>2024-05-01T12:00:00Z</timestamp>
   <id>image-1</id>
   <classification>A1</classification>
   <fingerprints>
    <md5>{MD5}</md5><sha1>{SHA1}</sha1><pdna>{PDNA}</pdna><pdq>{PDQ}</pdq>
   </fingerprints>
   <feedback>
    <affirmativeFeedback type="MD5" lastUpdateTimestamp="2024-05-01T13:00:00Z">
     <members><member id="7">Seventh</member><member id="8">Eighth</member></members>
    </affirmativeFeedback>
    <negativeFeedback type="TMK_SAFER_HASH">
     <reasons>
      <reason guid="01234567-abcd-0123-4567-012345678900" name="Too general"/>
      <members><member id="9">Ninth</member></members>
      <reason guid="01234567-abcd-0123-4567-012345678901" name="Wrong medium"/>
      <members><member id="7">Seventh</member></members>
     </reasons>
    </negativeFeedback>
    <negativeFeedback type="SSVH_SAFER_HASH"/>
   </feedback>
   <novelty level="3">kept</novelty>
  </image>
  <deletedImage>
   <member id="43">Second Member</member><id>image-2</id>
   <timestamp>2024-05-02T00:00:00Z</timestamp>
  </deletedImage>
 </images>
 <videos count="2" maxTimestamp="2024-05-03T00:00:00Z">
  <video>
   <member id="42">First Member</member>
   <timestamp>2024-05-03T02:00:00+02:00</timestamp>
   <id>video-1</id>
   <fingerprints>
    <md5>{MD5.upper()}</md5>
    <tmk-pdqf rel="self" href="{ADDRESS}"/>
   </fingerprints>
  </video>
  <deletedVideo>
   <member id="42">First Member</member><timestamp>2024-05-03T00:00:00Z</timestamp>
   <id>video-2</id>
  </deletedVideo>
 </videos>
 <paging><next>/v2/entries?start=2001&amp;size=1000&amp;max=3000</next></paging>
</queryResult>
"""

DAMAGE = [b"", b"<", b">", b"&", b"]]>", b"<!--", b"\0", b"\xff", b"<image>", b"'"]

Items = Callable[[str | bytes], list[Record | Reject]]


@pytest.fixture
def items(tmp_path: Path) -> Items:
    """Read a document, whose container must be told by its content."""

    def read(document: str | bytes) -> list[Record | Reject]:
        path = tmp_path / "list.bin"
        path.write_bytes(document.encode() if isinstance(document, str) else document)
        assert reader_of(path).name == "ncmec"
        return list(read_items(path))

    return read


def listed(entries: str) -> str:
    """A document with these entries among its images."""
    start = LIST[: LIST.index("  <image>")]
    return f"{start}{entries}</images></queryResult>"


def entry(hashes: str = f"<md5>{MD5}</md5>", name: str = "image") -> str:
    fingerprints = f"<fingerprints>{hashes}</fingerprints>" if hashes else ""
    return f'<{name}><member id="1">M</member><id>e</id>{fingerprints}</{name}>'


def records_of(found: Iterable[Record | Reject]) -> list[Record]:
    return [each for each in found if isinstance(each, Record)]


def rejects_of(found: Iterable[Record | Reject]) -> list[Reject]:
    return [each for each in found if isinstance(each, Reject)]


def test_each_hash_of_an_entry_is_a_record_of_that_entry(items: Items) -> None:
    first = records_of(items(LIST))[:4]
    assert [(each.algorithm, each.value) for each in first] == [
        ("md5", MD5),
        ("sha1", SHA1),
        ("photodna", PDNA),
        ("pdq", PDQ),
    ]
    assert {each.entry for each in first} == {("ncmec", "42", "image-1")}
    assert len({each.media_uid for each in first}) == 1
    for each in first:
        assert each.status is Status.ACTIVE
        assert each.media_type is MediaType.PICTURE
        assert each.labels == (Label("ncmec", "", "", "A1"),)
        assert each.updated == "2024-05-01T12:00:00Z"


def test_a_tombstone_is_a_deleted_record_without_a_hash(items: Items) -> None:
    found = [each for each in records_of(items(LIST)) if each.status is not Status.ACTIVE]
    assert [(each.entry_id, each.member_id, each.media_type) for each in found] == [
        ("image-2", "43", MediaType.PICTURE),
        ("video-2", "42", MediaType.VIDEO),
    ]
    assert {(each.status, each.algorithm, each.value) for each in found} == {
        (Status.DELETED, "*", None)
    }


def test_a_deletion_that_repeats_its_hashes_deletes_them_and_the_rest(items: Items) -> None:
    found = records_of(items(listed(entry(name="deletedImage"))))
    assert [(each.algorithm, each.value) for each in found] == [("*", None), ("md5", MD5)]
    assert {each.status for each in found} == {Status.DELETED}


def test_feedback_names_members_reasons_and_the_hash(items: Items) -> None:
    assert records_of(items(LIST))[0].feedback == (
        Feedback("7", "affirmative", (), "md5"),
        Feedback("8", "affirmative", (), "md5"),
        Feedback("9", "negative", ("Too general",), "ssvh-safer-hash"),
        Feedback("7", "negative", ("Wrong medium",), "ssvh-safer-hash"),
    )


def test_a_reason_without_members_is_still_told(items: Items) -> None:
    reason = '<negativeFeedback type="NEW"><reasons><reason guid="g"/></reasons></negativeFeedback>'
    feedback = f"<feedback>{reason}</feedback></image>"
    (record,) = items(listed(entry().replace("</image>", feedback)))
    assert isinstance(record, Record)
    assert record.feedback == (Feedback("", "negative", ("g",), "NEW"),)


def test_raw_keeps_the_entry_with_what_is_not_known(items: Items) -> None:
    raw = records_of(items(LIST))[0].raw
    assert raw is not None
    assert raw["@entry"] == "image"
    assert raw["@of"] == {"count": "2", "maxTimestamp": "2024-05-02T00:00:00Z"}
    assert raw["member"] == {"@id": "42", "#text": "First Member"}
    assert raw["novelty"] == {"@level": "3", "#text": "kept"}
    assert raw["fingerprints"]["sha1"] == SHA1
    assert json.loads(json.dumps(raw)) == raw


def test_an_instant_of_another_zone_is_told_in_utc(items: Items) -> None:
    (video,) = (each for each in records_of(items(LIST)) if each.entry_id == "video-1")
    assert video.updated == "2024-05-03T00:00:00Z"


def test_a_hash_by_reference_is_rejected_and_its_address_kept_nowhere(items: Items) -> None:
    found = items(LIST)
    (reject,) = rejects_of(found)
    assert reject.where == f"line {LIST[: LIST.index('<tmk')].count(chr(10)) + 1}"
    assert reject.reason.startswith("tmk-pdqf: only the address")
    assert 'rel="self"' in reject.start
    raws = json.dumps([each.raw for each in records_of(found)])
    assert "host.invalid" not in raws + reject.start
    assert '"tmk-pdqf": {"@rel": "self"}' in raws


def test_each_of_several_references_is_told_as_one(items: Items) -> None:
    two = '<tmk-pdqf href="/v2/1"/><videntifier href="/v2/2"/>'
    found = rejects_of(items(listed(entry(two))))
    assert ["only the address" in each.reason for each in found] == [True, True]
    assert "/v2/" not in "".join(each.start for each in found)


def test_a_fingerprint_of_an_unknown_kind_is_carried_under_its_name(items: Items) -> None:
    (record,) = items(listed(entry("<newHash>abc</newHash>")))
    assert isinstance(record, Record)
    assert (record.algorithm, record.value) == ("newHash", "abc")


def test_one_bad_hash_costs_only_itself(items: Items) -> None:
    found = items(listed(entry(f"<md5>{MD5}0</md5><sha1>{SHA1}</sha1><pdq/>")))
    assert [each.algorithm for each in records_of(found)] == ["sha1"]
    assert [each.reason.split(":")[0] for each in rejects_of(found)] == ["md5", "pdq"]
    assert MD5 not in "".join(each.reason for each in rejects_of(found))


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ('<image><member id="1"/><fingerprints/></image>', "does not name its member and id"),
        ("<deletedImage><id>1</id></deletedImage>", "does not name its member and id"),
        (
            '<image><member id="1"/><member id="2"/><id>1</id></image>',
            "does not name its member and id",
        ),
        (entry(""), "has no fingerprints"),
        ('<audio><member id="1"/><id>1</id></audio>', "audio is not known"),
        (f'<x:image xmlns:x="urn:other">{entry()}</x:image>', "image is not known"),
    ],
    ids=["no id", "no member", "two members", "no hashes", "unknown kind", "foreign namespace"],
)
def test_an_entry_that_cannot_be_read_is_rejected_by_its_line(
    items: Items, entries: str, reason: str
) -> None:
    found = items(listed(f"\n{entries}\n{entry()}"))
    (reject,) = rejects_of(found)
    assert reason in reject.reason
    assert reject.where == "line 5"
    assert len(records_of(found)) == 1


def test_lines_are_counted_beyond_those_that_fit_in_two_bytes(items: Items) -> None:
    (reject,) = items(listed("\n" * 70_000 + entry("<md5>no</md5>")))
    assert isinstance(reject, Reject)
    assert reject.where == "line 70004"


def test_an_empty_answer_has_no_records(items: Items) -> None:
    start = LIST[: LIST.index(" <images")]
    assert items(f'{start}<images count="0"/><videos count="0"/></queryResult>') == []


def test_entries_that_come_twice_are_told_in_their_order(items: Items) -> None:
    found = items(listed(entry() + entry("", "deletedImage")))
    assert [each.status for each in records_of(found)] == [Status.ACTIVE, Status.DELETED]


@pytest.mark.parametrize("change", [str.encode, lambda text: b"\xef\xbb\xbf" + text.encode()])
def test_a_byte_order_mark_and_other_line_ends_change_nothing(
    items: Items, change: Callable[[str], bytes]
) -> None:
    found = records_of(items(change(LIST.replace("\n", "\r\n"))))
    assert found == records_of(items(LIST))


def test_another_namespace_is_refused_with_what_was_expected(items: Items) -> None:
    with pytest.raises(HashListError, match="hashsharing/v2"):
        items(LIST.replace("hashsharing/v2", "hashsharing/v1"))


def test_a_document_that_breaks_off_is_refused(items: Items) -> None:
    with pytest.raises(HashListError, match="breaks off"):
        items(LIST[: LIST.index("</videos>")])


def test_a_document_type_is_refused(items: Items) -> None:
    start, rest = LIST.split("\n", 1)
    bomb = '<!DOCTYPE queryResult [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(HashListError, match="document type"):
        items(f"{start}\n{bomb}\n{rest.replace('A1', '&b;')}")


def test_no_hash_is_in_a_message_or_a_repr(items: Items) -> None:
    found = items(LIST)
    shown = repr(found)
    assert not any(value in shown for value in (MD5, MD5.upper(), SHA1, PDNA, PDQ))


@given(st.data())
def test_whatever_is_damaged_is_told_and_no_hash_with_it(data: st.DataObject) -> None:
    document = bytearray(LIST.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(document) - 1))
        end = start + data.draw(st.integers(0, 40))
        document[start:end] = data.draw(st.sampled_from(DAMAGE))
    with io.BytesIO(bytes(document)) as file, suppress(HashListError):
        for found in Ncmec().read(file, Told(name="a list")):
            assert isinstance(found, Record) or MD5[:12] not in repr(found).lower()


def oracle_entries(document: bytes) -> Any:
    """What python-threatexchange's client makes of a document; it drops namespaces so, too."""
    api = pytest.importorskip(
        "threatexchange.exchanges.clients.ncmec.hash_api",
        reason="the extra `oracles` is not installed",
    )
    root = ET.fromstring(document)  # noqa: S314
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return api.GetEntriesResponse.from_xml(api._XMLWrapper(root), 0)


def as_the_oracle_says(records: Iterable[Record]) -> dict[tuple[Any, ...], dict[str, str]]:
    """The entries of records, by what python-threatexchange knows of each, with their hashes."""
    names = {"photodna": "pdna"}
    found: dict[tuple[Any, ...], dict[str, str]] = {}
    for each in records:
        assert each.member_id is not None
        kind = "video" if each.media_type is MediaType.VIDEO else "image"
        label = each.labels[0].code if each.labels else None
        deleted = each.status is not Status.ACTIVE
        key = (each.entry_id, int(each.member_id), kind, deleted, label)
        hashes = found.setdefault(key, {})
        if each.value is not None and not deleted:
            hashes[names.get(each.algorithm, each.algorithm)] = each.value
    return found


def entries_of_the_oracle(document: bytes) -> dict[tuple[Any, ...], dict[str, str]]:
    return {
        (each.id, each.member_id, each.entry_type.value, each.deleted, each.classification): dict(
            each.fingerprints
        )
        for each in oracle_entries(document).updates
    }


@pytest.mark.oracle
def test_the_same_entries_are_read_as_by_python_threatexchange(items: Items) -> None:
    assert as_the_oracle_says(records_of(items(LIST))) == entries_of_the_oracle(LIST.encode())


@pytest.mark.oracle
def test_the_same_feedback_is_read_as_by_python_threatexchange(items: Items) -> None:
    feedback = records_of(items(LIST))[0].feedback
    assert opinions_of_the_oracle(LIST.encode()) == [
        (said.source, said.value, "".join(said.reasons), said.algorithm) for said in feedback
    ]


@pytest.mark.oracle
def test_python_threatexchange_reads_what_is_written(tmp_path: Path) -> None:
    source, out = tmp_path / "in.xml", tmp_path / "out.xml"
    source.write_text(LIST)
    records = list(read_list(source))
    write_list(records, out, "ncmec")
    written = out.read_bytes()
    assert entries_of_the_oracle(written) == as_the_oracle_says(records)
    assert oracle_entries(written).max_timestamp == 1714694400
    assert opinions_of_the_oracle(written) == opinions_of_the_oracle(LIST.encode())


def opinions_of_the_oracle(document: bytes) -> list[tuple[Any, ...]]:
    """What python-threatexchange says that members say of the first entry, by member's number."""
    keys = {"MD5": "md5", "TMK_SAFER_HASH": "ssvh-safer-hash", "SSVH_SAFER_HASH": "ssvh-safer-hash"}
    sides = {"upvote": "affirmative", "downvote": "negative"}
    return [
        (str(said.member.esp_id), sides[said.feedback_type.value], said.reason, keys[key])
        for key, all_said in oracle_entries(document).updates[0].feedback.items()
        for said in all_said
    ]


def test_a_list_that_is_converted_to_itself_says_the_same(tmp_path: Path) -> None:
    source, out = tmp_path / "in.xml", tmp_path / "out.xml"
    source.write_text(LIST)
    done = convert_list(source, out, written_as="ncmec")
    assert (done.read, done.rejects, done.loss.written) == (7, 1, 7)
    told = json.loads((tmp_path / "out.xml.loss.json").read_text())
    assert told == {"written": 7, "fields": {"raw": 7}, "left_out": {}}
    found, expected = list(read_list(out)), list(read_list(source))
    assert [without_raw(each) for each in found] == [without_raw(each) for each in expected]
    assert found[0].raw is not None
    assert found[0].raw["member"]["#text"] == "First Member"


def without_raw(each: Record) -> tuple[Any, ...]:
    names = ("media_uid", "media_type", "algorithm", "value", "status", "labels", "feedback")
    return (*each.entry, each.updated, *(getattr(each, name) for name in names))
