"""ThreatExchange updates: deletions stay deletions, opinions stay feedback, read and written."""

from __future__ import annotations

import hashlib
import json
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
from hashwalk.results import Label

PDQ = hashlib.sha256(b"a landscape").hexdigest()
MD5 = PDQ[:32]
SHA256 = hashlib.sha256(b"a clip").hexdigest()


def descriptor(**fields: Any) -> dict[str, Any]:
    return {
        "id": "30",
        "owner": {"id": "616"},
        "status": "MALICIOUS",
        "tags": {"data": [{"text": "violence"}]},
        "added_on": "2020-07-01T18:31:15+0000",
    } | fields


def update(**fields: Any) -> dict[str, Any]:
    return {
        "id": "2801",
        "indicator": PDQ,
        "type": "HASH_PDQ",
        "last_updated": 1625175071,
        "should_delete": False,
        "descriptors": {"data": [descriptor()]},
    } | fields


def read(path: Path, *updates: object) -> tuple[list[Record], list[Reject]]:
    path.write_text(json.dumps({"data": updates, "paging": {"next": "https://example.org/"}}))
    rejects: list[Reject] = []
    return list(read_list(path, on_reject=rejects.append)), rejects


def write(path: Path, *records: Record) -> tuple[list[dict[str, Any]], Loss]:
    loss = write_list(records, path, "threatexchange")
    return json.loads(path.read_text())["data"], loss


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "updates.json"


def test_an_indicator_is_read_with_its_opinions_and_reactions(path: Path) -> None:
    source = update(
        descriptors={
            "data": [
                descriptor(reactions=[{"key": "HELPFUL", "value": "7,8"}], my_reactions=["SAW"]),
                descriptor(owner={"id": "617"}, status="NON_MALICIOUS", tags=None, added_on=None),
            ]
        }
    )
    (found,), rejects = read(path, source)
    assert not rejects
    assert found == Record(
        algorithm="pdq",
        media_type=MediaType.PICTURE,
        value=PDQ,
        source="threatexchange",
        entry_id="2801",
        labels=(Label("threatexchange", "", "", "violence"),),
        feedback=(
            Feedback("616", "MALICIOUS", ("violence",)),
            Feedback("7", "HELPFUL"),
            Feedback("8", "HELPFUL"),
            Feedback("", "SAW"),
            Feedback("617", "NON_MALICIOUS"),
        ),
        created="2020-07-01T18:31:15Z",
        updated="2021-07-01T21:31:11Z",
        raw=source,
    )


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        (("HASH_MD5", [], MD5), ("md5", None)),
        (("HASH_MD5", ["media_type_video"], MD5), ("md5", MediaType.VIDEO)),
        (("HASH_VIDEO_MD5", [], MD5), ("md5", MediaType.VIDEO)),
        (("HASH_SHA256", [], SHA256), ("sha256", None)),
        (("HASH_VIDEO_SHA256", [], SHA256), ("sha256", MediaType.VIDEO)),
        (("HASH_SHA1", [], PDQ[:40]), ("sha1", None)),
        (("HASH_SSDEEP", [], "3:a:b"), ("HASH_SSDEEP", None)),
        (("HASH_TEXT_TLSH", [], "T1"), ("HASH_TEXT_TLSH", None)),
        (("DEBUG_STRING", ["signal_type:phash"], PDQ[:16]), ("phash", None)),
        (("DEBUG_STRING", ["signal_type:video_md5"], MD5), ("md5", MediaType.VIDEO)),
        (("DEBUG_STRING", ["signal_type:of_tomorrow"], "x"), ("of_tomorrow", None)),
        (("DEBUG_STRING", [], "x"), ("DEBUG_STRING", None)),
    ],
)
def test_each_type_has_its_algorithm_and_is_written_as_it_was(
    path: Path,
    source: tuple[str, list[str], str],
    meaning: tuple[str, MediaType | None],
) -> None:
    indicator_type, tags, value = source
    descriptors = {"data": [descriptor(tags=tags)]}
    (found,), _ = read(path, update(type=indicator_type, indicator=value, descriptors=descriptors))
    assert ((found.algorithm, found.media_type), found.value) == (meaning, value)
    (written,), loss = write(path, found)
    assert loss == Loss(written=1)
    (again,), _ = read(path, written)
    assert ((again.algorithm, again.media_type), again.value) == (meaning, value)


