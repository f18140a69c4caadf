"""Where a report comes from and goes to: a run's measures in, one file a form out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from hashwalk.durable import written_whole
from hashwalk_bench.measure.measuring import read_measures
from hashwalk_bench.report.contents import Contents, contents
from hashwalk_bench.report.forms import comma_separated, json_text, markdown
from hashwalk_bench.report.page import page

ALSO: dict[str, Callable[[Contents], str]] = {
    "md": markdown,
    "json": json_text,
    "csv": comma_separated,
}
"""The forms beside the page, by suffix."""


def write_report(run: Path, output: Path, also: Iterable[str] = ()) -> list[Path]:
    """Write the page, and the forms of `also` beside it, and return what was written.

    Raises RunError where `run` has no readable measures.
    """
    measures = read_measures(run)
    report = contents(measures)
    texts = {output: page(report, measures)}
    texts |= {output.with_suffix(f".{form}"): ALSO[form](report) for form in also}
    for path, text in texts.items():
        with written_whole(path) as file:
            file.write(text.encode())
    return list(texts)
