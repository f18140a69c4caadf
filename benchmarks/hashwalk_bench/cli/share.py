"""``hashwalk bench share`` and ``pool``: members pool their figures without sharing media."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hashwalk.cli.console import complain, counted
from hashwalk.errors import UsageError
from hashwalk_bench.cli.extra import require_extra

Run = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished run.")]
Counts = Annotated[
    Path, typer.Option("-o", "--output", metavar="COUNTS", help="The JSON to write.")
]
Smallest = Annotated[
    int, typer.Option("-k", "--smallest", metavar="K", help="Share no count of 1 to K - 1.")
]
Members = Annotated[
    list[Path], typer.Argument(metavar="COUNTS...", help="What members shared, two or more.")
]
Pooled = Annotated[Path, typer.Option("-o", "--output", metavar="RUN", help="A new folder.")]


def share(run: Run, output: Counts, smallest: Smallest = 5) -> None:
    """Write the counts of a run for others to pool: no media, no path, no hash.

    Counts of 1 to K - 1 are added to their neighbours or left out.
    """
    if smallest < 1:
        raise UsageError(f"-k {smallest} is no count: 1 shares every one")
    require_extra()
    from hashwalk_bench.measure.measuring import read_measures
    from hashwalk_bench.sharing.counting import shared_of
    from hashwalk_bench.sharing.reading import write_shared

    measures = read_measures(run)
    shared = shared_of(run, measures, smallest)
    write_shared(output, shared)
    complain(f"counts of {counted(len(shared.formats), 'format')} in {output}")
    if shared.left_out:
        complain(f"{counted(shared.left_out, 'row')} too small to share, left out")
    told = {each.format for each in shared.formats if any(each.edited.values())}
    without = sorted({each.format for each in measures.formats} - told)
    if without:
        complain(f"too few sources to share what these find: {', '.join(without)}; see -k")


def pool(members: Members, output: Pooled) -> None:
    """Add up what members shared, as one run for `report`, `compare` and `calibrate`.

    Pairs of two members' media were never compared; the report says how many those are.
    """
    require_extra()
    from hashwalk.durable import make_private_folder
    from hashwalk_bench.measure.measuring import write_measures
    from hashwalk_bench.sharing.pooling import pooled
    from hashwalk_bench.sharing.reading import check_alike, read_shared

    if len(members) < 2:
        raise UsageError("one file of counts is nothing to add up: give two or more")
    if len({path.resolve() for path in members}) < len(members):
        raise UsageError("one file of counts is given twice: each member counts once")
    if output.exists() and any(output.iterdir() if output.is_dir() else [output]):
        raise UsageError(f"{output} is there already: name a new folder")
    shared = [read_shared(path) for path in members]
    check_alike(members, shared)
    measures = pooled(shared)
    make_private_folder(output)
    write_measures(output, measures)
    complain(f"{counted(len(members), 'member')} pooled in {output}")
    for sentence in measures.limits[:1]:
        complain(sentence)
    complain(f"`hashwalk bench report {output} -o report.html` shows it")
