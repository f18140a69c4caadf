"""XML is read as a stream: nothing is expanded, nothing is fetched, memory is bounded."""

from __future__ import annotations

import io
from itertools import islice
from pathlib import Path

import pytest

from hashwalk.errors import HashListError
from hashwalk.hashlists.xml_elements import local_name, xml_elements

HIDDEN = "5eb63bbbe01eeed093cb22bb8f5acdc3"


def texts(document: bytes | str, *known: str) -> list[tuple[str, str]]:
    """Name and text of the children of `list` in the root `r`."""
    data = document.encode() if isinstance(document, str) else document
    elements = xml_elements(io.BytesIO(data), "a list", "r", ["list"], known or ["a"])
    return [(local_name(each), each.text or "") for each in elements]


def refusal(document: bytes | str) -> str:
    with pytest.raises(HashListError) as caught:
        texts(document)
    assert HIDDEN not in str(caught.value)
    return str(caught.value)


def laughs(at: str) -> str:
    """A document whose entities stand for 10^9 words, used in `at`."""
    bombs = [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    return f'<!DOCTYPE r [<!ENTITY l0 "{HIDDEN}">{"".join(bombs)}]>{at}'


def test_children_of_all_containers_come_in_order_also_those_of_unknown_names() -> None:
    document = "<r><list><a>1</a><b>2</b><a>3</a><c>4</c></list><list><a>5</a></list></r>"
    assert texts(document) == [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("a", "5")]


def test_what_else_lies_in_the_root_comes_last() -> None:
    document = "<r><other><a>1</a></other><list><a>2</a></list><a>3</a></r>"
    assert texts(document) == [("a", "2"), ("other", ""), ("a", "3")]


def test_elements_that_are_like_entries_within_one_stay_in_it() -> None:
    assert texts("<r><list><a>1<a>2</a></a><a>3</a></list></r>") == [("a", "1"), ("a", "3")]


def test_comments_and_processing_instructions_do_not_cut_a_text() -> None:
    assert texts("<r><list><a>1<!-- no -->2<?p no?>3</a></list></r>") == [("a", "123")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_declared_encoding_is_taken(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?><r><list><a>é</a></list></r>'
    assert texts(text.encode(encoding)) == [("a", "é")]


def test_bytes_that_are_not_of_the_declared_encoding_are_refused() -> None:
    start = '<?xml version="1.0" encoding="utf-8"?>\n<r><list>'
    assert "at line 2" in refusal(start.encode() + b"<a>\xe9\xff</a></list></r>")


@pytest.mark.parametrize(
    "document",
    [
        "<!DOCTYPE r><r><list><a>1</a></list></r>",
        f'<!DOCTYPE r [<!ENTITY e "{HIDDEN}">]><r><list><a>&e;</a></list></r>',
        '<!DOCTYPE r SYSTEM "http://example.invalid/r.dtd"><r/>',
        laughs("<r><list><a>&l9;</a></list></r>"),
    ],
    ids=["plain", "internal entity", "external subset", "billion laughs"],
)
def test_a_document_type_is_refused(document: str) -> None:
    assert "declares a document type" in refusal(document)


def test_entities_are_not_expanded_in_attributes_either() -> None:
    assert "a list" in refusal(laughs('<r a="&l9;"/>'))


def test_a_file_that_an_entity_names_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(HIDDEN)
    entity = f'<!ENTITY e SYSTEM "{(tmp_path / "secret.txt").as_uri()}">'
    assert "document type" in refusal(f"<!DOCTYPE r [{entity}]><r><list><a>&e;</a></list></r>")


def test_an_entity_that_is_not_declared_is_refused() -> None:
    assert "not well-formed" in refusal("<r><list><a>&nbsp;</a></list></r>")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (f"<r><list><a>{HIDDEN}", "breaks off"),
        (f"<r><list><a>{HIDDEN}</b></list></r>", "not well-formed"),
        (f"<r><list><a>{HIDDEN}</a></list></r><r/>", "not well-formed"),
        (f"<q><list><a>{HIDDEN}</a></list></q>", "its root is not r"),
        (f'<r xmlns="urn:x"><list><a>{HIDDEN}</a></list></r>', "its root is not r"),
        (f'{{"algorithm": "{HIDDEN}"}}', "not XML"),
        ("", "not XML"),
        (f"<!--{' ' * 70_000}--><r/>", "no element begins at its start"),
        (f"<r><list>{'<d>' * 300}{HIDDEN}{'</d>' * 300}</list></r>", "not well-formed"),
        (f"<r><list><a>{HIDDEN * 400_000}</a></list></r>", "not well-formed"),
    ],
    ids=[
        "cut",
        "wrong end",
        "two roots",
        "other root",
        "other namespace",
        "json",
        "empty",
        "late",
        "deep",
        "long",
    ],
)
def test_what_is_no_such_document_is_refused_without_repeating_it(
    document: str, reason: str
) -> None:
    assert reason in refusal(document)


def test_what_was_read_before_a_break_is_yielded() -> None:
    elements = xml_elements(io.BytesIO(b"<r><list><a>1</a><a>2"), "a list", "r", ["list"], ["a"])
    assert next(elements).text == "1"
    with pytest.raises(HashListError):
        next(elements)


class Endless(io.RawIOBase):
    """A document whose list never ends, made of one element again and again."""

    def __init__(self, element: bytes, end: int) -> None:
        self.element, self.left, self.begun = element, end, False

    def read(self, size: int = -1) -> bytes:
        start, self.begun = b"" if self.begun else b"<r><list>", True
        self.left -= size
        return start + (self.element * (size // len(self.element)) if self.left > 0 else b"")


def test_a_document_without_entries_is_refused_before_it_fills_the_memory() -> None:
    endless = Endless(b"<nothing/>", end=1 << 40)
    elements = xml_elements(endless, "a list", "r", ["list"], ["a"])  # type: ignore[arg-type]
    with pytest.raises(HashListError, match="16 MiB between two entries"):
        list(elements)


def test_elements_are_gone_once_the_next_one_is_asked_for() -> None:
    endless = Endless(b"<a>1</a>", end=1 << 20)
    elements = xml_elements(endless, "a list", "r", ["list"], ["a"])  # type: ignore[arg-type]
    for each in islice(elements, 1 << 16):
        assert each.getprevious() is None
    assert len(each.getparent()) < 1 << 14
