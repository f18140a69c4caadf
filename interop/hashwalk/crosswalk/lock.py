"""One writer at a time: an advisory lock on a file inside the cross-walk."""

from __future__ import annotations

import fcntl
import os
import weakref
from pathlib import Path

from hashwalk.errors import CrosswalkBusyError

LOCK_FILE = ".lock"


class WriterLock:
    """Holds the exclusive right to write to a cross-walk until it is released.

    The kernel releases it when the process ends, however it ends; a forked child gives up its
    copy at once, so that orphaned workers do not keep a cross-walk busy. Raises
    CrosswalkBusyError when another writer holds it.
    """

    def __init__(self, root: Path) -> None:
        """Take the lock of the cross-walk at `root`, a folder that exists."""
        self._descriptor = os.open(root / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            raise CrosswalkBusyError(
                f"another job is writing to {root}: wait for it, or choose another folder"
            ) from None
        _release_when_forked(weakref.ref(self))

    def release(self) -> None:
        """Let others write; releasing twice does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def is_locked(root: Path) -> bool:
    """Tell whether a job is writing to the cross-walk at `root` right now."""
    try:
        descriptor = os.open(root / LOCK_FILE, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _release_when_forked(held: weakref.ref[WriterLock]) -> None:
    def release() -> None:
        lock = held()
        if lock is not None:
            lock.release()

    os.register_at_fork(after_in_child=release)
