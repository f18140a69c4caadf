"""INTERPOL's ICSE export: a row's hashes, with its identity, kind and Baseline."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.errors import HashListError, UsageError
from hashwalk.hashlists import MediaType, Record, Reject, write_list
from hashwalk.hashlists.containers import reader_of
from hashwalk.hashlists.reading import read_items
from hashwalk.hashlists.values import hash_of
from hashwalk.results import Label

MD5 = hashlib.md5(b"a medium", usedforsecurity=False).hexdigest()
SHA1 = hashlib.sha1(b"a medium", usedforsecurity=False).hexdigest()
BITS = (hashlib.sha256(b"a medium").digest() * 5)[:144]
PDNA = base64.b64encode(BITS).decode()
HEADER = (
    "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;"
    "Series name;Number of submissions;File Available;Media Type;Baseline"
)

Items = Callable[[str | bytes], list[Record | Reject]]


@pytest.fixture
def items(tmp_path: Path) -> Items:
    """Read rows under the header; the container must be told by the content."""

    def read(document: str | bytes) -> list[Record | Reject]:
        path = tmp_path / "list.bin"
        path.write_bytes(document.encode() if isinstance(document, str) else document)
        assert reader_of(path).name == "icse"
        return list(read_items(path))

    return read


def row(md5: str = MD5, sha1: str = SHA1, pdna: str = PDNA, identity: str = "77") -> str:
    return f'{md5};{sha1};{pdna};{identity};Yes;no;;"a; ""series""";3;Y;Image;Yes'


def listed(*rows: str) -> str:
    return "\n".join([HEADER, *rows, ""])


def test_each_hash_of_a_row_is_a_record_of_that_medium(items: Items) -> None:
    found = [each for each in items(listed(row())) if isinstance(each, Record)]
    assert [(each.algorithm, each.value) for each in found] == [
        ("md5", MD5),
        ("sha1", SHA1),
        ("photodna", PDNA),
    ]
    for each in found:
        assert each.entry == ("icse", None, "77")
        assert each.media_uid == found[0].media_uid
        assert each.media_type is MediaType.PICTURE
        assert each.labels == (Label("interpol-baseline", "", "", "Yes"),)
        assert each.raw is not None
        assert each.raw["Series name"] == 'a; "series"'
        assert each.raw["Victim identified"] == "no"


@pytest.mark.parametrize("text", [PDNA, BITS.hex(), BITS.hex().upper()])
def test_photodna_is_base64_or_hexadecimal(items: Items, text: str) -> None:
    (record,) = items(listed(row("", "", text)))
    assert isinstance(record, Record)
    assert record.value == text
    parsed = hash_of(record)
    assert parsed is not None
    assert parsed.value == BITS


@pytest.mark.parametrize(
    ("told", "kind"),
    [("video", MediaType.VIDEO), ("IMAGE", MediaType.PICTURE), ("", None), ("Bild", None)],
)
def test_the_media_type_is_told_only_where_it_is_known(
    items: Items, told: str, kind: MediaType | None
) -> None:
    (record,) = items(listed(row(sha1="", pdna="").replace(";Image;", f";{told};")))
    assert isinstance(record, Record)
    assert record.media_type is kind


def test_columns_are_told_by_name_and_unknown_ones_are_kept(items: Items) -> None:
    (record,) = items(f"New;Image ID;photodna;sha1;md5\nmore;5;;;{MD5}\n")
    assert isinstance(record, Record)
    assert (record.entry_id, record.value, record.labels) == ("5", MD5, ())
    assert record.raw is not None
    assert record.raw["New"] == "more"


def test_a_byte_order_mark_and_other_line_ends_change_nothing(items: Items) -> None:
    document = listed(row(), row(identity="78"))
    other = b"\xef\xbb\xbf" + document.replace("\n", "\r\n").encode()
    assert items(other) == items(document)


def test_an_identity_that_comes_twice_is_told_twice(items: Items) -> None:
    assert len(items(listed(row(), row()))) == 6


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row("no hash", "", ""), "md5"),
        (row("", "", PDNA[4:]), "photodna"),
        (row("", "", ""), "there is no hash"),
        (f"{MD5};{SHA1}", "2 cells instead of 12"),
        (f"{row()};", "13 cells instead of 12"),
        (f'"{row()}', "a quote is not closed"),
        (row("", "", PDNA * 50_000), "MiB"),
    ],
)
def test_a_bad_row_costs_only_itself(items: Items, bad: str, reason: str) -> None:
    found = items(listed(row(), bad, row(identity="78")))
    (reject,) = (each for each in found if isinstance(each, Reject))
    assert reason in reject.reason
    assert reject.where == "line 3"
    assert not any(value in reject.reason for value in (MD5, SHA1, PDNA[4:]))
    assert len(found) == 7


def test_a_row_that_is_not_utf_8_is_rejected(items: Items) -> None:
    reject, *rest = items(listed(row(), row()).encode().replace(b"series", b"s\xe9rie", 1))
    assert isinstance(reject, Reject)
    assert len(rest) == 3


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("MD5;SHA1\n")
    with pytest.raises(HashListError, match="has no header with image id, md5, photodna, sha1"):
        list(read_items(path, container="icse"))


def test_it_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="icse lists can be read, not written"):
        write_list([], tmp_path / "out.csv", "icse")


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6).map(str.strip)


@given(st.lists(st.tuples(st.binary(min_size=16, max_size=16).map(bytes.hex), CELLS)))
def test_any_text_in_other_cells_leaves_the_hashes_alone(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    quoted = [(md5, cell.replace('"', '""')) for md5, cell in rows]
    lines = [f'{md5};;;"{cell}";;;;"{cell}";;;;' for md5, cell in quoted]
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    path.write_text(listed(*lines), encoding="utf-8", newline="")
    found = [each for each in read_items(path, container="icse") if isinstance(each, Record)]
    assert [(each.value, each.entry_id or "") for each in found] == rows
