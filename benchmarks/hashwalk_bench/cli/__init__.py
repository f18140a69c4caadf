"""``hashwalk bench``: one module a command, thin; what is heavy is imported when it is used."""

from __future__ import annotations

import typer

from hashwalk_bench.cli.calibrate import calibrate
from hashwalk_bench.cli.compare import compare
from hashwalk_bench.cli.conformance import conformance
from hashwalk_bench.cli.corpus import app as corpus
from hashwalk_bench.cli.measure import measure
from hashwalk_bench.cli.report import report
from hashwalk_bench.cli.run import run
from hashwalk_bench.cli.share import pool, share

app = typer.Typer(
    name="bench",
    add_completion=False,
    help="Benchmark formats: what each finds after which edit, confuses, and costs.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("run")(run)
app.command("report")(report)
app.command("measure")(measure)
app.command("calibrate")(calibrate)
app.command("share")(share)
app.command("pool")(pool)
app.command("compare")(compare)
app.command("conformance")(conformance)
app.add_typer(corpus, name="corpus")


@app.callback()
def _bench() -> None:
    pass
