"""Finds files on a thread of its own, a few ahead of the job, so that neither waits idly."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from hashwalk.errors import FailureCode
from hashwalk.hashing import file_uri
from hashwalk.job.discover import Found, Sources, look_at, reason_of
from hashwalk.results import ALL_FORMATS, Failure

_PATIENCE_S = 0.2


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A folder that is not entered, because it is a cross-walk."""

    path: str


Finding = Found | Failure | PassedOver | BaseException | None
"""A file; a folder that cannot be listed, or is not entered; what ended the search; its end."""


class Feed:
    """Hands each file found to `deliver`, at most `ahead` of them before they are settled."""

    def __init__(self, sources: Sources, deliver: Callable[[Finding], None], ahead: int) -> None:
        """Start to search at once; `deliver` is called on the thread of the search."""
        self._sources = sources
        self._deliver = deliver
        self._slots = threading.Semaphore(ahead)
        self._closed = threading.Event()
        threading.Thread(target=self._search, name="hashwalk-feed", daemon=True).start()

    def settled(self) -> None:
        """Say that one of the files delivered is finished."""
        self._slots.release()

    def close(self) -> None:
        """End the search."""
        self._closed.set()

    def _search(self) -> None:
        try:
            for path in self._sources.paths(self._complain):
                if not self._has_slot():
                    return
                self._deliver(look_at(path))
        except BaseException as error:  # noqa: BLE001 - it is the job that must end with it
            self._deliver(error)
        else:
            self._deliver(None)

    def _has_slot(self) -> bool:
        while not self._slots.acquire(timeout=_PATIENCE_S):
            if self._closed.is_set():
                return False
        return not self._closed.is_set()

    def _complain(self, path: str, error: OSError | None) -> None:
        if error is None:
            self._deliver(PassedOver(path))
            return
        failure = Failure(
            uri=file_uri(path),
            format=ALL_FORMATS,
            code=FailureCode.UNREADABLE,
            message=f"the folder cannot be listed: {reason_of(error)}",
            size=0,
            mtime_ns=0,
        )
        self._deliver(failure)


class Count:
    """Counts the files ahead of the feed, on a thread of its own; `total` is None until then."""

    def __init__(self, sources: Sources) -> None:
        """Start to count at once, where the sources can be gone through twice."""
        self.total: int | None = None
        self._sources = sources
        self._closed = threading.Event()
        if sources.countable:
            threading.Thread(target=self._count, name="hashwalk-count", daemon=True).start()

    def close(self) -> None:
        """Stop counting."""
        self._closed.set()

    def _count(self) -> None:
        total = 0
        for _ in self._sources.paths(lambda path, error: None):
            if self._closed.is_set():
                return
            total += 1
        self.total = total
