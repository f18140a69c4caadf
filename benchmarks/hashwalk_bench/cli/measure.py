"""``hashwalk bench measure``: a finished run, measured again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hashwalk_bench.cli.extra import require_extra

Run = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished run.")]


def measure(run: Run) -> None:
    """Measure a finished run again, as `run` does at its end.

    Nothing is hashed. Everything that was measured is in RUN/measures.json; what is printed is
    recall, collisions and cost of each format.
    """
    require_extra()
    from hashwalk_bench.cli.measured_table import measure_and_print

    measure_and_print(run)
