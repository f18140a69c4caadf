"""How a run looks: a bar on a terminal, lines elsewhere; at the end what failed, and how often."""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hashwalk.cli.console import complain, counted
from hashwalk.cli.rehash_view import clock, progress_bar, rate
from hashwalk.cli.streams import say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from hashwalk_bench.running.benchmark import Done
    from hashwalk_bench.running.loop import OnProgress, Progress

_LINE_S = 10.0
_RATE_S = 20.0
_REASONS_SHOWN = 20


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[OnProgress | None]:
    """Yield what shows a moment of a run on standard error; nothing if `quiet`."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with progress_bar() as bar:
            yield _BarView(bar).show
    else:
        yield _Lines().show


def tell_end(folder: Path, done: Done, *, quiet: bool) -> bool:
    """Tell what failed in a finished run, and where it is; return whether anything failed."""
    from hashwalk_bench.run.storage import read_table
    from hashwalk_bench.run.tables import Table

    rows = read_table(folder, Table.FAILURES).to_pylist()
    reasons = Counter((row["format"], row["code"], row["message"]) for row in rows)
    for (format_id, code, message), count in reasons.most_common(_REASONS_SHOWN):
        say(f"{count:,} x\t{format_id}\t{code}\t{message}")
    if len(reasons) > _REASONS_SHOWN:
        complain(f"and {counted(len(reasons) - _REASONS_SHOWN, 'other reason')}")
    failed = len({row["item"] for row in rows})
    if failed:
        complain(f"{counted(failed, 'item')} with failures, in {folder / Table.FAILURES.file}")
    if not quiet:
        told = counted(done.total, "item")
        complain(f"{told} in {folder}, in {clock(done.seconds)}")
    return bool(failed)


def progress_line(now: Progress, items_a_second: float) -> str:
    """Return one line: items of all, items/s, failures, time left."""
    line = f"{now.items:,}/{now.total:,} items, {rate(items_a_second)} items/s"
    line += f", {now.failed:,} failed"
    if items_a_second <= 0:
        return line
    return f"{line}, {clock((now.total - now.items) / items_a_second)} left"


class _Pace:
    """Items a second over the last seconds."""

    def __init__(self) -> None:
        self._moments: deque[Progress] = deque()

    def of(self, now: Progress) -> float:
        self._moments.append(now)
        while len(self._moments) > 2 and now.seconds - self._moments[0].seconds > _RATE_S:
            self._moments.popleft()
        before = self._moments[0]
        passed = now.seconds - before.seconds
        return (now.items - before.items) / passed if passed > 0 else 0.0


class _Lines:
    """Plain lines, one every ten seconds."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _LINE_S
        self._pace = _Pace()

    def show(self, now: Progress) -> None:
        pace = self._pace.of(now)
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _LINE_S
            say(progress_line(now, pace))


class _BarView:
    """A bar with the rate over the last seconds."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, figures="")
        self._pace = _Pace()

    def show(self, now: Progress) -> None:
        figures = progress_line(now, self._pace.of(now))
        self._bar.update(self._task, completed=now.items, total=now.total, figures=figures)
