"""Reads the records of a list file, whatever its container."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from hashwalk.errors import HashListError
from hashwalk.hashlists.container import ContainerReader, Told
from hashwalk.hashlists.containers import reader_named, reader_of
from hashwalk.hashlists.record import Record, Reject


def read_list(
    path: str | os.PathLike[str],
    *,
    container: str | None = None,
    algorithm: str | None = None,
    on_reject: Callable[[Reject], object] = lambda _: None,
) -> Iterator[Record]:
    """Yield the records of a list, streamed; what is malformed goes to `on_reject`.

    `container` names what the file is, which is otherwise told by its content; `algorithm` is
    the format id of hashes that do not name their own. Raises HashListError when the file
    cannot be read or is not what it says, AmbiguousAlgorithmError when it names no algorithm
    and its values fit several, UsageError for a container that does not exist.
    """
    for found in read_items(path, container=container, algorithm=algorithm):
        if isinstance(found, Reject):
            on_reject(found)
        else:
            yield found


def read_items(
    path: str | os.PathLike[str], *, container: str | None = None, algorithm: str | None = None
) -> Iterator[Record | Reject]:
    """Yield records and rejects in the order of the file; otherwise as :func:`read_list`."""
    file = Path(path)
    reader = container_reader(file, container)
    try:
        with file.open("rb") as opened:
            yield from reader.read(opened, Told(name=str(path), algorithm=algorithm))
    except OSError as error:
        raise HashListError(f"cannot read {path}: {error.strerror}") from error


def container_reader(path: Path, container: str | None) -> ContainerReader:
    """Return the reader that is named, else the one that the file's content tells."""
    return reader_of(path) if container is None else reader_named(container)
