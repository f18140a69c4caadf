"""Converts a list from one container to another, with reports of what was rejected and lost."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Self

from hashwalk.durable import written_whole
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.reading import container_reader, read_items
from hashwalk.hashlists.record import Record, Reject
from hashwalk.hashlists.writing import disk_errors, write_list


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a conversion did; `read` counts the records that could be read, `rejects` the rest."""

    read_as: str
    written_as: str
    read: int
    rejects: int
    loss: Loss


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
    there before. Raises as read_list and write_list do.
    """
    reader = container_reader(Path(source), read_as)
    items = read_items(source, container=reader.name, algorithm=algorithm)
    with RejectsFile(beside(out, "rejects.jsonl")) as rejects:
        loss = write_list(rejects.taken_from(items), out, written_as)
    write_loss(loss, beside(out, "loss.json"))
    read = loss.written + sum(loss.left_out.values())
    return Conversion(reader.name, written_as, read, rejects.count, loss)


class RejectsFile:
    """Takes rejects out of a stream into a file of JSON lines, which is there if there are any."""

    def __init__(self, path: Path) -> None:
        """Take the file's path; what an earlier run left there is removed at the end."""
        self.count = 0
        self._path = path
        self._file: BinaryIO | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Return the file."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Give the file its name, or remove it where nothing was rejected or all failed."""
        self._stack.__exit__(*exception)  # type: ignore[arg-type]
        if exception[0] is None and not self.count:
            self._path.unlink(missing_ok=True)

    def taken_from(self, items: Iterable[Record | Reject]) -> Iterator[Record]:
        """Yield the records among `items`, and write the rejects."""
        for item in items:
            if isinstance(item, Record):
                yield item
            else:
                self._write(item)

    def _write(self, reject: Reject) -> None:
        self.count += 1
        if self._file is None:
            self._stack.enter_context(disk_errors(self._path))
            self._file = self._stack.enter_context(written_whole(self._path))
        self._file.write(json.dumps(asdict(reject), ensure_ascii=False).encode() + b"\n")


def write_loss(loss: Loss, path: Path) -> None:
    """Write a loss report as JSON."""
    with disk_errors(path), written_whole(path) as file:
        file.write(json.dumps(asdict(loss), indent=2).encode() + b"\n")


def beside(out: str | os.PathLike[str], ending: str) -> Path:
    """Return the path of a report on the file `out`."""
    return Path(f"{os.fspath(out)}.{ending}")
