"""Items of a JSON document come one by one, in bounded memory; only malformed ones fall out."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.errors import HashListError
from hashwalk.hashlists.json_items import MOST_BYTES_AT_ONCE, Item, json_items

RECORDS = "$.records[*]"


def items(document: str | bytes, *places: str) -> list[Item]:
    data = document.encode() if isinstance(document, str) else document
    return list(json_items(io.BytesIO(data), "a list", *(places or (RECORDS,))))


def places_and_values(document: str | bytes, *places: str) -> list[tuple[str, Any]]:
    return [(item.where, item.value) for item in items(document, *places)]


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(JSON_VALUES))
def test_items_are_what_the_json_of_the_standard_library_says(values: list[Any]) -> None:
    document = json.dumps({"count": 1, "records": values, "more": {"a": [1]}})
    found = items(document)
    assert [item.value for item in found] == json.loads(document)["records"]
    assert [item.where for item in found] == [f"$.records[{n}]" for n in range(len(values))]


def test_items_know_the_objects_around_them() -> None:
    (found,) = items('{"version": "1.3", "records": [{"a": 1}], "records2": 3}')
    assert found.around[0]["version"] == "1.3"


def test_inner_items_come_first_and_are_not_repeated_in_the_outer_one() -> None:
    document = '{"value": [{"Case": 7, "Media": [{"M": 1}, {"M": 2}]}, {"M": 3, "Tags": ["t"]}]}'
    assert places_and_values(document, "$.value[*]", "$.value[*].Media[*]") == [
        ("$.value[0].Media[0]", {"M": 1}),
        ("$.value[0].Media[1]", {"M": 2}),
        ("$.value[0]", {"Case": 7}),
        ("$.value[1]", {"M": 3, "Tags": ["t"]}),
    ]


def test_a_document_may_be_one_item_or_an_array_or_several_documents() -> None:
    assert places_and_values('{"a": 1}', "$", "$[*]") == [("$", {"a": 1})]
    assert places_and_values('[{"a": 1}]', "$", "$[*]") == [("$[0]", {"a": 1})]
    assert places_and_values('{"a": 1}\r\n{"a": 2}\r\n', "$", "$[*]") == [
        ("$", {"a": 1}),
        ("document 2: $", {"a": 2}),
    ]


def test_a_byte_order_mark_and_blanks_are_skipped() -> None:
    assert places_and_values(b'\xef\xbb\xbf\r\n {"records": [1]}\r\n') == [("$.records[0]", 1)]


@pytest.mark.parametrize("empty", ['{"records": []}', '{"records": null}'])
def test_no_items_are_no_error(empty: str) -> None:
    assert items(empty) == []


@pytest.mark.parametrize("other", ['{"else": [1]}', "[1, 2]", '{"records": {}}', "null", "7"])
def test_a_document_without_the_place_is_refused_by_its_name(other: str) -> None:
    with pytest.raises(HashListError, match=r"a list has no \$\.records\[\*\] in it"):
        items(other)


@pytest.mark.parametrize(
    "broken",
    [
        '{"records": [{"a": "secret"}, {"a": "sec',
        '{"records": [{"a": "secret"}, {"a": NaN}]}',
        '{"records": [{"a": "secret"}]} secret',
        b'{"records": [{"a": "secret"}, "secret \xff"]}',
        '{"records": [{"a": "secret"}, 1' + "0" * 5000 + "]}",
        '{"records": [{"a": "secret"},' + "[" * 100_000,
    ],
)
def test_what_breaks_off_or_is_not_json_stops_with_a_place_and_no_content(
    broken: str | bytes,
) -> None:
    with pytest.raises(HashListError, match=r"breaks off or is not JSON") as caught:
        items(broken)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_number_that_python_refuses_leaves_the_process_sound() -> None:
    """Its error used to stay pending while other code ran, until that crashed."""
    broken = '{"records": [{"a": "secret"}, 1' + "0" * 5000 + "]}"
    for _ in range(300):
        with pytest.raises(HashListError, match="breaks off or is not JSON"):
            items(broken)


@pytest.mark.parametrize("text", ["", "secret", "<xml/>", "\x00\x01", "{", '"'])
def test_what_is_no_json_at_all_is_refused(text: str) -> None:
    with pytest.raises(HashListError, match="breaks off or is not JSON from the start"):
        items(text)


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ('"' + "a" * 10_000_000 + '"', "over 4 MiB"),
        ("[" + "[]," * 1_500_000 + "[]]", "over 4 MiB"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('{"a":' * 1_000 + "1" + "}" * 1_000, "nested too deeply"),
        ('{"a": 1e999}', "a number out of range"),
    ],
)
def test_an_item_that_is_too_much_has_a_problem_and_the_next_one_is_read(
    item: str, problem: str
) -> None:
    bad, good = items(f'{{"records": [{item}, {{"a": 1}}]}}')
    assert (bad.problem, bad.value, bad.text) == (problem, None, "")
    with pytest.raises(ValueError, match=problem):
        bad.checked  # noqa: B018
    assert good.checked == {"a": 1}


def test_a_field_beside_the_items_that_is_too_deep_leaves_them_alone() -> None:
    assert places_and_values('{"x":' + "[" * 999 + "]" * 999 + ',"records":[1]}') == [
        ("$.records[0]", 1)
    ]


def test_an_item_that_is_no_object_is_told_when_its_fields_are_asked() -> None:
    with pytest.raises(ValueError, match="not a JSON object"):
        items('{"records": ["secret"]}')[0].checked  # noqa: B018


class _Endless(io.RawIOBase):
    """A file that goes on as long as it is read."""

    def __init__(self, start: bytes, more: bytes) -> None:
        self._chunks = self._all(start, more)
        self.given = 0

    def _all(self, start: bytes, more: bytes) -> Iterator[bytes]:
        yield start
        while True:
            yield more

    def read(self, size: int = -1) -> bytes:
        data = next(self._chunks) if size else b""
        self.given += len(data)
        return data


def test_what_never_comes_to_an_end_is_given_up_in_time() -> None:
    file = _Endless(b'{"records": [1, {', b'"a":1,' * 8_000)
    found = json_items(file, "a list", RECORDS)  # type: ignore[arg-type]
    with pytest.raises(HashListError, match="MiB between two records"):
        list(found)
    assert file.given < 2 * MOST_BYTES_AT_ONCE


def test_memory_does_not_grow_with_the_number_of_items() -> None:
    file = _Endless(b'{"records": [1', b',{"a": "b"}' * 4_000)
    found = json_items(file, "a list", RECORDS)  # type: ignore[arg-type]
    for _ in range(1_000):
        next(found)
    tracemalloc.start()
    for _ in range(50_000):
        next(found)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20
