"""The loop of a run: tasks go to the pool, rows come back into the journal."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from hashwalk.errors import MediaError
from hashwalk.job.pool import Pool
from hashwalk_bench.running.journal import Journal
from hashwalk_bench.running.plan import Task
from hashwalk_bench.running.rows import Rows
from hashwalk_bench.running.worker import Order, make_and_hash

_TASKS_AHEAD = 64
_PATIENCE_S = 0.2
_PROGRESS_S = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a run: items done, also in earlier starts, and failed since this start."""

    items: int
    total: int
    failed: int
    seconds: float


OnProgress = Callable[[Progress], object]


@dataclass(slots=True)
class _Open:
    """A task in work: the rows so far, and how many pieces of it are still out."""

    task: Task
    pieces: int = 1
    rows: Rows = field(default_factory=Rows)


class Loop:
    """Does tasks until all are in the journal; a task that is there already is passed over."""

    def __init__(  # noqa: PLR0913 - each is a part of its own
        self,
        pool: Pool,
        journal: Journal,
        order: Order,
        *,
        total: int,
        stop: threading.Event,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Take the parts of a run; `total` counts its items, `stop` ends it early once set."""
        self._pool, self._journal, self._order = pool, journal, order
        self._stop, self._on_progress = stop, on_progress
        self._now = Progress(0, total, 0, 0.0)
        self._started, self._told = time.monotonic(), 0.0
        self._open: dict[int, _Open] = {}
        self._events: SimpleQueue[tuple[Task, Future[Rows]]] = SimpleQueue()

    @property
    def items(self) -> int:
        """How many items are done, also in earlier starts."""
        return self._now.items

    def run(self, tasks: Iterable[Task]) -> bool:
        """Do `tasks`; return whether all are done. Items that fail are rows of failures."""
        waiting: deque[Task] = deque()
        for task in tasks:
            if task.number in self._journal.done:
                self._count(len(task.entries), 0)
            else:
                waiting.append(task)
        while (waiting or self._open) and not self._stop.is_set():
            while waiting and len(self._open) < _TASKS_AHEAD:
                task = waiting.popleft()
                self._open[task.number] = _Open(task)
                self._submit(task)
            self._handle_next()
        return not (waiting or self._open)

    def _submit(self, piece: Task) -> None:
        future = self._pool.submit(make_and_hash, piece, self._order)
        future.add_done_callback(lambda done: self._events.put((piece, done)))

    def _handle_next(self) -> None:
        try:
            piece, future = self._events.get(timeout=_PATIENCE_S)
        except Empty:
            return
        in_work = self._open[piece.number]
        in_work.pieces -= 1
        try:
            in_work.rows.extend(future.result())
        except MediaError as error:
            self._take_apart(in_work, piece, error)
        if not in_work.pieces:
            self._journal.write(piece.number, in_work.rows)
            self._count(len(in_work.task.entries), len(in_work.rows.failed_items()))
            del self._open[piece.number]

    def _take_apart(self, in_work: _Open, piece: Task, error: MediaError) -> None:
        """Do the items of a failed piece one by one, so that only the guilty one fails."""
        if len(piece.entries) == 1:
            in_work.rows.add_failed(piece.source, piece.entries[0], error.code, str(error))
            return
        for single in piece.singly():
            in_work.pieces += 1
            self._submit(single)

    def _count(self, items: int, failed: int) -> None:
        now = time.monotonic()
        self._now = Progress(
            self._now.items + items,
            self._now.total,
            self._now.failed + failed,
            now - self._started,
        )
        last = self._now.items == self._now.total
        if self._on_progress is not None and (last or now - self._told >= _PROGRESS_S):
            self._told = now
            self._on_progress(self._now)
