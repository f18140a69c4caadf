"""``hashwalk crosswalk``: look at cross-walks, hand them on, join them, verify them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashwalk.cli.console import complain, counted, print_json
from hashwalk.cli.errors import SOME_FAILED
from hashwalk.cli.format_ids import FormatIds

if TYPE_CHECKING:
    from hashwalk.crosswalk import Crosswalk, Merged

app = typer.Typer(
    help="Look at a cross-walk, export, merge, verify or compact it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Path_ = Annotated[Path, typer.Argument(metavar="CROSSWALK", help="The folder of a cross-walk.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def show(
    path: Path_,
    limit: Annotated[int, typer.Option(min=0, metavar="N", help="How many files.")] = 10,
    format_ids: FormatIds = None,
    as_json: Json = False,
) -> None:
    """Show what a cross-walk was made with, and its first files with abbreviated hashes.

    In the JSON the SHA-256 and MD5 that identify a file are whole, its hashes abbreviated too.
    """
    from hashwalk.cli.crosswalk_view import first_media, print_manifest, print_media

    crosswalk = _open(path)
    wanted = _known(format_ids, crosswalk)
    files = crosswalk.count_files()
    shown = first_media(crosswalk, min(limit, files), wanted)
    if as_json:
        rows = [{**asdict(item.media), "hashes": item.values} for item in shown]
        print_json({**asdict(crosswalk.manifest), "files": files, "media": rows}, indent=2)
        return
    print_manifest(crosswalk, files)
    if shown:
        print_media(shown, wanted, keep_empty=format_ids is not None)
    if files > len(shown):
        more = counted(files - len(shown), "more file")
        print(f"\n… and {more}; --limit {files} shows all")


@app.command()
def coverage(path: Path_, as_json: Json = False) -> None:
    """Count the media that have each format and each two formats, and what failed.

    Media are counted by their bytes (SHA-256), so the same bytes under two names are one.
    VALUES are different hashes; SHARED are those that several media have (exact collisions),
    BY MEDIA how many media those are.
    """
    from hashwalk.cli.crosswalk_view import print_coverage

    measured = _open(path).coverage()
    if as_json:
        print_json(asdict(measured), indent=2)
    else:
        print_coverage(measured)


@app.command()
def export(
    path: Path_,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="To write.")],
    kind: Annotated[
        str | None,
        typer.Option("--as", metavar="KIND", help="csv, jsonl or parquet; default: by the name."),
    ] = None,
) -> None:
    """Write a table with a row a media item and a column a format.

    In CSV, a cell that a spreadsheet would take for a formula begins with an apostrophe. The
    file is readable by its owner alone.
    """
    rows = _open(path).export(output, kind or output.suffix.lstrip(".").lower())
    complain(f"{rows:,} media into {output}")


@app.command()
def merge(
    output: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder.")],
    members: Annotated[list[Path], typer.Argument(metavar="CROSSWALK...", help="To join.")],
    on_conflict: Annotated[
        str,
        typer.Option(metavar="error|first", help="When members have different hashes."),
    ] = "error",
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to list conflicts, as JSON lines.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Join the cross-walks of several members into a new one.

    The same bytes become one media item with all their names. A name that stands for different
    bytes in two members keeps the first member's, the others get # and the member's name.
    """
    from hashwalk.crosswalk import merge_crosswalks
    from hashwalk.errors import CrosswalkConflictError

    _check_report(report, output)
    try:
        merged = merge_crosswalks(output, members, on_conflict=on_conflict)
    except CrosswalkConflictError as error:
        _write_conflicts(report, error.conflicts)
        raise
    _write_conflicts(report, merged.conflicts)
    if as_json:
        print_json({**asdict(merged), "conflicts": len(merged.conflicts)}, indent=2)
    else:
        print(_merged_line(merged))


@app.command()
def verify(
    path: Path_,
    sample: Annotated[
        int, typer.Option(min=0, metavar="N", help="Re-hash N media files and compare.")
    ] = 0,
    seed: Annotated[int, typer.Option(metavar="N", help="Which files are picked.")] = 0,
    as_json: Json = False,
) -> None:
    """Re-read every part and check schema, keys and lengths.

    Problems are printed a line each, and the exit code is 3 when there are any.
    """
    found = _open(path).verify(sample=min(sample, sys.maxsize), seed=seed)
    if as_json:
        print_json(asdict(found), indent=2)
    else:
        for problem in found.problems:
            print(problem)
        rows = ", ".join(f"{table} {count:,}" for table, count in found.rows.items())
        problems = counted(len(found.problems), "problem")
        print(f"{counted(found.parts, 'part')} read (rows: {rows}), {problems}")
        if sample:
            files = counted(found.compared, "file")
            print(f"{files} re-hashed, {found.unavailable:,} gone or changed")
    if found.problems:
        raise typer.Exit(SOME_FAILED)


@app.command()
def compact(path: Path_) -> None:
    """Rewrite the parts of many runs as one, without rows that newer ones hide."""
    from hashwalk.crosswalk import compact_crosswalk

    before, after = compact_crosswalk(path)
    print(f"{before:,} parts became {after:,}")


def _merged_line(merged: Merged) -> str:
    told = [
        counted(merged.files, "file"),
        f"{merged.media:,} media",
        counted(merged.hashes, "hash", "hashes"),
        counted(merged.failures, "failure"),
        f"{merged.renamed:,} renamed",
        counted(len(merged.conflicts), "conflict"),
    ]
    return ", ".join(told)


def _open(path: Path) -> Crosswalk:
    from hashwalk.crosswalk import Crosswalk

    return Crosswalk.open(path)


def _known(format_ids: list[str] | None, crosswalk: Crosswalk) -> list[str]:
    """Return the formats asked for; raise UsageError for one the cross-walk does not have."""
    from hashwalk.errors import UsageError

    known = sorted(crosswalk.manifest.formats)
    for format_id in format_ids or ():
        if format_id not in known:
            raise UsageError(f"{crosswalk.path} has no {format_id!r}; it has {', '.join(known)}")
    return format_ids or known


def _check_report(report: Path | None, output: Path) -> None:
    if report is not None:
        from hashwalk.crosswalk.target import check_target
        from hashwalk.errors import UsageError

        check_target(report)
        if report.resolve().is_relative_to(output.resolve()):
            raise UsageError(f"the report {report} cannot be in {output}, which is to be made")


def _write_conflicts(
    report: Path | None, conflicts: tuple[tuple[str, str, tuple[str, str]], ...]
) -> None:
    if report is not None:
        from hashwalk.durable import written_whole

        with written_whole(report) as file:
            for sha256, format_id, members in conflicts:
                row = {"sha256": sha256, "format": format_id, "members": members}
                file.write(json.dumps(row).encode() + b"\n")
