"""A report beside a list that is there only if there is something to report."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Self

from hashwalk.durable import written_whole
from hashwalk.hashlists.writing import disk_errors


class SideFile:
    """Takes lines, and writes a file of them, with mode 0600, once it is left without an error.

    Without a line there is no file, and one that an earlier run left is removed.
    """

    def __init__(self, path: Path) -> None:
        """Take the file's path; nothing is written there yet."""
        self.lines = 0
        self._path = path
        self._file: BinaryIO | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Return the file."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Give the file its name, or leave what was there after an error."""
        self._stack.__exit__(*exception)  # type: ignore[arg-type]
        if exception[0] is None and not self.lines:
            self._path.unlink(missing_ok=True)

    def write(self, line: bytes) -> None:
        """Add a line, which has no end yet; raises HashListError when the disk refuses."""
        self.lines += 1
        if self._file is None:
            self._stack.enter_context(disk_errors(self._path))
            self._file = self._stack.enter_context(written_whole(self._path))
        self._file.write(line + b"\n")
