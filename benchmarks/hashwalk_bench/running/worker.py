"""What runs in a worker process: the variants of one source are made, hashed and deleted."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hashwalk.errors import FailureCode, MediaMemoryError
from hashwalk.hashing import failure_reason, hash_file
from hashwalk.media.limits import Limits
from hashwalk_bench.corpus import AUDIT_FORMATS, Source
from hashwalk_bench.errors import TransformError
from hashwalk_bench.running.plan import Task
from hashwalk_bench.running.rows import Rows
from hashwalk_bench.transforms import Call, Made, Medium, Subject, apply, open_subject


@dataclass(frozen=True, slots=True)
class Order:
    """What holds for every item of a run: `formats` has the ids of the formats by medium.

    Originals are hashed in those of the near-duplicate audit, too. Variants are made in a folder
    of their own below `scratch`, and moved into `kept`, into a folder with the number of the
    source, where that is not None.
    """

    formats: Mapping[Medium, tuple[str, ...]]
    seed: int
    limits: Limits
    scratch: Path
    kept: Path | None = None

    def formats_of_originals(self, medium: Medium) -> tuple[str, ...]:
        """Return the formats that an original is hashed in."""
        return tuple(dict.fromkeys((*self.formats[medium], *AUDIT_FORMATS[medium])))


def make_and_hash(task: Task, order: Order) -> Rows:
    """Return the rows of a task's items; what cannot be made or hashed is a row of failures.

    Raises MediaMemoryError where memory ran out for one of several items, since what one item
    may use must not depend on those before it.
    """
    rows = Rows()
    source = task.source
    subject = functools.cache(lambda: open_subject(source.path, source.medium))
    for entry in task.entries:
        if entry.call is None:
            formats = order.formats_of_originals(source.medium)
            rows.add(source, entry, hash_file(source.path, formats, limits=order.limits))
            continue
        try:
            with _made(entry.call, subject(), order, source) as made:
                formats = order.formats[source.medium]
                hashed = hash_file(made.path, formats, limits=order.limits)
                rows.add(source, entry, hashed, made.span)
        except Exception as error:  # noqa: BLE001 - whatever a codec does costs its variant
            rows.add_failed(source, entry, *_reason(error))
    if len(task.entries) > 1 and rows.ran_short():
        raise MediaMemoryError("the memory limit was passed")
    return rows


@contextmanager
def _made(call: Call, subject: Subject, order: Order, source: Source) -> Iterator[Made]:
    """Yield a variant on the disk, which is moved or deleted at the end."""
    folder = Path(tempfile.mkdtemp(dir=order.scratch))
    try:
        made = apply(call, subject, folder, order.seed)
        yield made
        if order.kept is not None:
            target = order.kept / f"{source.number:06d}"
            target.mkdir(parents=True, exist_ok=True)
            shutil.move(made.path, target / made.path.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reason(error: Exception) -> tuple[FailureCode, str]:
    if isinstance(error, TransformError):
        return FailureCode.UNSUPPORTED, " ".join(str(error).split())
    return failure_reason(error)