@pytest.mark.parametrize(
    "changes",
    [
        {"should_delete": True},
        {"should_delete": "true"},
        {"descriptors": None},
        {"descriptors": {}},
        {"descriptors": {"data": []}},
        {"should_delete": True, "indicator": None},
    ],
)
def test_what_should_be_deleted_or_has_no_descriptors_is_a_tombstone(
    path: Path, changes: dict[str, Any]
) -> None:
    (found,), _ = read(path, update(**changes))
    assert found.status is Status.DELETED
    (written,), loss = write(path, found)
    assert (written["should_delete"], written["id"]) == (True, "2801")
    assert loss == Loss(written=1)


def test_a_tombstone_without_hash_and_id_is_left_out_and_told(path: Path) -> None:
    foreign = Record(algorithm="*", value=None, source="ncmec", entry_id="1", status=Status.DELETED)
    written, loss = write(path, foreign)
    assert (written, loss.written, sum(loss.left_out.values())) == ([], 0, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"should_delete": "perhaps"},
        {"should_delete": 2},
        {"type": None},
        {"indicator": None},
        {"indicator": PDQ[:-1]},
        {"descriptors": "none"},
        {"descriptors": {"data": [3]}},
        {"descriptors": {"data": [descriptor(tags=[3])]}},
        {"descriptors": {"data": [descriptor(status=3)]}},
        {"id": 1.5},
    ],
)
def test_a_malformed_update_is_rejected_and_costs_no_other(
    path: Path, changes: dict[str, Any]
) -> None:
    found, (reject,) = read(path, update(**changes), update())
    assert len(found) == 1
    assert reject.where == "$.data[0]"
    assert PDQ[:-1] not in reject.reason


def test_withdrawn_is_written_as_deleted_and_told(path: Path) -> None:
    record = Record(algorithm="pdq", value=PDQ, status=Status.WITHDRAWN)
    (written,), loss = write(path, record)
    assert written["should_delete"] is True
    assert loss.fields == {"status: withdrawn, written as deleted": 1}


def test_an_own_update_is_written_as_it_was(path: Path) -> None:
    source = update(more=[1], descriptors={"data": [descriptor(more=1)]})
    written, loss = write(path, *read(path, source)[0])
    assert written == [source]
    assert loss == Loss(written=1)


def test_feedback_that_changed_since_is_what_is_written(path: Path) -> None:
    record = Record(
        algorithm="pdq",
        value=PDQ,
        source="threatexchange",
        entry_id="5",
        labels=(Label("threatexchange", "", "", "more"), Label("other", "", "", "x")),
        feedback=(
            Feedback("1", "NON_MALICIOUS", ("a",)),
            Feedback("2", "HELPFUL"),
            Feedback("", "SAW_THIS_TOO"),
        ),
        raw=update(),
    )
    (written,), loss = write(path, record)
    (opinion,) = written["descriptors"]["data"]
    assert (opinion["owner"], opinion["status"]) == ({"id": "1"}, "NON_MALICIOUS")
    assert opinion["tags"] == ["a", "more"]
    assert opinion["reactions"] == [{"key": "HELPFUL", "value": "2"}]
    assert opinion["my_reactions"] == ["SAW_THIS_TOO"]
    assert (written["id"], loss.fields) == ("5", {"labels": 1})


def test_a_format_without_a_type_is_a_debug_string_with_its_signal_type(path: Path) -> None:
    (written,), _ = write(path, Record(algorithm="phash", value=PDQ[:16]))
    assert written["type"] == "DEBUG_STRING"
    assert written["descriptors"]["data"][0]["tags"] == ["signal_type:phash"]
    assert [found.algorithm for found in read_list(path)] == ["phash"]


