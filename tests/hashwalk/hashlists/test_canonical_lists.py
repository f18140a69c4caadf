"""The canonical list, as JSON lines, CSV and Parquet: what is written is what is read."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk.errors import HashListError, HashParseError
from hashwalk.hashlists import (
    Feedback,
    Loss,
    MediaType,
    Method,
    Record,
    Reject,
    Status,
    Translation,
)
from hashwalk.hashlists.canonical import json_of, record_of
from hashwalk.hashlists.container import Told
from hashwalk.hashlists.containers import reader_named, writer_named
from hashwalk.results import Label

MD5 = hashlib.md5(b"a picture", usedforsecurity=False).hexdigest()
CONTAINERS = ["jsonl", "csv", "parquet"]
WORDS = st.sampled_from(["a", "", "=1+1", "'-x", "a|b;c%7C", 'two\nlines "x"', " ", "é\r\n", "%"])
OPTIONAL = st.none() | WORDS
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
LABELS = st.builds(Label, WORDS, WORDS, WORDS, WORDS)
FEEDBACK = st.builds(
    Feedback, WORDS, WORDS, st.lists(WORDS, max_size=2).map(tuple), st.none() | WORDS
)
TRANSLATIONS = st.builds(
    Translation,
    st.sampled_from(Method),
    WORDS,
    st.none() | NUMBERS,
    OPTIONAL,
    st.integers(0, 2**63 - 1),
    st.booleans(),
)
RECORDS = st.builds(
    Record,
    algorithm=st.sampled_from(["md5", "their-hash", "*"]),
    value=st.sampled_from([MD5, None]),
    status=st.sampled_from([Status.WITHDRAWN, Status.DELETED]),
    media_type=st.none() | st.sampled_from(MediaType),
    quality=st.none() | st.integers(-(2**63), 2**63 - 1),
    frame_time_s=st.none() | NUMBERS,
    labels=st.lists(LABELS, max_size=2).map(tuple),
    feedback=st.lists(FEEDBACK, max_size=2).map(tuple),
    raw=st.none() | st.dictionaries(WORDS, JSON, max_size=2),
    translation=st.none() | TRANSLATIONS,
    **dict.fromkeys(("media_uid", "version", "source", "member_id", "entry_id"), OPTIONAL),
    **dict.fromkeys(("implementation", "bit_order", "created", "updated"), OPTIONAL),
)
FULL = Record(
    media_uid="m1",
    media_type=MediaType.VIDEO,
    algorithm="md5",
    implementation="theirs",
    version="1",
    encoding="hex",
    bit_order="msb",
    value=MD5,
    quality=7,
    frame_time_s=1.5,
    source="ncmec",
    member_id="42",
    entry_id="entry",
    labels=(Label("IWF", "1", "uk", "A"), Label("INHOPE", "3.1", "", "x")),
    feedback=(Feedback("7", "negative", ("too general", "old"), "md5"),),
    created="2024-01-01T00:00:00Z",
    updated="2024-01-02T00:00:00Z",
    raw={"id": "entry", "more": [1, {"a": None}]},
    translation=Translation(
        Method.NEAR, "pdq", 3.0, "0f" * 32, 2, ambiguous=True, probability=0.25
    ),
)


def written(container: str, records: list[Record]) -> tuple[bytes, Loss]:
    file, loss, writer = io.BytesIO(), Loss(), writer_named(container)
    writer.write(file, loss.carried_by(writer, records), loss)
    return file.getvalue(), loss


def read(container: str, data: bytes, algorithm: str | None = None) -> list[Record | Reject]:
    told = Told(name="list", algorithm=algorithm)
    return list(reader_named(container).read(io.BytesIO(data), told))


@pytest.mark.parametrize("container", ["jsonl", "parquet"])
@settings(deadline=None, max_examples=60)
@given(records=st.lists(RECORDS, max_size=4))
def test_a_list_is_read_as_it_was_written(container: str, records: list[Record]) -> None:
    data, loss = written(container, records)
    assert (loss.written, loss.fields, loss.left_out) == (len(records), {}, {})
    if records:
        assert read(container, data) == records


@settings(deadline=None, max_examples=150)
@given(record=RECORDS)
def test_what_csv_loses_is_counted(record: Record) -> None:
    data, loss = written("csv", [record])
    (found,) = read("csv", data)
    assert loss.fields["raw"] == (record.raw is not None)
    lost = loss.fields.keys() - {"raw"}
    assert (found == replace(record, raw=None)) == (not lost)


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_field_of_a_record_is_carried(container: str) -> None:
    data, _ = written(container, [FULL])
    kept = replace(FULL, raw=None) if container == "csv" else FULL
    assert read(container, data) == [kept]


@pytest.mark.parametrize("container", CONTAINERS)
def test_withdrawn_and_deleted_records_stay_so(container: str) -> None:
    gone = [
        Record(algorithm="md5", value=MD5, status=Status.WITHDRAWN),
        Record(algorithm="*", value=None, status=Status.DELETED, entry_id="e"),
    ]
    assert read(container, written(container, gone)[0]) == gone


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_malformed_record_costs_no_other(container: str) -> None:
    """Records of an algorithm that is not known here can be written with any value."""
    good = Record(algorithm="md5", value=MD5)
    bad = Record(algorithm="md5", value="beef")
    first, reject, last = read(container, written(container, [good, bad, good])[0])
    assert (first, last) == (good, good)
    assert isinstance(reject, Reject)
    assert reject.where in {"line 2", "line 3", "row 2"}
    assert reject.reason.startswith("not a md5 hash")
    assert "beef" not in reject.reason
    assert "beef" in reject.start


@pytest.mark.parametrize("container", ["jsonl", "csv"])
def test_a_byte_order_mark_and_either_line_end_are_read(container: str) -> None:
    data, _ = written(container, [FULL, FULL])
    unix = data.replace(b"\r\n", b"\n")
    dos = b"\xef\xbb\xbf" + unix.replace(b"\n", b"\r\n") + b"\r\n"
    assert read(container, dos) == read(container, unix)


@pytest.mark.parametrize("container", ["jsonl", "csv"])
def test_a_line_that_is_cut_off_is_a_reject(container: str) -> None:
    data, _ = written(container, [FULL, FULL])
    *_, last = read(container, data[:-20])
    assert isinstance(last, Reject)


@pytest.mark.parametrize("container", CONTAINERS)
def test_another_file_is_refused_in_one_line(container: str) -> None:
    with pytest.raises(HashListError, match=r"^list ") as refused:
        read(container, b"GIF89a nothing of the kind\n\x00\x01\n")
    assert "\n" not in str(refused.value)


FIELDS: dict[str, Any] = {"algorithm": "md5", "value": MD5}


def test_fields_that_are_missing_or_null_are_not_known() -> None:
    nulls = dict.fromkeys(("source", "labels", "feedback", "raw", "quality", "status"))
    assert record_of({**FIELDS, **nulls}) == record_of(FIELDS) == Record(**FIELDS)
    label = record_of({**FIELDS, "labels": [{"scheme": "IWF", "region": None}]}).labels
    assert label == (Label("IWF", "", "", ""),)
    feedback = record_of({**FIELDS, "feedback": [{"value": "no", "algorithm": None}]}).feedback
    assert feedback == (Feedback("", "no"),)


def test_fields_that_are_not_known_are_kept_in_raw() -> None:
    raw = record_of({**FIELDS, "raw": {"a": 1}, "colour": "red", "none": None}).raw
    assert raw == {"a": 1, "colour": "red", "none": None}
    assert record_of({**FIELDS, "colour": 2**80}).raw == {"colour": 2**80}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"algorithm": None}, "algorithm"),
        ({"algorithm": ""}, "the algorithm is empty"),
        ({"value": None}, "an active record has no value"),
        ({"value": 5}, "value: Expected `str"),
        ({"status": "Active"}, "status is not one of active, withdrawn, deleted"),
        ({"media_type": "film"}, "media_type is not one of"),
        ({"quality": "7"}, "quality: Expected `int"),
        ({"quality": True}, "quality: Expected `int"),
        ({"quality": 2**63}, "quality has more than 64 bits"),
        ({"frame_time_s": float("nan")}, "frame_time_s is not a finite"),
        ({"labels": {}}, "labels: Expected `array"),
        ({"labels": ["A1"]}, r"labels\[0\]: Expected `object"),
        ({"feedback": [{"reasons": ["a", 1]}]}, r"feedback\[0\].reasons\[1\]"),
        ({"translation": {"method": "guess"}}, "translation.method is not one of re-encoded, "),
        ({"translation": {}}, "translation: Object missing required field `method`"),
        ({"translation": {"method": "exact", "others": 2**63}}, "translation.others has more"),
        ({"translation": {"method": "near", "distance": float("inf")}}, "translation.distance"),
        ({"translation": {"method": "near", "ambiguous": "false"}}, "translation.ambiguous"),
        ({"raw": [1]}, "raw: Expected `object"),
        ({"raw": [1], "colour": "red"}, "raw: Expected `object"),
    ],
)
def test_a_field_of_the_wrong_type_is_named(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        record_of({**FIELDS, **wrong})


@pytest.mark.parametrize("name", ["status", "media_type", "value"])
def test_no_reason_repeats_what_was_read(name: str) -> None:
    secret = "5ec2e7" * 5
    with pytest.raises((ValueError, HashParseError)) as refused:
        record_of({**FIELDS, name: secret})
    assert secret not in str(refused.value)


@pytest.mark.parametrize(
    "line",
    [
        b'{"algorithm": "md5", "value": NaN}',
        b'{"algorithm": "a", "value": "\\ud800"}',
        b'{"algorithm": "md5"',
        b'["md5"]',
        b'{"algorithm": "a", "value": "\xff"}',
        b'{"a":' * 100_000,
        b'{"algorithm": "a", "value": "b", "raw": {"a": ' + b"[" * 64 + b"]" * 64 + b"}}",
        b'{"algorithm": "a", "value": "' + b"a" * (10 << 20) + b'"}',
    ],
    ids=["nan", "surrogate", "cut", "array", "bytes", "nested", "nested in raw", "long"],
)
def test_a_line_that_is_no_record_is_a_reject(line: bytes) -> None:
    good = json_of(FIELDS)
    reject, found = read("jsonl", line + b"\n" + good)
    assert isinstance(reject, Reject)
    assert found == Record(**FIELDS)


def test_json_lines_are_json_to_others() -> None:
    (line,) = written("jsonl", [FULL])[0].splitlines()
    fields = json.loads(line)
    assert fields["labels"][0] == {"scheme": "IWF", "version": "1", "region": "uk", "code": "A"}
    assert (fields["status"], fields["frame_time_s"]) == ("active", 1.5)
