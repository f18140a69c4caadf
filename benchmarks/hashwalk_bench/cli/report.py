"""``hashwalk bench report``: one page for people who decide, and the same as text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hashwalk.cli.console import printable
from hashwalk.errors import UsageError
from hashwalk_bench.cli.extra import require_extra

Run = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a measured run.")]
Output = Annotated[
    Path, typer.Option("-o", "--output", metavar="HTML", help="The page, such as report.html.")
]
Also = Annotated[
    list[str] | None,
    typer.Option(metavar="FORM", help="md, csv or json beside it; repeat or join with commas."),
]


def report(run: Run, output: Output, also: Also = None) -> None:
    """Write what a run measured as one page that asks no host for anything.

    The page has findings in sentences, tables, curves and thresholds to try; it opens in any
    browser, offline, and prints. It has no picture, path or hash. --also writes the tables as
    Markdown, as CSV with one row a figure, or as JSON, under the same name.
    """
    require_extra()
    from hashwalk_bench.report import ALSO, write_report

    forms = [form.strip().lower() for text in also or () for form in text.split(",")]
    if unknown := [form for form in forms if form not in ALSO]:
        raise UsageError(f"--also {unknown[0]}: it is {', '.join(ALSO)}")
    if output.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"{output}: the name of the page must end in .html")
    for path in write_report(run, output, dict.fromkeys(forms)):
        print(f"{printable(str(path))}: {_size(path.stat().st_size)}")


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"
