"""VICS JSON: media of hash sets and cases, whose categories keep version and region."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk.errors import HashListError
from hashwalk.hashlists import Loss, MediaType, Record, Reject, Status, read_list, write_list
from hashwalk.hashlists.container import Told
from hashwalk.hashlists.containers import reader_of
from hashwalk.hashlists.reading import read_items
from hashwalk.hashlists.vics import Vics
from hashwalk.results import Label

MD5 = hashlib.md5(b"a medium", usedforsecurity=False).hexdigest()
SHA1 = hashlib.sha1(b"a medium", usedforsecurity=False).hexdigest()
PDQ = hashlib.sha256(b"a medium").hexdigest()
PDNA = base64.b64encode((hashlib.sha256(b"a medium").digest() * 5)[:144]).decode()

OLD = "http://github.com/ICMEC/ProjectVic/DataModels/{}.xml#Media"
NEW = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/{}/$metadata#{}"
MEDIUM = {
    "MediaID": 7,
    "Category": 1,
    "MD5": MD5.upper(),
    "SHA1": SHA1.upper(),
    "PhotoDNA": PDNA,
    "MediaSize": "1234",
    "MimeType": "image/png",
    "DateUpdated": "2024-05-01T02:00:00+02:00",
    "VictimIdentified": "False",
    "IsDistributed": True,
    "Series": "a series",
    "Exifs": [{"PropertyName": "Make", "PropertyValue": "a maker"}],
    "AlternativeHashes": [{"HashName": "PDQ", "HashValue": PDQ}],
}

DAMAGE = [b"", b"{", b"}", b"[", b"]", b'"', b"\\", b"\0", b"\xff", b"null", b"1e999", b":"]

Items = Callable[[Any], list[Record | Reject]]


@pytest.fixture
def items(tmp_path: Path) -> Items:
    """Read a document, whose container must be told by its content."""

    def read(document: Any) -> list[Record | Reject]:
        path = tmp_path / "list.bin"
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        path.write_bytes(data)
        assert reader_of(path).name == "vics"
        return list(read_items(path))

    return read


def hash_set(*media: Any, region: str = "Default") -> dict[str, Any]:
    return {"@odata.context": NEW.format(region, "Media"), "value": list(media)}


def case(*media: Any, region: str = "US") -> dict[str, Any]:
    return {
        "@odata.context": NEW.format(region, "Cases"),
        "value": [{"CaseID": "c-1", "CaseNumber": "1/24", "Media": list(media), "After": 1}],
    }


def records_of(found: Iterable[Record | Reject]) -> list[Record]:
    rejects = [each for each in found if isinstance(each, Reject)]
    assert not rejects
    return [each for each in found if isinstance(each, Record)]


def test_each_hash_of_a_medium_is_a_record_of_it(items: Items) -> None:
    found = records_of(items(hash_set(MEDIUM)))
    assert [(each.algorithm, each.value) for each in found] == [
        ("md5", MD5.upper()),
        ("sha1", SHA1.upper()),
        ("photodna", PDNA),
        ("pdq", PDQ),
    ]
    for each in found:
        assert (each.entry, each.status) == (("vics", None, "7"), Status.ACTIVE)
        assert each.media_uid == found[0].media_uid
        assert each.media_type is MediaType.PICTURE
        assert each.labels == (Label("projectvic", "2.0", "Default", "1"),)
        assert each.updated == "2024-05-01T00:00:00Z"


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_the_data_models_before_2_have_another_context(items: Items, version: str) -> None:
    links = {"odata.id": 'Media("7")', "MediaFiles@odata.navigationLinkUrl": "/Media(7)/MediaFiles"}
    other = {"HashName": "PhotoDNA", "HashValue": PDNA}
    medium = {**links, "MediaID": 0, "Category": 0, "MD5": MD5, "AlternativeHashes": [other]}
    found = records_of(items({"odata.metadata": OLD.format(version), "value": [medium]}))
    assert [(each.algorithm, each.value) for each in found] == [("md5", MD5), ("photodna", PDNA)]
    assert found[0].labels == (Label("projectvic", version, "", "0"),)


def test_the_media_of_a_case_are_read_and_know_it(items: Items) -> None:
    found = records_of(items(case({"MD5": MD5, "Category": None}, {"SHA1": SHA1, "Category": "2"})))
    assert [each.algorithm for each in found] == ["md5", "sha1"]
    assert [each.labels for each in found] == [(), (Label("projectvic", "2.0", "US", "2"),)]
    assert found[0].raw is not None
    assert found[0].raw["@case"] == {"CaseID": "c-1", "CaseNumber": "1/24"}


@pytest.mark.parametrize("region", ["US", "UK", "CUSTOM", "Default"])
def test_category_0_is_kept_with_its_region(items: Items, region: str) -> None:
    (record,) = records_of(items(hash_set({"MD5": MD5, "Category": 0}, region=region)))
    assert record.labels == (Label("projectvic", "2.0", region, "0"),)


def test_raw_keeps_the_medium_as_it_is(items: Items) -> None:
    assert records_of(items(hash_set(MEDIUM)))[0].raw == MEDIUM


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [("SHA-256", "sha256"), ("pdq", "pdq"), ("Unheard Of", "Unheard Of")],
)
def test_an_alternative_hash_is_known_by_its_name(items: Items, name: str, algorithm: str) -> None:
    medium = {"AlternativeHashes": [{"HashName": name, "HashValue": PDQ}]}
    (record,) = records_of(items(hash_set(medium)))
    assert (record.algorithm, record.value) == (algorithm, PDQ)


def test_a_hash_that_is_told_twice_is_one_record(items: Items) -> None:
    other = {"HashName": "photodna", "HashValue": PDNA}
    found = items(hash_set({"PhotoDNA": PDNA, "AlternativeHashes": [other, other]}))
    assert len({each.value for each in records_of(found)}) == 1


@pytest.mark.parametrize(
    ("mime", "kind"),
    [("video/mp4", MediaType.VIDEO), ("application/pdf", MediaType.OTHER), (None, None)],
)
def test_the_mime_type_tells_the_media_type(
    items: Items, mime: str | None, kind: MediaType | None
) -> None:
    (record,) = records_of(items(hash_set({"MD5": MD5, "MimeType": mime})))
    assert record.media_type is kind


@pytest.mark.parametrize(
    ("medium", "place"),
    [
        ({"MD5": MD5[1:]}, "$.value[0].MD5"),
        ({"PhotoDNA": PDNA[4:]}, "$.value[0].PhotoDNA"),
        ({"AlternativeHashes": [{"HashName": "PDQ", "HashValue": MD5}]}, "AlternativeHashes"),
        ({"AlternativeHashes": [{"HashValue": PDQ}]}, "$.value[0]"),
        ({"AlternativeHashes": [PDQ]}, "$.value[0]"),
        ({"MD5": 5}, "$.value[0]"),
        ({"MD5": None, "SHA1": "", "MediaID": 1}, "$.value[0]"),
        ({"MD5": MD5, "Category": True}, "$.value[0]"),
        ({"MD5": MD5, "Tags": [[[[[]]]] * 3] * 3, "MediaID": {}}, "$.value[0]"),
        ({"MD5": MD5 * 200_000}, "$.value[0]"),
        (PDQ, "$.value[0]"),
    ],
)
def test_what_is_malformed_is_rejected_by_its_place_alone(
    items: Items, medium: Any, place: str
) -> None:
    first, second = items(hash_set(medium, {"MD5": MD5}))
    assert isinstance(first, Reject)
    assert place in first.where
    assert not any(value in first.reason for value in (MD5[1:], PDQ, PDNA[4:]))
    assert isinstance(second, Record)


def test_one_bad_hash_costs_only_itself(items: Items) -> None:
    found = items(hash_set({**MEDIUM, "SHA1": "no hash"}))
    assert [each.algorithm for each in found if isinstance(each, Record)] == [
        "md5",
        "photodna",
        "pdq",
    ]


def test_deep_nesting_costs_one_medium(items: Items) -> None:
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    first, second = items(hash_set({"MD5": MD5, "Tags": deep}, {"MD5": MD5}))
    assert isinstance(first, Reject)
    assert isinstance(second, Record)


def test_a_byte_order_mark_and_escaped_slashes_change_nothing(items: Items) -> None:
    text = json.dumps(hash_set(MEDIUM)).replace("/", "\\/").replace(", ", ",\r\n")
    assert items(b"\xef\xbb\xbf" + text.encode()) == items(hash_set(MEDIUM))


def test_media_that_come_twice_are_told_twice(items: Items) -> None:
    assert len(records_of(items(hash_set({"MD5": MD5}, {"MD5": MD5})))) == 2


def test_a_list_without_media_has_no_records(items: Items) -> None:
    assert items(hash_set()) == []
    assert items(case()) == []


def test_media_before_their_data_model_are_refused(items: Items) -> None:
    document = {"value": [{"MD5": MD5}], "@odata.context": NEW.format("US", "Media")}
    with pytest.raises(HashListError, match="names no VICS data model"):
        items(document)


def test_a_document_that_breaks_off_is_refused(items: Items) -> None:
    with pytest.raises(HashListError, match="breaks off"):
        items(json.dumps(hash_set(MEDIUM, MEDIUM)).encode()[:-40])


def test_no_hash_is_in_a_repr(items: Items) -> None:
    shown = repr(items(hash_set(MEDIUM, {"MD5": MD5[1:]})))
    assert not any(value in shown for value in (MD5[1:], MD5.upper(), SHA1.upper(), PDNA, PDQ))


@given(st.data())
def test_whatever_is_damaged_is_told_and_no_hash_with_it(data: st.DataObject) -> None:
    document = bytearray(json.dumps(case(MEDIUM, MEDIUM)).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(document) - 1))
        end = start + data.draw(st.integers(0, 40))
        document[start:end] = data.draw(st.sampled_from(DAMAGE))
    with io.BytesIO(bytes(document)) as file, suppress(HashListError):
        for found in Vics().read(file, Told(name="a list")):
            assert isinstance(found, Record) or MD5[:12] not in repr(found).lower()


def record(algorithm: str = "md5", value: str | None = MD5, **fields: Any) -> Record:
    return Record(algorithm=algorithm, value=value, **{"source": "vics", "entry_id": "3", **fields})


def written(records: Iterable[Record], folder: Path) -> tuple[Any, Loss]:
    """The document, and what it could not carry."""
    path = folder / "written.json"
    loss = write_list(records, path, "vics")
    return json.loads(path.read_bytes()), loss


def test_the_context_is_first_and_the_media_second(tmp_path: Path) -> None:
    document, _ = written([record()], tmp_path)
    assert list(document) == ["@odata.context", "value"]
    assert document["@odata.context"] == NEW.format("Default", "Media")


def test_hashes_of_one_entry_are_one_medium_spelled_as_importers_expect(tmp_path: Path) -> None:
    hexadecimal = base64.b64decode(PDNA).hex()
    hashes = [record(), record("sha1", SHA1), record("photodna", hexadecimal), record("pdq", PDQ)]
    document, _ = written([*hashes, record("phash", "0" * 16), record(entry_id="4")], tmp_path)
    assert document["value"][0] == {
        "MediaID": 3,
        "Category": None,
        "MD5": MD5.upper(),
        "SHA1": SHA1.upper(),
        "PhotoDNA": PDNA,
        "AlternativeHashes": [
            {"HashName": "PDQ", "HashValue": PDQ},
            {"HashName": "phash", "HashValue": "0" * 16},
        ],
    }
    assert document["value"][1] == {"MediaID": 4, "Category": None, "MD5": MD5.upper()}


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.DELETED])
def test_what_is_not_live_is_left_out_and_counted(tmp_path: Path, status: Status) -> None:
    document, loss = written([record(status=status), record()], tmp_path)
    assert len(document["value"]) == 1
    assert loss.left_out == {f"status {status.value}: vics cannot say it": 1}


def test_category_0_is_written_and_one_of_a_region_is_not(tmp_path: Path) -> None:
    labels = [
        Label("projectvic", "2.0", "Default", "0"),
        Label("projectvic", "1.3", "", "0"),
        Label("projectvic", "2.0", "US", "0"),
        Label("iwf", "", "", "1"),
    ]
    records = [record(entry_id=str(n), labels=(label,)) for n, label in enumerate(labels)]
    document, loss = written(records, tmp_path)
    assert [medium["Category"] for medium in document["value"]] == [0, 0, None, None]
    assert loss.fields == {"labels: version and region of a category of 1.x": 1, "labels": 2}


def test_truths_become_json_s_and_copies_stay_behind(tmp_path: Path) -> None:
    source, copy = tmp_path / "in.json", {"FileName": "a name"}
    links = {"odata.id": 'Media("7")'}
    source.write_text(json.dumps(hash_set({**links, **MEDIUM, "MediaFiles": [copy]})))
    document, loss = written(read_list(source), tmp_path)
    (medium,) = document["value"]
    assert (medium["VictimIdentified"], medium["IsDistributed"]) == (False, True)
    assert (medium["Series"], medium["MimeType"]) == ("a series", "image/png")
    assert not {"MediaFiles", "Exifs", "odata.id"} & medium.keys()
    assert loss.fields == {"raw: what is told of copies, or is not in the data model": 4}


def test_fields_that_cannot_be_said_are_counted(tmp_path: Path) -> None:
    rich = record(
        source="tat",
        entry_id="no number",
        member_id="1",
        media_uid="another",
        media_type=MediaType.PICTURE,
        quality=3,
        raw={"k": 1},
    )
    document, loss = written([rich, rich], tmp_path)
    assert set(loss.fields) == {
        "source",
        "entry_id",
        "member_id",
        "media_uid",
        "media_type",
        "quality",
        "raw",
    }
    assert [medium["MediaID"] for medium in document["value"]] == [1_000_000_000]


def test_media_without_a_number_get_one_each(tmp_path: Path) -> None:
    records = [record(entry_id=None), record(entry_id=None), record(entry_id="0")]
    document, _ = written(records, tmp_path)
    assert [medium["MediaID"] for medium in document["value"]] == [
        1_000_000_000,
        1_000_000_001,
        0,
    ]


HASHES = st.one_of(
    st.tuples(st.just("md5"), st.binary(min_size=16, max_size=16).map(lambda b: b.hex().upper())),
    st.tuples(st.just("sha1"), st.binary(min_size=20, max_size=20).map(lambda b: b.hex().upper())),
    st.tuples(st.just("pdq"), st.binary(min_size=32, max_size=32).map(bytes.hex)),
    st.tuples(st.just("Unheard Of"), st.text("abcé", min_size=1)),
)


@st.composite
def lists(draw: st.DrawFn) -> list[Record]:
    """Media as a hash set of 2.0 could have them."""
    found = []
    for number in draw(st.lists(st.integers(0, 9999), max_size=5, unique=True)):
        hashes = dict(draw(st.lists(HASHES, min_size=1, max_size=4)))
        code = draw(st.none() | st.integers(0, 9))
        shared: dict[str, Any] = {
            "source": "vics",
            "entry_id": str(number),
            "media_uid": f"md5:{hashes['md5'].lower()}" if "md5" in hashes else None,
            "labels": () if code is None else (Label("projectvic", "2.0", "Default", str(code)),),
            "updated": draw(st.sampled_from([None, "2024-05-02T00:00:00Z"])),
        }
        order = ["md5", "sha1", "pdq", "Unheard Of"]
        found += [record(name, hashes[name], **shared) for name in order if name in hashes]
    return found


def without_raw(each: Record) -> tuple[Any, ...]:
    return (*each.entry, each.media_uid, each.algorithm, each.value, each.labels, each.updated)


@settings(deadline=None)
@given(lists())
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record]
) -> None:
    path = tmp_path_factory.mktemp("lists") / "list.json"
    loss = write_list(records, path, "vics")
    assert not loss.left_out
    assert not loss.fields
    found = list(read_list(path))
    assert sorted(map(without_raw, found), key=str) == sorted(map(without_raw, records), key=str)
