"""Where the disk refuses: an error of the cross-walk, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hashwalk.crosswalk.target import is_crosswalk
from hashwalk.errors import CrosswalkError


@contextmanager
def disk_errors(root: Path) -> Iterator[None]:
    """Raise a CrosswalkError where the system refuses to write to the cross-walk at `root`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        kept = "what was committed is safe, " if is_crosswalk(root) else ""
        raise CrosswalkError(
            f"cannot write to {root} ({reason}): {kept}"
            "make it writable or free some space and run again"
        ) from error
