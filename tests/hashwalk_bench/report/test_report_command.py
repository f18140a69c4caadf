"""``hashwalk bench report``: what it writes, and what it says to wrong usage."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from hashwalk_bench.measure.model import Measures

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_it_writes_the_page_and_what_else_is_asked_for(
    run_hashwalk: Run,
    simulate: Callable[..., Measures],
    write_run: Callable[[Measures], Path],
    tmp_path: Path,
) -> None:
    run = write_run(simulate(ladders=1))
    page = tmp_path / "report.html"
    done = run_hashwalk("bench", "report", run, "-o", page, "--also", "md,csv", "--also", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name for path in tmp_path.iterdir()} == {
        "report.html",
        "report.md",
        "report.csv",
        "report.json",
    }
    sizes = dict(line.rsplit(": ", 1) for line in done.stdout.splitlines())
    assert sizes[str(page)] == f"{page.stat().st_size / 1e6:.1f} MB"
    text = page.with_suffix(".md")
    assert text.stat().st_size < 100_000
    assert sizes[str(text)] == f"{text.stat().st_size / 1e3:.1f} kB"


def test_wrong_usage_is_one_line(run_hashwalk: Run, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    for arguments, code, line in (
        ((tmp_path, "-o", page), 1, "is not a run: it has no run.json"),
        ((tmp_path, "-o", page, "--also", "pdf"), 2, "--also pdf: it is md, json, csv"),
        ((tmp_path, "-o", tmp_path / "report.pdf"), 2, "must end in .html"),
    ):
        done = run_hashwalk("bench", "report", *arguments)
        assert done.returncode == code
        assert line in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not page.exists()
