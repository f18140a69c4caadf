"""StopNCII lists: hashStatus is what says whether a hash is to be matched, read and written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.errors import HashListError
from hashwalk.hashlists import (
    Feedback,
    Loss,
    MediaType,
    Record,
    Reject,
    Status,
    read_list,
    write_list,
)
from hashwalk.hashlists.epochs import instant_of_seconds

PDQ = hashlib.sha256(b"a landscape").hexdigest()
MD5 = hashlib.md5(b"a clip of a landscape", usedforsecurity=False).hexdigest()


def hash_record(**fields: Any) -> dict[str, Any]:
    return {
        "lastModtimestamp": 1625175071,
        "signalType": "ImagePDQ",
        "hashValue": PDQ,
        "hashStatus": "Active",
        "caseNumbers": {"2f6d": "Active"},
        "CSPFeedbacks": [{"source": "A site", "feedbackValue": "Blocked", "tags": ["Nude"]}],
    } | fields


def envelope(*records: object) -> dict[str, Any]:
    return {
        "count": len(records),
        "nextPageToken": None,
        "nextSetTimestamp": 1625175071,
        "hasMoreRecords": False,
        "hashRecords": list(records),
    }


def read(path: Path, document: object) -> tuple[list[Record], list[Reject]]:
    text = document if isinstance(document, str) else json.dumps(document)
    path.write_text(text)
    rejects: list[Reject] = []
    return list(read_list(path, on_reject=rejects.append)), rejects


def write(path: Path, *records: Record) -> tuple[list[dict[str, Any]], Loss]:
    loss = write_list(records, path, "stopncii")
    return json.loads(path.read_text())["hashRecords"], loss


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "page.json"


def test_a_record_is_read_with_what_the_sites_say_of_it(path: Path) -> None:
    source = hash_record(unheardOf=[1])
    (found,), rejects = read(path, envelope(source))
    assert not rejects
    assert found == Record(
        algorithm="pdq",
        media_type=MediaType.PICTURE,
        value=PDQ,
        source="stopncii",
        feedback=(Feedback("A site", "Blocked", ("Nude",)),),
        updated="2021-07-01T21:31:11Z",
        raw=source,
    )


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Unknown", Status.ACTIVE),
        ("Received", Status.ACTIVE),
        ("Active", Status.ACTIVE),
        ("Withdrawn", Status.WITHDRAWN),
        ("withdrawn", Status.WITHDRAWN),
        ("Deleted", Status.DELETED),
    ],
)
def test_the_status_is_told_by_hash_status_whatever_the_value(
    path: Path, said: str, status: Status
) -> None:
    (found,), _ = read(path, envelope(hash_record(hashStatus=said)))
    assert (found.status, found.value) == (status, PDQ)


def test_a_tombstone_needs_no_value_and_an_active_record_does(path: Path) -> None:
    records = [hash_record(hashStatus=status, hashValue="") for status in ("Withdrawn", "Active")]
    (found,), (reject,) = read(path, envelope(*records))
    assert (found.status, found.value) == (Status.WITHDRAWN, None)
    assert reject.where == "$.hashRecords[1]"


@pytest.mark.parametrize(
    ("signal", "value", "algorithm", "media_type"),
    [
        ("VideoMD5", MD5, "md5", MediaType.VIDEO),
        ("Text", "a word", "Text", MediaType.OTHER),
        ("URL", "https://example.org/", "URL", MediaType.OTHER),
        ("ImageOfTomorrow", "0123", "ImageOfTomorrow", None),
    ],
)
def test_each_signal_type_has_its_algorithm_and_unheard_of_ones_their_name(
    path: Path, signal: str, value: str, algorithm: str, media_type: MediaType | None
) -> None:
    (found,), _ = read(path, envelope(hash_record(signalType=signal, hashValue=value)))
    assert (found.algorithm, found.media_type, found.value) == (algorithm, media_type, value)
    (written,), loss = write(path, found)
    assert (written["signalType"], written["hashValue"]) == (signal, value)
    assert loss == Loss(written=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"hashStatus": "Revoked"},
        {"hashStatus": None},
        {"hashStatus": 3},
        {"signalType": None},
        {"signalType": 1},
        {"hashValue": PDQ[:-1]},
        {"hashValue": None},
        {"CSPFeedbacks": "Blocked"},
        {"CSPFeedbacks": [{"tags": "Nude"}]},
        {"lastModtimestamp": 1e300},
        {"lastModtimestamp": True},
    ],
)
def test_a_malformed_record_is_rejected_with_its_place_and_costs_no_other(
    path: Path, changes: dict[str, Any]
) -> None:
    found, (reject,) = read(path, envelope(hash_record(**changes), hash_record()))
    assert len(found) == 1
    assert reject.where == "$.hashRecords[0]"
    assert json.loads(reject.start) == hash_record(**changes)
    assert PDQ[:-1] not in reject.reason


def test_what_is_no_object_or_too_much_is_rejected(path: Path) -> None:
    deep: object = 0
    for _ in range(200):
        deep = [deep]
    found, rejects = read(path, envelope(7, None, deep, hash_record(hashValue="a" * 10_000_000)))
    assert not found
    assert [each.reason for each in rejects] == [
        "not a JSON object",
        "not a JSON object",
        "nested too deeply",
        "over 4 MiB",
    ]


def test_pages_one_after_the_other_and_in_an_array_are_one_list(path: Path) -> None:
    page = envelope(hash_record())
    assert len(read(path, f"\ufeff{json.dumps(page)}\r\n{json.dumps(page)}")[0]) == 2
    assert len(read(path, [page, page])[0]) == 2


@pytest.mark.parametrize("other", ["[]", '{"count": 1}', '{"hashRecords": [', "<xml/>"])
def test_another_document_is_refused_by_its_name(path: Path, other: str) -> None:
    path.write_text(other)
    with pytest.raises(HashListError, match=path.name):
        list(read_list(path, container="stopncii"))


def test_own_records_are_written_as_they_were(path: Path) -> None:
    records = [
        hash_record(more=1, hashStatus="Received"),
        hash_record(hashStatus="Withdrawn", CSPFeedbacks=[]),
        hash_record(hashStatus="Deleted", hashValue=""),
    ]
    written, loss = write(path, *read(path, envelope(*records))[0])
    assert written == records
    assert loss == Loss(written=3)


def test_a_record_that_was_withdrawn_since_is_written_as_withdrawn(path: Path) -> None:
    (found,), _ = read(path, envelope(hash_record()))
    since = replace(found, status=Status.WITHDRAWN)
    assert write(path, since)[0][0]["hashStatus"] == "Withdrawn"


def test_records_of_other_exchanges_lose_what_is_told(path: Path) -> None:
    foreign = Record(
        algorithm="md5",
        media_type=MediaType.VIDEO,
        value=MD5.upper(),
        source="ncmec",
        member_id="42",
        feedback=(Feedback("1", "affirmative"), Feedback("2", "Blocked")),
        updated="yesterday",
        raw={"id": 7},
    )
    (written,), loss = write(path, foreign)
    assert written == {
        "lastModtimestamp": 0,
        "signalType": "VideoMD5",
        "hashValue": MD5,
        "hashStatus": "Active",
        "caseNumbers": {},
        "CSPFeedbacks": [{"source": "2", "feedbackValue": "Blocked", "tags": []}],
    }
    assert loss.fields == {
        "source": 1,
        "member_id": 1,
        "raw": 1,
        "updated": 1,
        "feedback: a value that StopNCII does not have": 1,
    }


@pytest.mark.parametrize(
    "record",
    [
        Record(algorithm="md5", media_type=MediaType.PICTURE, value=MD5),
        Record(algorithm="md5", value=MD5),
        Record(algorithm="sha1", media_type=MediaType.VIDEO, value=PDQ[:40]),
        Record(algorithm="Text", value="a word", source="another"),
        Record(algorithm="*", value=None, source="ncmec", status=Status.DELETED),
    ],
)
def test_what_stopncii_has_no_word_for_is_left_out_and_told(path: Path, record: Record) -> None:
    written, loss = write(path, record)
    assert written == []
    assert (loss.written, sum(loss.left_out.values())) == (0, 1)


def test_the_envelope_counts_its_records_and_knows_the_newest(path: Path) -> None:
    record = Record(algorithm="pdq", value=PDQ, updated="2021-07-01T21:31:11Z")
    write_list([record, Record(algorithm="pdq", value=PDQ)], path, "stopncii")
    page = json.loads(path.read_text())
    assert (page["count"], page["nextSetTimestamp"]) == (2, 1625175071)
    assert (page["hasMoreRecords"], page["nextPageToken"]) == (False, None)


RECORDS = st.builds(
    Record,
    algorithm=st.just("pdq"),
    media_type=st.just(MediaType.PICTURE),
    value=st.binary(min_size=32, max_size=32).map(bytes.hex),
    source=st.just("stopncii"),
    status=st.sampled_from(Status),
    feedback=st.lists(
        st.builds(
            Feedback,
            st.text(max_size=5),
            st.sampled_from(["Blocked", "NotBlocked", "None"]),
            st.lists(st.text(max_size=5), max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    updated=st.integers(0, 1 << 32).map(instant_of_seconds),
)


@given(st.lists(RECORDS, max_size=4))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record]
) -> None:
    path = tmp_path_factory.mktemp("stopncii") / "page.json"
    _, loss = write(path, *records)
    assert loss == Loss(written=len(records))
    fields = [name for name in Record.__slots__ if name != "raw"]
    assert [[getattr(found, name) for name in fields] for found in read_list(path)] == [
        [getattr(record, name) for name in fields] for record in records
    ]


@pytest.mark.oracle
def test_the_client_of_python_threatexchange_reads_what_is_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = pytest.importorskip("threatexchange.exchanges.clients.stopncii.api")
    records = [
        Record(algorithm="pdq", value=PDQ, feedback=(Feedback("A site", "Blocked", ("Nude",)),)),
        Record(algorithm="md5", media_type=MediaType.VIDEO, value=MD5, status=Status.WITHDRAWN),
        Record(algorithm="pdq", value=PDQ, status=Status.DELETED, updated="2021-07-01T21:31:11Z"),
    ]
    write_list(records, path, "stopncii")
    client = api.StopNCIIAPI("key", "key")
    monkeypatch.setattr(client, "_get", lambda *_, **__: json.loads(path.read_text()))
    (page,) = client.fetch_hashes_iter()
    assert page.count == len(page.hashRecords) == 3
    again = list(read_list(path))
    assert [said.hashStatus.value.lower() for said in page.hashRecords] == [
        found.status for found in again
    ]
    assert [said.hashValue for said in page.hashRecords] == [found.value for found in again]
    assert page.hashRecords[0].CSPFeedbacks[0].tags == {"Nude"}
