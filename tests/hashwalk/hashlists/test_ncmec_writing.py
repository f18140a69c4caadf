"""What is written as NCMEC's XML is read again; nothing that is not live is written as live."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk.hashlists import Feedback, Loss, MediaType, Record, Status, read_list, write_list
from hashwalk.hashlists.containers import writer_named
from hashwalk.results import Label

MD5 = hashlib.md5(b"a picture", usedforsecurity=False).hexdigest()
SHA1 = hashlib.sha1(b"a picture", usedforsecurity=False).hexdigest()


def record(algorithm: str = "md5", value: str | None = MD5, **fields: Any) -> Record:
    told = {"source": "ncmec", "member_id": "1", "entry_id": "e", "media_type": MediaType.PICTURE}
    return Record(algorithm=algorithm, value=value, **{**told, **fields})


def rewritten(records: Iterable[Record], folder: Path) -> tuple[list[Record], Loss]:
    path = folder / "written.xml"
    loss = write_list(records, path, "ncmec")
    return list(read_list(path)), loss


def told_of(records: Iterable[Record]) -> list[tuple[Any, ...]]:
    return [(each.entry_id, each.algorithm, each.value, each.status) for each in records]


def test_writing_says_that_it_is_experimental() -> None:
    assert writer_named("ncmec").experimental


def test_a_withdrawn_hash_is_written_as_a_tombstone_and_counted(tmp_path: Path) -> None:
    found, loss = rewritten([record(status=Status.WITHDRAWN)], tmp_path)
    assert told_of(found) == [("e", "*", None, Status.DELETED)]
    assert loss.fields == {
        "status: withdrawn is written as deleted": 1,
        "value: of a hash that is not live": 1,
    }


def test_an_entry_that_lost_one_hash_is_written_without_it(tmp_path: Path) -> None:
    gone = record("sha1", SHA1, status=Status.WITHDRAWN)
    found, loss = rewritten([record(), gone], tmp_path)
    assert told_of(found) == [("e", "md5", MD5, Status.ACTIVE)]
    assert sum(loss.fields.values()) == 2


@pytest.mark.parametrize("withdrawn", [MD5, MD5.upper()])
@pytest.mark.parametrize("order", [1, -1])
def test_a_hash_that_is_both_live_and_withdrawn_is_not_live(
    tmp_path: Path, order: int, withdrawn: str
) -> None:
    both = [record(), record(value=withdrawn, status=Status.WITHDRAWN)]
    found, _ = rewritten(both[::order], tmp_path)
    assert told_of(found) == [("e", "*", None, Status.DELETED)]


def test_a_tombstone_after_its_entry_stays_after_it(tmp_path: Path) -> None:
    records = [record(), record("*", None, status=Status.DELETED)]
    found, _ = rewritten(records, tmp_path)
    assert [each.status for each in found] == [Status.ACTIVE, Status.DELETED]


def test_a_tombstone_of_unknown_media_deletes_picture_and_video(tmp_path: Path) -> None:
    found, _ = rewritten([record("*", None, status=Status.DELETED, media_type=None)], tmp_path)
    assert {each.media_type for each in found} == {MediaType.PICTURE, MediaType.VIDEO}
    assert {each.status for each in found} == {Status.DELETED}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"entry_id": None}, "no entry id"),
        ({"member_id": "a name"}, "no member's number"),
        ({"media_type": None}, "neither picture nor video"),
        ({"entry_id": "a\0b"}, "a text that XML cannot hold"),
        ({"algorithm": "tmk-pdqf", "value": "AA=="}, "by reference"),
        ({"algorithm": "phash", "value": "00" * 8}, "has no name for it"),
    ],
)
def test_what_cannot_be_said_is_left_out_and_counted(
    tmp_path: Path, fields: dict[str, Any], reason: str
) -> None:
    found, loss = rewritten([record(**fields), record(entry_id="other")], tmp_path)
    assert [each.entry_id for each in found] == ["other"]
    assert loss.written == 1
    assert list(loss.left_out.values()) == [1]
    assert reason in next(iter(loss.left_out))


def test_fields_that_cannot_be_said_are_counted(tmp_path: Path) -> None:
    rich = record(
        source="stopncii",
        media_uid="another",
        labels=(Label("iwf", "1", "", "A"), Label("ncmec", "", "", "B1")),
        feedback=(Feedback("7", "Blocked"), Feedback("8", "negative", ("r",), "pdq")),
        updated="last week",
        quality=3,
        raw={"k": 1},
    )
    (found,), loss = rewritten([rich], tmp_path)
    assert set(loss.fields) == {
        "source",
        "media_uid",
        "labels",
        "feedback",
        "updated",
        "quality",
        "raw",
    }
    assert found.labels == (Label("ncmec", "", "", "B1"),)
    assert found.feedback == (Feedback("8", "negative", ("r",), "pdq"),)


def test_markup_in_texts_stays_text(tmp_path: Path) -> None:
    odd = record(entry_id="<a&\"b'>]]>", labels=(Label("ncmec", "", "", "<!-- & -->"),))
    (found,), _ = rewritten([odd], tmp_path)
    assert (found.entry_id, found.labels) == (odd.entry_id, odd.labels)


def test_pictures_come_before_videos_in_whatever_order_they_are_written(tmp_path: Path) -> None:
    kinds = [MediaType.VIDEO, MediaType.PICTURE] * 2
    records = [record(entry_id=str(n), media_type=kind) for n, kind in enumerate(kinds)]
    found, _ = rewritten(records, tmp_path)
    assert [each.entry_id for each in found] == ["1", "3", "0", "2"]


def without_raw(each: Record) -> tuple[Any, ...]:
    names = ("media_uid", "media_type", "algorithm", "value", "status", "labels", "feedback")
    return (*each.entry, each.updated, *(getattr(each, name) for name in names))


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=5)
VALUES = st.one_of(
    st.tuples(st.just("md5"), st.binary(min_size=16, max_size=16).map(bytes.hex)),
    st.tuples(st.just("pdq"), st.binary(min_size=32, max_size=32).map(bytes.hex)),
    st.tuples(
        st.just("photodna"),
        st.binary(min_size=144, max_size=144).map(lambda data: base64.b64encode(data).decode()),
    ),
)
MEMBERS = st.integers(0, 99).map(str)
OPINIONS = st.builds(
    Feedback,
    MEMBERS,
    st.sampled_from(["affirmative", "negative"]),
    st.lists(NAMES, max_size=1).map(tuple),
    st.sampled_from(["md5", "pdq", "ssvh-safer-hash"]),
)


@st.composite
def lists(draw: st.DrawFn) -> list[Record]:
    """Entries as NCMEC could have them, each with another id."""
    found: list[Record] = []
    for entry_id in draw(st.lists(NAMES, max_size=5, unique=True)):
        member_id = draw(MEMBERS)
        shared: dict[str, Any] = {
            "source": "ncmec",
            "member_id": member_id,
            "entry_id": entry_id,
            "media_uid": f"ncmec:{member_id}:{entry_id}",
            "media_type": draw(st.sampled_from([MediaType.PICTURE, MediaType.VIDEO])),
            "labels": tuple(Label("ncmec", "", "", c) for c in draw(st.lists(NAMES, max_size=2))),
            "updated": draw(st.sampled_from([None, "2024-05-02T00:00:00Z"])),
        }
        if draw(st.booleans()):
            found.append(Record(**shared, algorithm="*", value=None, status=Status.DELETED))
        else:
            shared["feedback"] = tuple(draw(st.lists(OPINIONS, max_size=2, unique=True)))
            hashes = draw(st.lists(VALUES, min_size=1, max_size=3, unique=True))
            found.extend(Record(**shared, algorithm=a, value=v) for a, v in hashes)
    return found


@settings(deadline=None)
@given(lists())
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record]
) -> None:
    found, loss = rewritten(records, tmp_path_factory.mktemp("lists"))
    assert not loss.left_out
    assert not loss.fields
    by_kind = sorted(records, key=lambda each: each.media_type is MediaType.VIDEO)
    assert list(map(without_raw, found)) == list(map(without_raw, by_kind))
