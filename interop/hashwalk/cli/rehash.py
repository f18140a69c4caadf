"""``hashwalk rehash``: many files into a cross-walk."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hashwalk.cli.console import complain
from hashwalk.cli.errors import INTERRUPTED, SOME_FAILED
from hashwalk.cli.format_ids import FormatIds
from hashwalk.cli.rehash_report import FailedItems, closing_lines, print_summary
from hashwalk.cli.rehash_view import view
from hashwalk.cli.stopping import stopped_by_signals

Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Files, folders, patterns; - reads paths from stdin."),
]
Output = Annotated[
    str, typer.Option("-o", "--output", metavar="CROSSWALK", help="A new folder, or to go on.")
]
Workers = Annotated[
    int | None, typer.Option(metavar="N", help="Processes; default: one a processor.")
]
Timeout = Annotated[float, typer.Option(metavar="S", help="Seconds for one file.")]
MaxMemory = Annotated[int, typer.Option(metavar="MIB", help="Memory for one file.")]
MaxPixels = Annotated[int, typer.Option(metavar="N", help="Refuse larger pictures.")]
Labels = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Labels by path or SHA-256: CSV or JSONL.")
]
RetryFailed = Annotated[
    bool, typer.Option("--retry-failed", help="Also try again what failed before.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Tell failures only.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON summary.")]


def rehash(  # noqa: PLR0917 - each is an option
    paths: Paths,
    output: Output,
    format_ids: FormatIds = None,
    workers: Workers = None,
    timeout: Timeout = 300.0,
    max_memory: MaxMemory = 6144,
    max_pixels: MaxPixels = 200_000_000,
    labels: Labels = None,
    retry_failed: RetryFailed = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Re-hash pictures and videos into a cross-walk, and keep it up to date.

    The same command again does only what is missing: files that are new or changed, formats
    that were added. It may be killed at any moment; Ctrl-C writes what is finished first.
    The exit code is 3 when some files failed, now or earlier.
    """
    with stopped_by_signals() as stop, FailedItems(kept=as_json) as failed:
        from hashwalk.job import rehash as run

        with view(quiet=quiet) as shown:
            summary = run(
                paths,
                output,
                formats=format_ids,
                workers=workers,
                timeout_s=timeout,
                max_memory_mib=max_memory,
                max_pixels=max_pixels,
                labels=labels,
                retry_failed=retry_failed,
                stdin=sys.stdin.buffer if sys.stdin else None,
                stop=stop,
                on_progress=None if quiet else shown.progress,
                on_failure=failed.keep if as_json else shown.failure,
            )
        for line in closing_lines(summary, labels, quiet=quiet):
            complain(line)
        if as_json:
            print_summary(summary, output, failed)
    if summary.interrupted:
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(SOME_FAILED if summary.has_failures else 0)
