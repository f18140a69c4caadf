"""``hashwalk bench run``: every edit of every picture and video, hashed and measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hashwalk.cli.console import complain
from hashwalk.cli.errors import INTERRUPTED, SOME_FAILED
from hashwalk.cli.format_ids import FormatIds
from hashwalk.cli.stopping import stopped_by_signals
from hashwalk_bench.cli.extra import require_extra
from hashwalk_bench.cli.run_view import shown_progress, tell_end

Media = Annotated[
    Path, typer.Option("--media", metavar="DIR", help="A folder of pictures and videos.")
]
Output = Annotated[
    Path, typer.Option("-o", "--output", metavar="RUN", help="A new folder, or to go on.")
]
SuiteName = Annotated[
    str,
    typer.Option("--suite", metavar="SUITE", help="quick, standard, full, or a TOML file."),
]
Seed = Annotated[int, typer.Option(metavar="N", help="The same seed gives the same results.")]
Workers = Annotated[
    int | None, typer.Option(metavar="N", help="Processes; default: one a processor.")
]
KeepVariants = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Keep what is made there, by source.")
]
Timeout = Annotated[float, typer.Option(metavar="S", help="Seconds to make and hash a variant.")]
MaxMemory = Annotated[int, typer.Option(metavar="MIB", help="Memory to make and hash a variant.")]
MaxPixels = Annotated[int, typer.Option(metavar="N", help="Refuse larger pictures.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Tell failures and results only.")]


def run(  # noqa: PLR0917 - each is an option
    media: Media,
    output: Output,
    suite: SuiteName = "standard",
    format_ids: FormatIds = None,
    seed: Seed = 0,
    workers: Workers = None,
    keep_variants: KeepVariants = None,
    timeout: Timeout = 300.0,
    max_memory: MaxMemory = 6144,
    max_pixels: MaxPixels = 200_000_000,
    quiet: Quiet = False,
) -> None:
    """Make edited copies of pictures and videos, hash them, and measure what is found.

    Near-duplicates among the media are found first and count as one. Results are Parquet files
    in RUN; the same media, suite and seed give the same ones. It may be killed at any moment:
    the same command goes on. Variants are deleted unless they are to be kept; a run that goes on
    keeps those it still makes. Without -f the formats are those of the suite. The exit code is 3
    when variants could not be made or hashed.
    """
    require_extra()
    from hashwalk_bench.cli.measured_table import measure_and_print
    from hashwalk_bench.running.asked import Asked
    from hashwalk_bench.running.benchmark import run_benchmark

    asked = Asked(
        media=media,
        folder=output,
        suite=suite,
        formats=None if format_ids is None else tuple(format_ids),
        seed=seed,
        workers=workers,
        kept=keep_variants,
        timeout_s=timeout,
        memory_mib=max_memory,
        max_pixels=max_pixels,
    )
    tell = _passed_over if quiet else complain
    with stopped_by_signals() as stop:
        with shown_progress(quiet=quiet) as on_progress:
            done = run_benchmark(
                asked, stop=stop, on_progress=on_progress, on_news=tell, on_left_out=complain
            )
        if not done.finished:
            complain(f"stopped: {done.items:,} of {done.total:,} done; the same command goes on")
            raise typer.Exit(INTERRUPTED)
    measure_and_print(output, quiet=quiet)
    failed = tell_end(output, done, quiet=quiet)
    raise typer.Exit(SOME_FAILED if failed else 0)


def _passed_over(_line: str) -> None:
    pass
