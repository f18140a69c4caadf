"""The same tables as Markdown, CSV and JSON, safe to open elsewhere."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import msgspec
import pytest

from hashwalk_bench.measure.model import Cost, Measured, Measures
from hashwalk_bench.report.contents import Contents, contents
from hashwalk_bench.report.facts import milliseconds
from hashwalk_bench.report.forms import CSV_COLUMNS, comma_separated, json_text, markdown
from hashwalk_bench.report.table import collisions
from hashwalk_bench.statistics.proportions import exact_rate


@pytest.fixture(scope="module")
def report(simulate: Callable[..., Measures]) -> Contents:
    return contents(simulate())


def test_csv_has_every_cell_of_every_table_with_its_numbers(report: Contents) -> None:
    header, *rows = csv.reader(io.StringIO(comma_separated(report)))
    assert tuple(header) == CSV_COLUMNS
    assert len(rows) == sum(len(t.rows) * (len(t.columns) - 1) for t in report.tables())
    told = next(dict(zip(header, row, strict=True)) for row in rows if row[0] == "heat-picture")
    assert float(told["low"]) <= float(told["value"]) <= float(told["high"])
    assert float(told["value"]) == int(told["hits"]) / int(told["trials"])


def test_a_format_named_like_a_formula_is_no_formula_in_csv(
    simulate: Callable[..., Measures],
) -> None:
    hostile = contents(simulate(pictures={"=HYPERLINK(1)": (64, 10.0, 0.5)}, videos={}, ladders=1))
    cells = [cell for row in csv.reader(io.StringIO(comma_separated(hostile))) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+HYP"))]


def test_json_has_the_findings_and_the_tables(report: Contents) -> None:
    told = json.loads(json_text(report))
    assert {each["id"] for each in told["tables"]} == {table.id for table in report.tables()}
    assert "Synthetic corpus" in told["warnings"]
    (row, *_) = next(t for t in told["tables"] if t["id"] == "summary-picture")["rows"]
    assert row["Found, as published"]["low"] <= row["Found, as published"]["value"]


def test_markdown_has_tables_of_equal_rows_and_no_markup_of_the_run(
    simulate: Callable[..., Measures],
) -> None:
    measures = simulate(ladders=2)
    words = dict.fromkeys(measures.transforms, "<b>a|b</b>\n# head")
    text = markdown(contents(msgspec.structs.replace(measures, transforms=words)))
    assert r"\<b\>a\|b\</b\> \# head" in text
    assert "\n# head" not in text
    heads = [line for line in text.splitlines() if line.startswith("| Edit |")]
    assert len(heads) == 2


def test_files_left_out_of_the_corpus_are_counted(simulate: Callable[..., Measures]) -> None:
    measures = simulate(ladders=1)
    corpus = msgspec.structs.replace(measures.corpus, left_out=1)
    report = contents(msgspec.structs.replace(measures, corpus=corpus))
    told = json.loads(json_text(report))["corpus"]
    assert told["Left out"].startswith("1 file: ")
    assert told["Near-duplicates"].startswith("1 group, ")
    assert "Left out" not in json.loads(json_text(contents(measures)))["corpus"]


def test_every_form_has_the_limits_of_these_measures(simulate: Callable[..., Measures]) -> None:
    limits = ("No pair of two members was compared.", "A second <limit>.")
    report = contents(msgspec.structs.replace(simulate(ladders=1), limits=limits))
    assert json.loads(json_text(report))["limits"][:2] == [*limits]
    text = markdown(report)
    assert "## Limits\n\n- No pair of two members was compared.\n- A second \\<limit\\>." in text


def test_a_handful_of_collisions_is_counted_in_tables() -> None:
    assert collisions(exact_rate(1, 334_654)).text == "1 of 334,654 pairs"
    assert collisions(exact_rate(10, 100_000)).text == "1.0 × 10⁻⁴"
    assert collisions(exact_rate(1, 334_654)).value == pytest.approx(1 / 334_654)


def test_places_in_clips_are_told_of_edits_in_words(simulate: Callable[..., Measures]) -> None:
    said = {"trim(share=0.2)": "20 % trimmed off the start"}
    report = contents(msgspec.structs.replace(simulate(ladders=1), transforms=said))
    (table,) = [t for t in report.tables() if t.id == "localised-video"]
    assert [row[1].text for row in table.rows] == ["20 % trimmed off the start"]


def test_a_cost_within_that_of_decoding_is_not_nothing() -> None:
    free = Cost(items=6, milliseconds=0.0, decode_milliseconds=27.6, times_real_time=None, bytes=41)
    assert milliseconds(free).text == "not more than decoding"
    assert milliseconds(msgspec.structs.replace(free, milliseconds=2.165)).text == "2.17"
    assert milliseconds(msgspec.structs.replace(free, milliseconds=None)).text == "-"


def test_times_real_time_is_told_of_videos_alone(report: Contents) -> None:
    heads = {t.id: [c.name for c in t.columns] for t in report.tables() if "cost" in t.id}
    assert [name for name, own in heads.items() if any("real time" in n for n in own)] == [
        "cost-video"
    ]


def test_published_means_stand_beside_edits_of_all_sides_alone(
    simulate: Callable[..., Measures],
) -> None:
    """The study cropped all sides; a crop of one corner is another edit."""
    measures = simulate(pictures={"phash": (64, 10.0, 0.6)}, videos={}, ladders=3)
    corner = {"crop(share=0.1)": "crop(share=0.1,sides=top-left)"}
    formats = tuple(_renamed(m, corner) for m in measures.formats)
    said = {"crop(share=0.25)": "crop by 25 %"}
    report = contents(msgspec.structs.replace(measures, formats=formats, transforms=said))
    (table,) = [t for t in report.tables() if t.id == "published-distances"]
    crops = [row[1].text for row in table.rows if row[2].text == "0.1686"]
    assert crops == ["crop(share=0.02)", "crop by 25 %"]


def _renamed(measured: Measured, names: dict[str, str]) -> Measured:
    edited = tuple(
        msgspec.structs.replace(e, transform=names.get(e.transform, e.transform))
        for e in measured.edited
    )
    return msgspec.structs.replace(measured, edited=edited)


def test_ids_of_tables_are_unique(report: Contents) -> None:
    names = [table.id for table in report.tables()]
    assert len(names) == len(set(names))
    assert all(len(row) == len(t.columns) for t in report.tables() for row in t.rows)
