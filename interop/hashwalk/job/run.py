"""Many files into a cross-walk: resumable, in worker processes, with a row for each failure."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from hashwalk.configuration import configuration_file
from hashwalk.crosswalk import Crosswalk, CrosswalkWriter
from hashwalk.errors import UsageError
from hashwalk.format import FileHasher, Format, Kind, PathHasher
from hashwalk.job.discover import Sources
from hashwalk.job.labels import read_labels
from hashwalk.job.ledger import Ledger
from hashwalk.job.loop import Loop
from hashwalk.job.pool import LocalPool, Pool
from hashwalk.job.progress import OnFailure, OnProgress, Reporter, Summary
from hashwalk.job.schedule import Scheduler
from hashwalk.job.worker import load_formats
from hashwalk.media.limits import DEFAULT_LIMITS, Limits
from hashwalk.registry import get_formats, registry, require_computable

DEFAULT_TIMEOUT_S = 300.0
DEFAULT_MEMORY_MIB = 6144
"""Enough for a picture at the default limit of pixels in all formats, with a quarter to spare."""

_WARMING = "hashwalk.job.warming"
"""By name, since importing it has its effect."""
_LEAST_MEMORY_MIB = 64
_MOST_MEMORY_MIB = 1 << 40

FilePath = str | os.PathLike[str]


def rehash(  # noqa: PLR0913 - each is an option of the command
    sources: Iterable[FilePath],
    crosswalk: FilePath,
    *,
    formats: Iterable[str] | None = None,
    workers: int | None = None,
    timeout_s: float | None = DEFAULT_TIMEOUT_S,
    max_memory_mib: int | None = DEFAULT_MEMORY_MIB,
    max_pixels: int = DEFAULT_LIMITS.max_pixels,
    labels: FilePath | None = None,
    retry_failed: bool = False,
    stdin: BinaryIO | None = None,
    pool: Pool | None = None,
    stop: threading.Event | None = None,
    on_progress: OnProgress | None = None,
    on_failure: OnFailure | None = None,
) -> Summary:
    """Bring the cross-walk up to date with `sources`: whatever is missing is computed.

    Missing are files that are new or changed (in size or time of change), formats that were
    added, and with `retry_failed` what failed before. The same bytes are hashed once, whatever
    their names. A job killed at any moment goes on with the same call, and ends with the same
    rows. docs/rehash.md tells what sources, limits and labels mean in full; `pool`, which the
    caller stops, replaces the worker processes; setting `stop` ends the job early.

    Raises UsageError, FormatError, LabelsError, CrosswalkError; failures of files are rows.
    """
    _check_ranges(workers, timeout_s, max_memory_mib, max_pixels)
    if not os.fspath(crosswalk):
        raise UsageError("no folder is named for the cross-walk")
    chosen = _chosen(formats)
    found = Sources(sources, skip=crosswalk, stdin=stdin)
    memory = None if max_memory_mib is None else max_memory_mib << 20
    with (
        Reporter(on_progress, found) as reporter,
        CrosswalkWriter.open(crosswalk, formats=chosen.values()) as writer,
        _working(pool, workers, timeout_s, memory, chosen) as working,
        _loaded(crosswalk, chosen, labels) as ledger,
    ):
        kinds = {format_id: made.spec.kind for format_id, made in chosen.items()}
        undecoded = {i for i, made in chosen.items() if isinstance(made, FileHasher | PathHasher)}
        scheduler = Scheduler(ledger, kinds, retry_failed=retry_failed, undecoded=undecoded)
        loop = Loop(scheduler, working, writer, Limits(max_pixels=max_pixels), on_failure)
        loop.run(found, stop or threading.Event(), reporter)
        return reporter.finished(loop.summary, ledger.unmatched_labels())


def _check_ranges(
    workers: int | None, timeout_s: float | None, memory_mib: int | None, pixels: int
) -> None:
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers cannot work: give 1 or more")
    if timeout_s is not None and not timeout_s > 0:
        raise UsageError(f"a time limit of {timeout_s:g} s leaves no time: give more than 0")
    if memory_mib is not None and memory_mib < _LEAST_MEMORY_MIB:
        raise UsageError(
            f"a memory limit of {memory_mib} MiB is too little to hash anything: "
            f"give {_LEAST_MEMORY_MIB} or more"
        )
    if memory_mib is not None and memory_mib > _MOST_MEMORY_MIB:
        raise UsageError(
            f"a memory limit of {memory_mib} MiB is more than any machine has: "
            f"give {_MOST_MEMORY_MIB} or less"
        )
    if pixels < 1:
        raise UsageError(f"a limit of {pixels} pixels leaves no picture: give 1 or more")


def _chosen(formats: Iterable[str] | None) -> dict[str, Format]:
    """Return the formats to compute by id, without repeats."""
    chosen = get_formats(registry().default_ids() if formats is None else formats)
    require_computable(chosen.values())
    if not chosen:
        raise UsageError("no formats to compute: `hashwalk formats` lists those installed")
    return chosen


@contextmanager
def _working(
    pool: Pool | None,
    workers: int | None,
    timeout_s: float | None,
    memory_bytes: int | None,
    formats: dict[str, Format],
) -> Iterator[Pool]:
    if pool is not None:
        yield pool
        return
    own = LocalPool(
        workers or len(os.sched_getaffinity(0)),
        timeout_s=timeout_s,
        memory_bytes=memory_bytes,
        prepare=functools.partial(load_formats, tuple(formats), configuration_file()),
        modules=_modules(formats.values()),
    )
    try:
        yield own
    finally:
        own.stop()


def _modules(formats: Iterable[Format]) -> list[str]:
    """Return what all workers need: the formats, and their loops unless they read bytes alone."""
    of_formats = {type(made).__module__ for made in formats}
    decodes = any(made.spec.kind is not Kind.FILE for made in formats)
    return [*of_formats, *([_WARMING] if decodes else [])]


@contextmanager
def _loaded(
    crosswalk: FilePath, formats: Iterable[str], labels: FilePath | None
) -> Iterator[Ledger]:
    """Yield the ledger of what the cross-walk holds already, and of the labels."""
    with Ledger(Path(crosswalk), formats) as ledger:
        if labels is not None:
            ledger.load_labels(read_labels(labels))
        held = Crosswalk.open(crosswalk)
        ledger.load(held.media(), held.hashed(), held.failures())
        yield ledger
