"""The loop of a job: results go from feed and pool to scheduler and writer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any

from hashwalk.crosswalk import CrosswalkWriter
from hashwalk.errors import MediaError
from hashwalk.job.discover import Found, Sources
from hashwalk.job.feed import Feed, Finding, PassedOver
from hashwalk.job.pool import Pool
from hashwalk.job.progress import OnFailure, Reporter, Summary
from hashwalk.job.schedule import Compute, Digest, Scheduler, Settled, Step
from hashwalk.job.worker import digest_one, hash_one
from hashwalk.media.limits import Limits
from hashwalk.results import Failure, HashedFile

_FILES_AHEAD = 64
_PATIENCE_S = 0.2
_FLUSH_ROWS = 10_000
_FLUSH_BYTES = 64 << 20
_FLUSH_S_AT_LEAST = 0.5
_FLUSH_S_AT_MOST = 30.0


class Loop:
    """Works until every file is settled; what it did is in `summary`."""

    def __init__(
        self,
        scheduler: Scheduler,
        pool: Pool,
        writer: CrosswalkWriter,
        limits: Limits,
        on_failure: OnFailure | None,
    ) -> None:
        """Take the parts of a job, none of which it closes."""
        self.summary = Summary(warnings=tuple(writer.warnings))
        self._scheduler = scheduler
        self._pool = pool
        self._writer = writer
        self._limits = limits
        self._on_failure = on_failure
        self._events: SimpleQueue[Finding | tuple[Digest | Compute, Future[Any]]] = SimpleQueue()
        self._searching = True
        self._unsettled = 0

    def run(self, sources: Sources, stop: threading.Event, reporter: Reporter) -> None:
        """Settle every file of `sources`, or as many as there is time for until `stop` is set."""
        flushes = _Pace()
        feed = Feed(sources, self._events.put, _FILES_AHEAD)
        try:
            while (self._searching or self._unsettled) and not stop.is_set():
                for _ in range(self._handle_next()):
                    feed.settled()
                reporter.tell(self.summary, all_found=not self._searching)
                if self._is_much_pending() or flushes.is_due():
                    self._writer.flush()
                    flushes.start()
        finally:
            feed.close()
        self.summary.interrupted = self._searching or self._unsettled > 0
        reporter.tell(self.summary, all_found=not self._searching, last=True)

    def _is_much_pending(self) -> bool:
        writer = self._writer
        return writer.pending_rows >= _FLUSH_ROWS or writer.pending_bytes >= _FLUSH_BYTES

    def _handle_next(self) -> int:
        """Handle one event, if there is one soon; return how many files it settled."""
        before = self.summary.files
        try:
            event = self._events.get(timeout=_PATIENCE_S)
        except Empty:
            return 0
        match event:
            case None:
                self._searching = False
            case Found():
                self._unsettled += 1
                self._take(self._scheduler.add(event))
            case Failure():
                self._take_unlisted(event)
            case PassedOver(path):
                self.summary.warnings += (f"{path} is a cross-walk: passed over",)
            case BaseException():
                raise event
            case step, future:
                self._take(self._result(step, future))
        return self.summary.files - before

    def _result(self, step: Digest | Compute, future: Future[Any]) -> list[Step]:
        try:
            value = future.result()
        except MediaError as error:
            return self._scheduler.failed(step, error.code, str(error))
        if isinstance(step, Digest):
            return self._scheduler.digested(step, value)
        return self._scheduler.computed(step, value)

    def _take(self, steps: list[Step]) -> None:
        for step in steps:
            found = step.found
            match step:
                case Settled():
                    self._settle(step)
                case Digest():
                    self._submit(step, digest_one, found.path)
                case Compute():
                    self._submit(step, hash_one, found.path, found.uri, step.formats, self._limits)

    def _submit(
        self, step: Digest | Compute, work: Callable[..., object], *arguments: object
    ) -> None:
        future = self._pool.submit(work, *arguments)
        future.add_done_callback(lambda done: self._events.put((step, done)))

    def _settle(self, step: Settled) -> None:
        self._unsettled -= 1
        summary = self.summary
        summary.files += 1
        summary.standing += step.old_failures
        if step.duplicate:
            summary.duplicates += 1
        elif not step.computed:
            summary.done += not step.new_failures
        elif step.rows is not None and step.rows.media is not None:
            summary.hashed += 1
            summary.bytes += step.found.size
        if step.rows is not None:
            summary.hashes += len(step.rows.hashes)
            self._writer.add(step.rows)
        self._count_failures(step.new_failures)

    def _take_unlisted(self, failure: Failure) -> None:
        """Take a folder that cannot be listed: every job tries again, but tells it once."""
        if self._scheduler.takes_unlisted(failure):
            self._writer.add(HashedFile(media=None, failures=(failure,)))
            self._count_failures((failure,))
        else:
            self.summary.standing += 1

    def _count_failures(self, failures: tuple[Failure, ...]) -> None:
        self.summary.failed += bool(failures)
        for failure in failures:
            self.summary.failures[failure.code] += 1
            if self._on_failure is not None:
                self._on_failure(failure)


class _Pace:
    """When to write: at first twice a second, later after a tenth of the time that has passed.

    A short job that is killed loses little, a long one does not leave thousands of parts.
    """

    def __init__(self) -> None:
        self._begun = self._last = time.monotonic()

    def start(self) -> None:
        self._last = time.monotonic()

    def is_due(self) -> bool:
        now = time.monotonic()
        pause = max(_FLUSH_S_AT_LEAST, (now - self._begun) / 10)
        return now - self._last >= min(pause, _FLUSH_S_AT_MOST)
