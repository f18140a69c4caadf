"""How far a job is, and how it ended."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from hashwalk.errors import FailureCode
from hashwalk.job.discover import Sources
from hashwalk.job.feed import Count
from hashwalk.results import Failure

_PROGRESS_S = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a job: files settled, bytes hashed, files failed, seconds since it started.

    `total` is how many files there are, None while they are still being counted.
    """

    files: int
    bytes: int
    failed: int
    seconds: float
    total: int | None = None


OnProgress = Callable[[Progress], object]
OnFailure = Callable[[Failure], object]


@dataclass(slots=True, kw_only=True)
class Summary:
    """How a job ended.

    `files` counts the files seen. Of these, `hashed` were hashed, in all formats or in those
    that were missing; `duplicates` have bytes that were hashed under another name; for `done`
    there was nothing to do; the others could not be read. `failed` counts the files (and
    folders) with a new failure, `failures` the new failures by code, those of single formats
    too; `standing` the failures of earlier jobs that stand for the files seen. `bytes` is the
    size of the files hashed, `hashes` the hashes written, `unmatched_labels` the lines of the
    file of labels that no file took. `warnings` say why new hashes may differ from old ones,
    and which folders were passed over. `interrupted` means that the job was stopped early: the
    same call goes on.
    """

    files: int = 0
    hashed: int = 0
    duplicates: int = 0
    done: int = 0
    failed: int = 0
    failures: Counter[FailureCode] = field(default_factory=Counter)
    standing: int = 0
    hashes: int = 0
    bytes: int = 0
    seconds: float = 0.0
    unmatched_labels: Sequence[int] = ()
    warnings: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def has_failures(self) -> bool:
        """Whether failures, new or old, stand for the files seen."""
        return bool(self.failures) or self.standing > 0


class Reporter:
    """Tells how far a job is, a few times a second; a context manager that counts ahead."""

    def __init__(self, on_progress: OnProgress | None, sources: Sources) -> None:
        """Start the clock; without `on_progress` nothing is counted ahead."""
        self._on_progress = on_progress
        self._started = self._last = time.monotonic()
        self._count = None if on_progress is None else Count(sources)

    def __enter__(self) -> Self:
        """Return the reporter itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop counting."""
        if self._count is not None:
            self._count.close()

    def tell(self, summary: Summary, *, all_found: bool, last: bool = False) -> None:
        """Pass on where the job is, unless it was told a moment ago."""
        now = time.monotonic()
        if self._on_progress is None or (now - self._last < _PROGRESS_S and not last):
            return
        self._last = now
        total = self._count.total if self._count else None
        self._on_progress(
            Progress(
                files=summary.files,
                bytes=summary.bytes,
                failed=summary.failed,
                seconds=now - self._started,
                total=summary.files if last and all_found else total,
            )
        )

    def finished(self, summary: Summary, unmatched_labels: Sequence[int]) -> Summary:
        """Complete a summary with what is known at the end."""
        summary.unmatched_labels = unmatched_labels
        summary.seconds = time.monotonic() - self._started
        return summary