def test_the_members_of_other_exchanges_are_no_owners(path: Path) -> None:
    feedback = (Feedback("7", "MALICIOUS"), Feedback("A site", "Blocked"))
    (written,), loss = write(path, Record(algorithm="pdq", value=PDQ, feedback=feedback))
    (opinion,) = written["descriptors"]["data"]
    assert (opinion["owner"], opinion["status"]) == ({"id": "0"}, "UNKNOWN")
    assert (opinion["reactions"], loss.fields) == ([], {"feedback": 1})


def test_a_debug_string_of_1_mb_is_left_out(path: Path) -> None:
    written, loss = write(path, Record(algorithm="unheard-of", value="a" * 1_000_000))
    assert (written, loss.written, sum(loss.left_out.values())) == ([], 0, 1)


@pytest.mark.parametrize("other", ["{}", '{"data": {}}', '{"data": [', "x"])
def test_another_document_is_refused(path: Path, other: str) -> None:
    path.write_text(other)
    with pytest.raises(HashListError, match=path.name):
        list(read_list(path, container="threatexchange"))


TAGS = st.lists(st.text("abc", min_size=1, max_size=3), max_size=2, unique=True).map(tuple)
RECORDS = st.builds(
    Record,
    algorithm=st.sampled_from(["pdq", "sha256"]),
    media_type=st.none(),
    value=st.binary(min_size=32, max_size=32).map(bytes.hex),
    source=st.just("threatexchange"),
    entry_id=st.integers(1, 1 << 60).map(str),
    status=st.sampled_from([Status.ACTIVE, Status.DELETED]),
    feedback=st.lists(
        st.builds(Feedback, st.just("7"), st.sampled_from(["MALICIOUS", "UNKNOWN"]), TAGS),
        min_size=1,
        max_size=2,
    ).map(tuple),
    updated=st.integers(0, 1 << 32).map(instant_of_seconds),
)
KEPT = ["algorithm", "value", "source", "entry_id", "status", "updated"]


@given(st.lists(RECORDS, max_size=4))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record]
) -> None:
    path = tmp_path_factory.mktemp("updates") / "updates.json"
    write_list(records, path, "threatexchange")
    found = list(read_list(path, container="threatexchange"))
    assert [[getattr(each, name) for name in KEPT] for each in found] == [
        [getattr(record, name) for name in KEPT] for record in records
    ]
    live = [(a, b) for a, b in zip(found, records, strict=True) if a.status is Status.ACTIVE]
    assert all(a.feedback == b.feedback for a, b in live)


@pytest.mark.oracle
def test_the_client_of_python_threatexchange_reads_what_is_written(path: Path) -> None:
    api = pytest.importorskip("threatexchange.exchanges.impl.fb_threatexchange_api")
    updates = pytest.importorskip(
        "threatexchange.exchanges.clients.fb_threatexchange.threat_updates"
    )
    rollup = pytest.importorskip("threatexchange.exchanges.clients.fb_threatexchange.descriptor")
    written, _ = write(
        path,
        Record(
            algorithm="pdq",
            value=PDQ,
            source="threatexchange",
            entry_id="5",
            feedback=(Feedback("9", "MALICIOUS", ("a",)), Feedback("8", "DISAGREE_WITH_TAGS")),
            created="2020-07-01T18:31:15Z",
        ),
        Record(algorithm="md5", media_type=MediaType.VIDEO, value=MD5, created="2020"),
        Record(algorithm="pdq", value=PDQ, status=Status.WITHDRAWN),
    )
    read_by_it = [updates.ThreatUpdateJSON(each) for each in written]
    assert [each.should_delete for each in read_by_it] == [False, False, True]
    assert [each.threat_type for each in read_by_it] == ["HASH_PDQ", "HASH_VIDEO_MD5", "HASH_PDQ"]
    assert [each.indicator for each in read_by_it] == [PDQ, MD5, PDQ]
    first = api.FBThreatExchangeIndicatorRecord.from_threatexchange_json(1, read_by_it[0])
    assert [(said.owner_app_id, said.tags) for said in first.opinions] == [(9, {"a"}), (8, set())]
    rolled = [rollup.SimpleDescriptorRollup.from_threat_updates_json(1, each) for each in written]
    assert [each and each.added_on for each in rolled] == ["2020-07-01T18:31:15Z", "2020", None]
