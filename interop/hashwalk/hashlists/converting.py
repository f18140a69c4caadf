"""Converts a list from one container to another, with reports of what was rejected and lost."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from hashwalk.crosswalk.target import check_target
from hashwalk.durable import written_whole
from hashwalk.errors import CrosswalkError, HashListError, UsageError
from hashwalk.hashlists.containers import writer_named
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.reading import container_reader, read_items
from hashwalk.hashlists.record import Record, Reject
from hashwalk.hashlists.revoked import revoked_for
from hashwalk.hashlists.side_file import SideFile
from hashwalk.hashlists.writing import disk_errors, write_list

_REJECTS_NOTED = 3


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a conversion did; `read` counts the records that could be read, `rejects` the rest.

    `first_rejects` are the first few of the rejects.
    """

    read_as: str
    written_as: str
    read: int
    rejects: int
    loss: Loss
    first_rejects: tuple[Reject, ...] = ()


def convert_list(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    read_as: str | None = None,
    written_as: str,
    algorithm: str | None = None,
) -> Conversion:
    """Write the list `source` as another container, streamed in bounded memory.

    Beside `out` are written ``OUT.loss.json``, what could not be carried, by field and count,
    and, if there are any, ``OUT.rejects.jsonl``, the records that could not be read, all with
    mode 0600. `out` takes its name when all of the list has been read; an error leaves what was
    there before. Raises as read_list and write_list do, and UsageError where both are one file.
    """
    writer_named(written_as)
    check_output(Path(source), Path(out))
    reader = container_reader(Path(source), read_as)
    revoked = revoked_for(written_as, source, read_as=reader.name, algorithm=algorithm)
    first: list[Reject] = []
    items = _noted(read_items(source, container=reader.name, algorithm=algorithm), first)
    with SideFile(beside(out, "rejects.jsonl")) as rejects:
        loss = write_list(records_of(items, rejects), out, written_as, is_revoked=revoked.has)
    write_loss(loss, beside(out, "loss.json"))
    read = loss.written + sum(loss.left_out.values())
    return Conversion(reader.name, written_as, read, rejects.lines, loss, tuple(first))


def check_output(source: Path, out: Path) -> None:
    """Return if `out` may be written of the list `source`.

    Raises UsageError for the list itself, a place inside a cross-walk, or what is no regular
    file; HashListError when its folder cannot be written to.
    """
    if source.exists() and out.exists() and source.samefile(out):
        raise UsageError(f"{out} is the list itself: write to another file")
    try:
        check_target(out)
    except CrosswalkError as error:
        raise HashListError(str(error)) from error


def _noted(items: Iterable[Record | Reject], first: list[Reject]) -> Iterator[Record | Reject]:
    """Yield all items, and put the first rejects among them into `first`."""
    for item in items:
        if isinstance(item, Reject) and len(first) < _REJECTS_NOTED:
            first.append(item)
        yield item


def records_of(items: Iterable[Record | Reject], rejects: SideFile) -> Iterator[Record]:
    """Yield the records among `items`, and write the rejects as JSON lines."""
    for item in items:
        if isinstance(item, Record):
            yield item
        else:
            rejects.write(json.dumps(asdict(item), ensure_ascii=False).encode())


def write_loss(loss: Loss, path: Path) -> None:
    """Write a loss report as JSON."""
    counts = {"written": loss.written, "fields": loss.fields, "left_out": loss.left_out}
    with disk_errors(path), written_whole(path) as file:
        file.write(json.dumps(counts, indent=2).encode() + b"\n")


def beside(out: str | os.PathLike[str], ending: str) -> Path:
    """Return the path of a report on the file `out`."""
    return Path(f"{os.fspath(out)}.{ending}")
