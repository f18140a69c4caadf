"""Which files a table or a report may be written to."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from hashwalk.crosswalk.schema import MANIFEST_FILE, Table
from hashwalk.errors import CrosswalkError, UsageError


def check_target(path: Path) -> None:
    """Return if a file may be written at `path`: a new one, or in place of a regular file.

    Raises UsageError when something else has the name (a device, a pipe, a folder, a symbolic
    link) or it is inside a cross-walk, CrosswalkError when its folder cannot be written to.
    """
    folder = path.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CrosswalkError(f"cannot write {path}: its folder is not there or not writable")
    try:
        regular = stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        regular = True
    except OSError as error:
        raise CrosswalkError(f"cannot write {path}: {error.strerror}") from error
    if not regular:
        raise UsageError(f"{path} is there and not a regular file: give the name of a new file")
    real = folder.resolve()
    for above in (real, *real.parents):
        if is_crosswalk(above):
            raise UsageError(f"{path} is inside the cross-walk {above}: write to another folder")


def is_crosswalk(folder: Path) -> bool:
    """Tell whether a folder has the manifest and the tables of a cross-walk."""
    try:
        tables = all((folder / table).is_dir() for table in Table)
        return tables and (folder / MANIFEST_FILE).is_file()
    except OSError:
        return False
