"""How a running job looks: a bar on a terminal, plain lines elsewhere, failures as they come."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from hashwalk.cli.console import printable
from hashwalk.cli.streams import say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from hashwalk.job import Progress
    from hashwalk.results import Failure

_LINE_S = 10.0
_RATE_S = 10.0


class View(Protocol):
    """Shows how far a job is."""

    def progress(self, now: Progress) -> None:
        """Show a moment of the job."""

    def failure(self, failure: Failure) -> None:
        """Show one failure."""


@contextmanager
def view(*, quiet: bool) -> Iterator[View]:
    """Yield the view that fits standard error; `quiet` leaves only the failures."""
    if quiet or not sys.stderr.isatty():
        yield _Lines()
        return
    with progress_bar() as bar:
        yield _BarView(bar)


def failure_line(failure: Failure) -> str:
    """Return URI, format, code and reason of a failure, separated by tabs, on one line."""
    fields = (failure.uri, failure.format, failure.code.value, failure.message)
    return "\t".join(printable(field) for field in fields)


def rates(before: Progress | None, now: Progress) -> tuple[float, float]:
    """Return files and megabytes a second between two moments."""
    files, size, seconds = (before.files, before.bytes, before.seconds) if before else (0, 0, 0.0)
    passed = max(now.seconds - seconds, 1e-9)
    return (now.files - files) / passed, (now.bytes - size) / passed / 1e6


def progress_line(before: Progress | None, now: Progress) -> str:
    """Return one line: files of all, files/s, MB/s, failures, time left."""
    files, megabytes = rates(before, now)
    total = "" if now.total is None else f"/{now.total:,}"
    line = f"{now.files:,}{total} files, {rate(files)} files/s, {rate(megabytes)} MB/s"
    line += f", {now.failed:,} failed"
    left = time_left(files, now)
    return f"{line}, {left} left" if left else line


def rate(value: float) -> str:
    """Return a rate with as many digits as say something."""
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def time_left(files_a_second: float, now: Progress) -> str:
    """Return the time left as h:mm:ss, or nothing while it cannot be told."""
    if now.total is None or files_a_second <= 0:
        return ""
    return clock((now.total - now.files) / files_a_second)


def clock(seconds: float) -> str:
    """Return a duration as h:mm:ss."""
    minutes, rest = divmod(round(max(seconds, 0.0)), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


class _Lines:
    """Plain lines, one every ten seconds."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _LINE_S
        self._before: Progress | None = None

    def progress(self, now: Progress) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _LINE_S
            say(progress_line(self._before, now))
            self._before = now

    def failure(self, failure: Failure) -> None:
        say(failure_line(failure))


class _BarView:
    """A bar with rates over the last seconds; failures go above it."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task: TaskID = bar.add_task("", total=None, figures="")
        self._moments: list[Progress] = []

    def progress(self, now: Progress) -> None:
        while len(self._moments) > 1 and now.seconds - self._moments[0].seconds > _RATE_S:
            self._moments.pop(0)
        before = self._moments[0] if self._moments else None
        self._moments.append(now)
        self._bar.update(
            self._task, completed=now.files, total=now.total, figures=progress_line(before, now)
        )

    def failure(self, failure: Failure) -> None:
        from rich.text import Text

        self._bar.console.print(Text(failure_line(failure)), soft_wrap=True)


def progress_bar() -> Bar:
    """Return a bar on standard error that is gone at the end; a task of it has `figures`."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    figures = TextColumn("{task.fields[figures]}", markup=False)
    return Bar(BarColumn(bar_width=None), figures, console=Console(stderr=True), transient=True)
