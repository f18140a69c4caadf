"""A file opened once: its size, its time of change, and its bytes from the start."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hashwalk.errors import UnreadableError

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """An open regular file with the size and time of change it had when it was opened."""

    file: BinaryIO
    size: int
    mtime_ns: int

    def chunks(self) -> Iterator[memoryview]:
        """Yield all bytes in order; each view is valid until the next one is asked for.

        Raises UnreadableError when reading fails or the file is changed meanwhile.
        """
        buffer = memoryview(bytearray(min(CHUNK_BYTES, self.size)))
        self.file.seek(0)
        total = 0
        while count := _read_into(self.file, buffer):
            total += count
            yield buffer[:count]
        if total != self.size:
            raise UnreadableError("the file was changed while it was read")
        self.check_unchanged()

    def check_unchanged(self) -> None:
        """Raise UnreadableError if the file was changed since it was opened."""
        status = os.fstat(self.file.fileno())
        if (status.st_size, status.st_mtime_ns) != (self.size, self.mtime_ns):
            raise UnreadableError("the file was changed while it was read")


@contextmanager
def open_source(path: str | os.PathLike[str]) -> Iterator[Source]:
    """Open `path` for reading, following symbolic links, and close it after the block.

    Raises UnreadableError for what is missing, forbidden, empty or no regular file (a pipe
    or a device is never opened, so that none can block).
    """
    try:
        _check_regular(Path(path).stat())
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise UnreadableError(f"cannot open the file: {_reason(error)}") from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        _check_regular(status)
        if not status.st_size:
            raise UnreadableError("the file is empty (0 bytes)")
        yield Source(file, status.st_size, status.st_mtime_ns)


def _check_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise UnreadableError(f"cannot open the file: it is {kind}")


def _read_into(file: BinaryIO, buffer: memoryview) -> int:
    try:
        return file.readinto(buffer)  # type: ignore[attr-defined, no-any-return]
    except OSError as error:
        raise UnreadableError(f"cannot read the file: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
