"""MISP events are what PyMISP loads, with the templates of this package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hashwalk import Label
from hashwalk.hashlists import Method, Record, Status, Translation, read_list, write_list
from hashwalk.hashlists.misp_objects import TEMPLATES

MD5, SHA256, PDQ = "0123456789abcdef" * 2, "ab" * 32, "ff" * 32
ENTRY: dict[str, Any] = {"source": "ncmec", "member_id": "42", "entry_id": "image1"}
LABELS = (Label("misp", "", "", "tlp:amber"), Label("vics", "2.0", "US", "1"))
EVERYTHING = [
    Record(algorithm="md5", value=MD5, labels=LABELS, **ENTRY),
    Record(algorithm="pdq", value=PDQ, labels=LABELS, quality=100, **ENTRY),
    Record(algorithm="ssdeep", value="3:abc:d", status=Status.WITHDRAWN, source="x", entry_id="y"),
    Record(algorithm="tlsh", value="0A" * 35, updated="2024-01-02T03:04:05Z"),
    Record(algorithm="vpdq", value=f"0,100,{PDQ},0.000", frame_time_s=1.5),
    Record(algorithm="*", value=None, status=Status.DELETED, source="x", entry_id="z"),
    Record(
        algorithm="sha256",
        value=SHA256,
        translation=Translation(Method.NEAR, "pdq", 2.0, SHA256),
    ),
]
OWN_TEMPLATES = ("perceptual-hash", "hash-list-entry")


def event_of(tmp_path: Path, *records: Record) -> dict[str, Any]:
    write_list(records, tmp_path / "event.json", "misp")
    found: dict[str, Any] = json.loads((tmp_path / "event.json").read_text())
    return found


def objects(event: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [each for each in event["Event"]["Object"] if each["name"] == name]


def read(tmp_path: Path, event: dict[str, Any]) -> list[Record]:
    (tmp_path / "in.json").write_text(json.dumps(event))
    return list(read_list(tmp_path / "in.json"))


@pytest.mark.oracle
def test_pymisp_loads_an_event(tmp_path: Path) -> None:
    pymisp = pytest.importorskip("pymisp")
    event_of(tmp_path, *EVERYTHING)
    event = pymisp.MISPEvent()
    event.load_file(tmp_path / "event.json")
    assert event.info == "Hash list of ncmec, x"
    (first, *_) = event.get_objects_by_name("file")
    (md5,) = first.get_attributes_by_relation("md5")
    assert (md5.value, md5.type, md5.to_ids) == (MD5, "md5", True)
    assert [tag.name for tag in md5.tags] == ["tlp:amber", 'vics:2.0/US="1"']
    perceptual = event.get_objects_by_name("perceptual-hash")
    assert [each.references[0].referenced_uuid for each in perceptual if each.references] == [
        first.uuid
    ]
    gone = [each for each in event.objects if each.deleted]
    assert len(gone) == 4
    assert all(attribute.deleted for each in gone for attribute in each.attributes)


@pytest.mark.oracle
def test_each_object_is_valid_by_its_template(tmp_path: Path) -> None:
    """By MISP's own for files, by those that this package ships for the rest."""
    pymisp = pytest.importorskip("pymisp")
    for each in event_of(tmp_path, *EVERYTHING)["Event"]["Object"]:
        folder = {"misp_objects_path_custom": TEMPLATES} if each["name"] in OWN_TEMPLATES else {}
        made = pymisp.MISPObject(each.pop("name"), strict=True, **folder)
        kinds = {a["object_relation"]: a["type"] for a in each["Attribute"]}
        made.from_dict(**each)
        assert json.loads(made.to_json(strict=True))
        assert kinds == {a.object_relation: a.type for a in made.attributes}
        assert all(kinds[r] == made._definition["attributes"][r]["misp-attribute"] for r in kinds)


@pytest.mark.oracle
@pytest.mark.parametrize("name", OWN_TEMPLATES)
def test_a_template_uses_only_what_templates_of_misp_have(name: str) -> None:
    pymisp = pytest.importorskip("pymisp")
    of_misp = Path(pymisp.__file__).parent / "data" / "misp-objects"
    schema = json.loads((of_misp / "schema_objects.json").read_text())
    template = json.loads((TEMPLATES / name / "definition.json").read_text())
    assert set(schema["required"]) <= set(template) <= set(schema["properties"])
    assert template["meta-category"] in schema["properties"]["meta-category"]["enum"]
    assert not (of_misp / "objects" / name).exists()
    allowed = schema["defs"]["attribute"]["properties"]
    for attribute in template["attributes"].values():
        assert set(schema["defs"]["attribute"]["required"]) <= set(attribute) <= set(allowed)
        assert attribute["misp-attribute"] in allowed["misp-attribute"]["enum"]


@pytest.mark.oracle
def test_what_pymisp_saves_is_read_like_what_it_loaded(tmp_path: Path) -> None:
    pymisp = pytest.importorskip("pymisp")
    event_of(tmp_path, *EVERYTHING[:4])
    event = pymisp.MISPEvent()
    event.load_file(tmp_path / "event.json")
    (tmp_path / "saved.json").write_text(event.to_json())
    saved, ours = (list(read_list(tmp_path / name)) for name in ("saved.json", "event.json"))
    assert [(each.algorithm, each.value, each.status, each.labels) for each in saved] == [
        (each.algorithm, each.value, each.status, each.labels) for each in ours
    ]


def test_files_of_other_events_are_read_as_misps_own(tmp_path: Path) -> None:
    file = {
        "name": "file",
        "uuid": "u",
        "Attribute": [
            {"object_relation": "filename", "type": "filename", "value": "a.jpg"},
            {"object_relation": "md5", "type": "md5", "value": MD5, "comment": "seen", "Tag": []},
            {"object_relation": "sha256", "value": SHA256, "deleted": "1"},
        ],
    }
    other = {"name": "url", "uuid": "v", "Attribute": []}
    md5, sha256 = read(tmp_path, {"Event": {"info": "an event", "Object": [other, file]}})
    assert (md5.source, md5.entry_id, md5.value, md5.status) == ("misp", "u", MD5, Status.ACTIVE)
    assert (sha256.algorithm, sha256.status) == ("sha256", Status.DELETED)
    assert md5.raw == {"object": file}
    found = read(tmp_path, {"response": [{"Event": {"Object": [file]}}]})
    assert [each.value for each in found] == [MD5, SHA256]


@pytest.mark.parametrize("name", ["hash-list-entry", "file", "perceptual-hash"])
def test_what_is_deleted_in_misp_is_deleted(tmp_path: Path, name: str) -> None:
    """The entry with all that it includes, an object with all its hashes."""
    event = event_of(tmp_path, *EVERYTHING[:2])
    (found,) = objects(event, name)
    found["deleted"] = True
    dead = {each.algorithm for each in read(tmp_path, event) if each.status is Status.DELETED}
    expected = {"file": {"md5"}, "perceptual-hash": {"pdq"}}
    assert dead == expected.get(name, {"md5", "pdq"})


def test_an_event_of_the_same_sources_is_the_same_event(tmp_path: Path) -> None:
    """So that a later list deletes what an earlier one brought."""
    before, after = event_of(tmp_path, EVERYTHING[0]), event_of(tmp_path, EVERYTHING[1])
    assert before["Event"]["uuid"] == after["Event"]["uuid"]
    assert before["Event"]["uuid"] != event_of(tmp_path, EVERYTHING[2])["Event"]["uuid"]
