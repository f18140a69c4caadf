"""Writes canonical records as a list file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hashwalk.durable import written_whole
from hashwalk.errors import HashListError
from hashwalk.hashlists.containers import writer_named
from hashwalk.hashlists.loss import Loss, never
from hashwalk.hashlists.record import Record


def write_list(
    records: Iterable[Record],
    path: str | os.PathLike[str],
    container: str,
    *,
    is_revoked: Callable[[Record], bool] = never,
) -> Loss:
    """Write records as a list, streamed, and return what the container could not carry.

    Records that `is_revoked` tells are left out: another one takes them back, which the
    container cannot say.
    The file has mode 0600 and takes its name once it is complete. Raises UsageError for a
    container that does not exist or cannot be written, HashListError when the file cannot be.
    """
    writer, loss = writer_named(container), Loss()
    with disk_errors(path), written_whole(Path(path)) as file:
        writer.write(file, loss.carried_by(writer, records, is_revoked), loss)
    return loss


@contextmanager
def disk_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """Raise a HashListError where the system refuses to write the file at `path`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise HashListError(f"cannot write {path}: {reason}; what was there is kept") from error
