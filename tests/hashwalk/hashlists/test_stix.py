"""STIX bundles are what the reference package reads without custom content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hashwalk import Label
from hashwalk.errors import HashListError
from hashwalk.hashlists import Method, Record, Reject, Status, Translation, read_list, write_list
from hashwalk.hashlists.record import Feedback
from hashwalk.hashlists.stix import EXTENSION

MD5, SHA256, PDQ = "0123456789abcdef" * 2, "ab" * 32, "ff" * 32
ENTRY: dict[str, Any] = {"source": "ncmec", "member_id": "42", "entry_id": "image1"}
EVERYTHING = [
    Record(
        algorithm="md5",
        value=MD5,
        labels=(Label("ncmec", "", "", "A1"), Label("stix", "", "", "tlp:amber")),
        created="2023-01-02T03:04:05.678901+02:00",
        updated="2024-01-02T03:04:05Z",
        **ENTRY,
    ),
    Record(algorithm="sha256", value=SHA256, media_uid="m", updated="2020"),
    Record(algorithm="pdq", value=PDQ, media_uid="m", updated="2020", quality=100),
    Record(algorithm="vpdq", value=f"0,100,{PDQ},0.000\n1,5,{PDQ},0.5", frame_time_s=1.0),
    Record(algorithm="tmk-pdqf", value="AAAA" * 9, entry_id="ä\u2028", member_id="\x00"),
    Record(algorithm="tlsh", value="T1" + "0A" * 35),
    Record(algorithm="tlsh", value="none"),
    Record(algorithm="ssdeep", value="3:abc:d", created="2030-01-01T00:00:00Z"),
    Record(algorithm="sha512", value="0" * 128),
    Record(algorithm="*", value=None, status=Status.DELETED, **ENTRY),
    Record(
        algorithm="sha1",
        value="0" * 40,
        translation=Translation(Method.NEAR, "pdq", 2.0, SHA256),
        feedback=(Feedback("member", "Blocked"),),
    ),
]


def bundle_of(tmp_path: Path, *records: Record) -> dict[str, Any]:
    write_list(records, tmp_path / "bundle.json", "stix")
    found: dict[str, Any] = json.loads((tmp_path / "bundle.json").read_text())
    return found


def of_type(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in bundle["objects"] if each["type"] == kind]


@pytest.mark.oracle
def test_stix2_parses_a_bundle_and_its_extension(tmp_path: Path) -> None:
    stix2 = pytest.importorskip("stix2")
    bundle_of(tmp_path, *EVERYTHING)
    parsed = stix2.parse((tmp_path / "bundle.json").read_text(), allow_custom=False)
    groupings = [each for each in parsed.objects if each.type == "grouping"]
    assert [each.revoked for each in groupings].count(True) == 1
    assert list(groupings[0].labels) == ['ncmec:/="A1"', "tlp:amber"]
    known = {each.id for each in parsed.objects}
    assert all(set(each.object_refs) <= known for each in groupings)
    assert all(each.created_by_ref in known for each in groupings)


@pytest.mark.oracle
def test_files_have_the_ids_that_stix2_gives_them(tmp_path: Path) -> None:
    stix2 = pytest.importorskip("stix2")
    for file in of_type(bundle_of(tmp_path, *EVERYTHING), "file"):
        described = {k: file[k] for k in ("hashes", "name", "extensions") if k in file}
        assert stix2.v21.File(**described).id == file["id"]


def test_standard_hashes_have_their_keys_and_perceptual_ones_are_an_extension(
    tmp_path: Path,
) -> None:
    (file,) = of_type(bundle_of(tmp_path, *EVERYTHING[1:3]), "file")
    assert file["hashes"] == {"SHA-256": SHA256}
    assert file["extensions"][EXTENSION]["perceptual_hashes"] == [
        {"algorithm": "pdq", "value": PDQ, "quality": 100}
    ]


def test_times_are_utc_and_a_change_is_never_older_than_the_creation(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path, EVERYTHING[0], EVERYTHING[7])
    first, second = of_type(bundle, "grouping")
    assert (first["created"], first["modified"]) == (
        "2023-01-02T01:04:05.678Z",
        "2024-01-02T03:04:05.000Z",
    )
    assert second["modified"] == second["created"] == "2030-01-01T00:00:00.000Z"


def test_a_revoked_entry_is_never_live_whatever_else_is_said(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path, EVERYTHING[0])
    (grouping,) = of_type(bundle, "grouping")
    for revoked in (True, "true"):
        grouping["revoked"] = revoked
        (tmp_path / "in.json").write_text(json.dumps(bundle))
        (found,) = read_list(tmp_path / "in.json")
        assert found.status is Status.WITHDRAWN
        assert found.raw == {"grouping": grouping, "file": of_type(bundle, "file")[0]}


def test_a_file_without_its_grouping_is_rejected(tmp_path: Path) -> None:
    """Whether it is revoked cannot be told; nor what a grouping without its file revokes."""
    bundle = bundle_of(tmp_path, *EVERYTHING[:2])
    bundle["objects"].append(bundle["objects"].pop(2))
    (tmp_path / "in.json").write_text(json.dumps(bundle))
    rejects: list[Reject] = []
    found = list(read_list(tmp_path / "in.json", on_reject=rejects.append))
    assert [each.algorithm for each in found] == ["sha256"]
    assert [each.reason for each in rejects] == [
        "no grouping before it says whether it is revoked",
        "not all of its files are behind it",
    ]


def test_a_bundle_of_others_is_refused(tmp_path: Path) -> None:
    file = {"type": "file", "id": "file--x", "hashes": {"MD5": MD5}}
    bundle = {"type": "bundle", "id": "bundle--x", "objects": [file]}
    (tmp_path / "in.json").write_text(json.dumps(bundle))
    with pytest.raises(HashListError, match="did not write") as raised:
        list(read_list(tmp_path / "in.json"))
    assert MD5 not in str(raised.value)
