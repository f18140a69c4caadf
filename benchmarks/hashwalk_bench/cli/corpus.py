"""``hashwalk bench corpus``: a corpus for who has none."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hashwalk.cli.console import counted, printable

app = typer.Typer(help="Make a corpus.", rich_markup_mode=None)


@app.callback()
def _corpus() -> None:
    pass


@app.command("make")
def make(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or an empty folder.")],
    pictures: Annotated[
        int, typer.Option("--pictures", metavar="N", min=0, help="How many pictures.")
    ] = 150,
    clips: Annotated[int, typer.Option("--clips", metavar="M", min=0, help="How many clips.")] = 10,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="The same seed draws the same corpus.")
    ] = 0,
) -> None:
    """Draw pictures and clips that differ from one another.

    They are fractals, textures, shapes, pages of text, noise and montages of them, and clips of
    2 to 6 seconds. A manifest.csv says that a program made them, and so does every report.
    """
    from hashwalk_bench.corpus import make_corpus

    for _ in make_corpus(folder, pictures, clips, seed):
        pass
    made = f"{counted(pictures, 'picture')} and {counted(clips, 'clip')}"
    print(f"{printable(str(folder))}: {made}, made by a program")
