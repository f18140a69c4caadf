"""Files that appear whole or not at all, readable by their owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

TEMPORARY_SUFFIX = ".tmp"


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that takes the name `path`, with mode 0600, once it is complete and synced.

    Until then it has a temporary name in the same folder; an exception removes it and leaves
    what was at `path` untouched. A killed process leaves at most the temporary file. An OSError
    names `path`, not the temporary file.
    """
    temporary = path.with_name(f".{path.name}{TEMPORARY_SUFFIX}")
    try:
        with _written_aside(path, temporary) as file:
            yield file
    except OSError as error:
        if str(error.filename) == str(temporary):
            error.filename = str(path)
        raise


@contextmanager
def _written_aside(path: Path, temporary: Path) -> Iterator[BinaryIO]:
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def is_temporary(name: str) -> bool:
    """Tell whether a file name is one that `written_whole` uses until the file is complete."""
    return name.startswith(".") and name.endswith(TEMPORARY_SUFFIX)


def make_private_folder(path: Path) -> None:
    """Create a folder with mode 0700 and what is missing above it; one that exists is kept."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make renames and removals inside a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
