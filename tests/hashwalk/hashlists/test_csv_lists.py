"""CSV: rows of any spreadsheet, cells over several lines, and no formula."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk.errors import AmbiguousAlgorithmError, HashListError
from hashwalk.hashlists import Feedback, Loss, Record, Reject, Status
from hashwalk.hashlists.container import Told
from hashwalk.hashlists.containers import writer_named
from hashwalk.hashlists.csv_rows import csv_rows
from hashwalk.hashlists.flat_csv import FlatCsv
from hashwalk.results import Label

MD5 = hashlib.md5(b"a picture", usedforsecurity=False).hexdigest()
OTHER = hashlib.md5(b"another", usedforsecurity=False).hexdigest()


def read(text: str, algorithm: str | None = None) -> list[Record | Reject]:
    told = Told(name="list.csv", algorithm=algorithm)
    return list(FlatCsv().read(io.BytesIO(text.encode()), told))


def written(*records: Record) -> str:
    file, loss, writer = io.BytesIO(), Loss(), writer_named("csv")
    writer.write(file, loss.carried_by(writer, records), loss)
    return file.getvalue().decode()


def test_labels_and_feedback_have_columns_with_as_many_texts_each() -> None:
    record = Record(
        algorithm="md5",
        value=MD5,
        labels=(Label("IWF", "", "", "A"), Label("INHOPE", "3.1", "", "x|y")),
        feedback=(Feedback("7", "no", ("old", "a;b")), Feedback("8", "yes")),
    )
    (row,) = csv.DictReader(io.StringIO(written(record)))
    assert {name: cell for name, cell in row.items() if cell} == {
        "algorithm": "md5",
        "value": MD5,
        "status": "active",
        "label_scheme": "IWF|INHOPE",
        "label_version": "|3.1",
        "label_region": "|",
        "label_code": "A|x%7Cy",
        "feedback_source": "7|8",
        "feedback_value": "no|yes",
        "feedback_reasons": "old;a%3Bb|",
        "feedback_algorithm": "|",
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    text = f'{start}HYPERLINK("http://example.org","x")'
    label = Label(text, text, text, text)
    said = Feedback(text, text, (text,), text)
    record = Record(
        algorithm="their-hash", value=text, source=text, labels=(label,), feedback=(said,)
    )
    rows = list(csv.reader(io.StringIO(written(record), newline="")))
    assert not [cell for cell in rows[1] if cell.startswith(start)]
    assert read(written(record)) == [record]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_may_be_few_in_any_order_and_separated_as_spreadsheets_do(delimiter: str) -> None:
    header = delimiter.join(["Status", '"value"', "algorithm", "colour"])
    row = delimiter.join(["withdrawn", MD5, "md5", "red"])
    assert read(f"{header}\n\n{row}\n") == [
        Record(algorithm="md5", value=MD5, status=Status.WITHDRAWN, raw={"colour": "red"})
    ]


def test_values_alone_need_an_algorithm() -> None:
    with pytest.raises(AmbiguousAlgorithmError, match=r"list\.csv .* md5.* --algorithm") as raised:
        read(f"value\n{MD5}\nbroken\n")
    assert "md5" in raised.value.candidates
    assert MD5 not in str(raised.value)
    with pytest.raises(AmbiguousAlgorithmError, match="fit no format"):
        read("value\n?\n")
    found = read(f"value\n{MD5}\nbroken\n", "md5")
    assert found[0] == Record(algorithm="md5", value=MD5)
    assert isinstance(found[1], Reject)


def test_what_is_told_is_for_rows_without_an_algorithm_alone() -> None:
    rows = f"algorithm,value\nmd5,{MD5}\n,{OTHER}\n"
    named, unnamed = read(rows)
    assert isinstance(named, Record)
    assert isinstance(unnamed, Reject)
    found = read(rows, "netclean")
    assert [r.algorithm for r in found if isinstance(r, Record)] == ["md5", "netclean"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"md5,{MD5}", "2 cells where 5 columns are named"),
        (f"md5,{MD5},,,,", "6 cells where 5 columns are named"),
        (f'md5,"{MD5},,,', "a quote is not closed"),
        (f'md5,"{MD5}"x,,,', "not CSV"),
        (f"md5,{MD5},many,,", "quality is not a whole number"),
        (f"md5,{MD5},,x|y|z,A|B", "different numbers of texts"),
        (f"md5,{MD5},,,\udcff", "not UTF-8"),
        ("md5," + "a" * (10 << 20) + ",,,", "a line of over 4 MiB"),
    ],
    ids=["few", "many", "open quote", "quote inside", "number", "labels", "bytes", "long"],
)
def test_a_broken_row_costs_no_other(row: str, reason: str) -> None:
    rows = ["algorithm,value,quality,label_scheme,label_code", row, f"md5,{OTHER},,,"]
    data = "\n".join(rows).encode("utf-8", "surrogateescape")
    reject, found = FlatCsv().read(io.BytesIO(data), Told(name="list.csv"))
    assert isinstance(reject, Reject)
    assert reject.where == "line 2"
    assert reason in reject.reason
    assert found == Record(algorithm="md5", value=OTHER)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("a,b\n1,2\n", "no column value"), ("value,value\n1,2\n", "twice"), ("", "no column value")],
)
def test_a_table_without_its_columns_is_refused(text: str, reason: str) -> None:
    with pytest.raises(HashListError, match=reason):
        read(text)


CELLS = st.text(st.sampled_from('a,"\n\r '), max_size=6)


@settings(max_examples=200)
@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=4))
def test_rows_are_those_that_the_standard_library_reads(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    found = list(csv_rows(io.BytesIO(text.getvalue().encode())))
    assert [row.checked for row in found] == rows


def test_a_cell_may_have_more_lines_than_anyone_writes() -> None:
    """As the text of a long video's vPDQ hash does."""
    lines = "\n".join(["a line"] * 5_000)
    (row, after) = csv_rows(io.BytesIO(f'1,"{lines}"\n2,b\n'.encode()))
    assert row.cells == ["1", lines]
    assert (after.number, after.cells) == (5_001, ["2", "b"])


def test_where_no_quote_is_closed_each_line_is_a_row_again() -> None:
    broken, *others = csv_rows(io.BytesIO(b'"a\n' + b"b,c\n" * 1_000))
    assert broken.problem == "a quote is not closed"
    assert [row.cells for row in others] == [["b", "c"]] * 1_000
    assert "a" not in repr(broken).removeprefix("Row(1, 'a quote is not closed')")
