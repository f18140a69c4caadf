"""Tech Against Terrorism's list: the same records in JSON and CSV, deletions kept."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from hashwalk.errors import HashListError
from hashwalk.hashlists import MediaType, Record, Reject, Status, read_list
from hashwalk.results import Label

MD5 = hashlib.md5(b"a clip", usedforsecurity=False).hexdigest()
PDQ = hashlib.sha256(b"a landscape").hexdigest()


def entry(**fields: Any) -> dict[str, Any]:
    return {
        "hash_digest": MD5,
        "algorithm": "MD5",
        "ideology": "far-right",
        "file_type": "mp4",
        "deleted": False,
        "updated_on": 1704085200.5,
        "created_on": "2024-01-01T05:00:00+00:00",
        "id": 124,
    } | fields


def read(path: Path) -> tuple[list[Record], list[Reject]]:
    rejects: list[Reject] = []
    return list(read_list(path, on_reject=rejects.append)), rejects


def read_json(path: Path, *entries: object) -> tuple[list[Record], list[Reject]]:
    path.write_text(json.dumps({"count": 1, "next": None, "checkpoint": "1", "results": entries}))
    return read(path)


def read_csv(path: Path, *entries: dict[str, Any]) -> tuple[list[Record], list[Reject]]:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(entry()))
        writer.writeheader()
        writer.writerows(entries)
    return read(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hashes"


def test_an_entry_is_read_with_its_ideology_as_label(path: Path) -> None:
    found, rejects = read_json(path, entry())
    assert not rejects
    assert found == [
        Record(
            algorithm="md5",
            media_type=MediaType.VIDEO,
            value=MD5,
            source="tat",
            entry_id="124",
            labels=(Label("tat-ideology", "", "", "far-right"),),
            created="2024-01-01T05:00:00Z",
            updated="2024-01-01T05:00:00.500000Z",
            raw=entry(),
        )
    ]


@pytest.mark.parametrize("deleted", [True, False, "true", "False", "TRUE", "0", "1"])
@pytest.mark.parametrize("algorithm", ["MD5", "PDQ", "Unheard"])
def test_the_csv_says_the_same_as_the_json(path: Path, algorithm: str, deleted: object) -> None:
    each = entry(
        algorithm=algorithm, deleted=deleted, hash_digest=PDQ if algorithm == "PDQ" else MD5
    )
    (of_json,), _ = read_json(path, each)
    (of_csv,), _ = read_csv(path, each)
    fields = [name for name in Record.__slots__ if name != "raw"]
    assert [getattr(of_csv, name) for name in fields] == [getattr(of_json, name) for name in fields]
    is_deleted = str(deleted).lower() in {"true", "1"}
    assert of_csv.status is (Status.DELETED if is_deleted else Status.ACTIVE)


@pytest.mark.parametrize(
    ("said", "algorithm", "value"),
    [
        ("md5", "md5", MD5),
        ("SHA-1", "sha1", PDQ[:40]),
        ("SHA256", "sha256", PDQ),
        ("SHA", "SHA", PDQ),
        ("pdq", "pdq", PDQ),
    ],
)
def test_algorithms_are_told_by_name_alone(
    path: Path, said: str, algorithm: str, value: str
) -> None:
    (found,), _ = read_json(path, entry(algorithm=said, hash_digest=value))
    assert (found.algorithm, found.value) == (algorithm, value)


@pytest.mark.parametrize(
    ("file_type", "media_type"),
    [
        ("mp4", MediaType.VIDEO),
        (".JPG", MediaType.PICTURE),
        ("image/png", MediaType.PICTURE),
        ("video/x-unheard-of", MediaType.VIDEO),
        ("pdf", None),
        (None, None),
    ],
)
def test_the_file_type_says_what_was_hashed(
    path: Path, file_type: str | None, media_type: MediaType | None
) -> None:
    (found,), _ = read_json(path, entry(file_type=file_type))
    assert found.media_type is media_type


def test_a_deletion_may_have_no_hash(path: Path) -> None:
    (found,), _ = read_json(path, entry(deleted="true", hash_digest=""))
    assert (found.status, found.value, found.entry_id) == (Status.DELETED, None, "124")


@pytest.mark.parametrize(
    "changes",
    [
        {"deleted": "perhaps"},
        {"deleted": ""},
        {"hash_digest": MD5[:-1]},
        {"hash_digest": ""},
        {"algorithm": ""},
    ],
)
def test_a_malformed_entry_costs_no_other(path: Path, changes: dict[str, Any]) -> None:
    for found, rejects, place in (
        (*read_json(path, entry(**changes), entry()), "$.results[0]"),
        (*read_csv(path, entry(**changes), entry()), "line 2"),
    ):
        assert [each.value for each in found] == [MD5]
        assert [each.where for each in rejects] == [place]
        assert MD5[:-1] not in rejects[0].reason


def test_an_entry_that_does_not_say_whether_it_is_deleted_is_rejected(path: Path) -> None:
    without = {name: said for name, said in entry().items() if name != "deleted"}
    found, (reject,) = read_json(path, without, entry())
    assert (len(found), reject.reason) == (1, "deleted is missing")


def test_an_array_of_entries_is_a_list_too(path: Path) -> None:
    path.write_text("\ufeff\r\n" + json.dumps([entry(), entry()]))
    assert len(read(path)[0]) == 2


@pytest.mark.parametrize("other", ["{}", "[", "hash_digest,id\n1,2\n", "x"])
def test_another_file_is_refused(path: Path, other: str) -> None:
    path.write_text(other)
    with pytest.raises(HashListError, match=path.name):
        list(read_list(path, container="tat"))


@pytest.mark.oracle
def test_the_client_of_python_threatexchange_agrees_on_what_is_deleted(path: Path) -> None:
    api = pytest.importorskip("threatexchange.exchanges.clients.techagainstterrorism.api")
    impl = pytest.importorskip("threatexchange.exchanges.impl.techagainstterrorism_api")
    entries = [entry(), entry(deleted=True), entry(algorithm="PDQ", hash_digest=PDQ)]
    deltas = [impl._get_delta_mapping(api.TATHashListEntry(**each)) for each in entries]
    found, _ = read_json(path, *entries)
    assert [each.value for each in found] == [value for (_, value), _ in deltas]
    assert [each.status is Status.DELETED for each in found] == [said is None for _, said in deltas]
