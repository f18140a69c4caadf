"""``hashwalk bench``: one module a command, thin; what is heavy is imported when it is used."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="bench",
    help="Benchmark formats: what each finds after which edit, confuses, and costs.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def _bench() -> None:
    pass
