"""The report as text: Markdown, CSV and JSON, from the same tables as the page."""

from __future__ import annotations

import csv
import io
import json
import re

from hashwalk.csv_cells import escaped_row
from hashwalk_bench.report import words
from hashwalk_bench.report.contents import Contents
from hashwalk_bench.report.table import Cell, Table

CSV_COLUMNS = ("table", "row", "column", "text", "value", "low", "high", "hits", "trials", "note")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#])")


def markdown(report: Contents) -> str:
    """Return findings and tables as Markdown; texts of the run cannot become markup."""
    parts = ["# What each hash format finds and confuses", _plain(report.origin)]
    parts += [f"> **{w.question}:** {_plain(w.sentence)}" for w in report.warnings]
    for medium in report.media:
        parts += [f"## {medium.scope.things.capitalize()}"]
        parts += [f"**{f.question}.** {_plain(f.sentence)}" for f in medium.findings]
    parts += ["## How to read it", *report.reading]
    tables = [text for table in report.tables() for text in _markdown_table(table)]
    parts += ["## Tables", *tables] if tables else []
    parts += ["## Limits", "\n".join(f"- {_plain(text)}" for text in report.limits)]
    for title, lines in (("Corpus", report.corpus), ("Made with", report.made)):
        parts += [f"## {title}", "\n".join(f"- {_plain(k)}: {_plain(v)}" for k, v in lines)]
    return words.unbroken("\n\n".join(part for part in parts if part) + "\n")


def comma_separated(report: Contents) -> str:
    """Return every cell of every table as one row, safe to open in a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for table in report.tables():
        for row in table.rows:
            for column, cell in zip(table.columns[1:], row[1:], strict=True):
                writer.writerow(escaped_row((table.id, row[0].text, column.name, *_numbers(cell))))
    return out.getvalue()


def json_text(report: Contents) -> str:
    """Return findings and tables as JSON."""
    document = {
        "origin": report.origin,
        "warnings": {w.question: w.sentence for w in report.warnings},
        "findings": [
            {"medium": m.scope.medium, "question": f.question, "sentence": f.sentence}
            for m in report.media
            for f in m.findings
        ],
        "tables": [_json_table(table) for table in report.tables()],
        "corpus": dict(report.corpus),
        "made": dict(report.made),
        "limits": report.limits,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _markdown_table(table: Table) -> list[str]:
    lines = [[_plain(column.name) for column in table.columns]]
    lines += [["---:" if column.numeric else "---" for column in table.columns]]
    for number, row in enumerate(table.rows):
        if number in table.groups:
            lines.append([f"**{_plain(table.groups[number])}**", *[""] * (len(row) - 1)])
        lines.append([_with_detail(cell) for cell in row])
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return [f"### {_plain(table.caption)}", text, *map(_plain, table.notes)]


def _json_table(table: Table) -> dict[str, object]:
    names = [column.name for column in table.columns]
    rows = [
        {name: _json_cell(cell) for name, cell in zip(names, row, strict=True)}
        for row in table.rows
    ]
    return {"id": table.id, "caption": table.caption, "notes": list(table.notes), "rows": rows}


def _json_cell(cell: Cell) -> object:
    if cell.value is None and not cell.detail:
        return cell.text
    keys = ("text", "value", "low", "high", "hits", "trials", "note")
    told = zip(keys, _numbers(cell), strict=True)
    return {key: value for key, value in told if value not in (None, "")}


def _numbers(cell: Cell) -> tuple[object, ...]:
    note = cell.detail if cell.value is None or cell.hits == 0 else ""
    return cell.text, cell.value, cell.low, cell.high, cell.hits, cell.trials, note


def _with_detail(cell: Cell) -> str:
    return _plain(f"{cell.text} ({cell.detail})" if cell.detail else cell.text)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
