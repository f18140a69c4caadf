"""What runs in a worker process: hashing one file, and the limits around it.

The functions :func:`hash_one` and :func:`digest_one` know nothing of the pool that calls them;
:func:`serve` is the loop of a local worker and knows nothing of hashing.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import os
import pickle
import resource
import signal
from collections.abc import Callable
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

from hashwalk.compiled import load_compiled
from hashwalk.configuration import CONFIG
from hashwalk.errors import (
    FailureCode,
    HashwalkError,
    MediaCrashError,
    MediaMemoryError,
    UnreadableError,
)
from hashwalk.format import Kind
from hashwalk.hashing import hash_file
from hashwalk.media.limits import Limits
from hashwalk.media.pictures import load_plugins
from hashwalk.memory import data_bytes
from hashwalk.registry import get_format
from hashwalk.results import HashedFile
from hashwalk.tally import failure_reason

READY = "ready"
_LARGEST_SHARE_KEPT = 1 / 3


class Answer(NamedTuple):
    """What came of a task: its result, or the HashwalkError that ended it.

    `short` says that memory ran out, `full` that the worker keeps so much of its memory that
    the next file may lack it.
    """

    went_well: bool
    value: Any
    short: bool = False
    full: bool = False


def hash_one(path: str, uri: str, formats: tuple[str, ...], limits: Limits) -> HashedFile:
    """Return everything the file at `path` gives in `formats`, under the name `uri`."""
    return hash_file(path, formats, limits=limits, uri=uri)


def digest_one(path: str) -> str:
    """Return the SHA-256 of the file at `path`; raises UnreadableError."""
    try:
        with Path(path).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableError(error.strerror or "the file cannot be read") from error


def load_formats(formats: tuple[str, ...], configuration: Path | None = None) -> None:
    """Import what the formats and the decoders need, so that no file's limits pay for it.

    `configuration` is the configuration file of the job, which may not be this process's own.
    """
    os.environ[CONFIG] = str(configuration or "")
    load_plugins()
    kinds = {get_format(format_id).spec.kind for format_id in formats}
    if kinds - {Kind.FILE}:
        load_compiled()


def serve(connection: Connection, memory_bytes: int | None, prepare: Callable[[], object]) -> None:
    """Run the work that comes over `connection` until it is closed, within the memory limit.

    The first message sent is READY, or why the process cannot work.
    """
    _isolate()
    try:
        prepare()
        memory = _Memory(memory_bytes)
    except Exception as error:  # noqa: BLE001 - nobody else would hear of it
        connection.send(f"{type(error).__name__}: {error}")
        return
    connection.send(READY)
    while True:
        try:
            work, arguments = connection.recv()
        except (EOFError, OSError):
            return
        connection.send_bytes(_answer(work, arguments, memory))


def _answer(work: Callable[..., object], arguments: tuple[Any, ...], memory: _Memory) -> bytes:
    """Return the pickled Answer, whatever the work does."""
    try:
        value = work(*arguments)
        return pickle.dumps(Answer(True, value, _ran_short(value), memory.is_full()))
    except HashwalkError as error:
        failure: HashwalkError = error
    except MemoryError:
        failure = MediaMemoryError("the memory limit was passed")
    except Exception as error:  # noqa: BLE001 - a format's bug costs its file, not the worker
        failure = MediaCrashError(failure_reason(error)[1])
    return pickle.dumps(Answer(False, failure, _ran_short(failure), memory.is_full()))


def _ran_short(value: object) -> bool:
    """Tell whether memory ran out, for a whole file or for a format of it."""
    failures = value.failures if isinstance(value, HashedFile) else ()
    codes = {failure.code for failure in failures} | {getattr(value, "code", None)}
    return FailureCode.OUT_OF_MEMORY in codes


def _isolate() -> None:
    """Leave no traces: end with the parent, let it handle Ctrl-C, write nothing, dump nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    _use_one_thread()


def _end_with_parent() -> None:
    """Have the system kill this process when the parent ends, whatever it is busy with then.

    The sentinel is a pipe that nothing is written to: the one event on it is its other end
    closing. (The signal for a parent's death would be for that of the fork server, which lives
    as long as any of its children.)
    """
    parent = parent_process()
    if parent is None:
        return
    fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(parent.sentinel, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, os.O_ASYNC)
    if wait([parent.sentinel], timeout=0):
        os._exit(1)


def _use_one_thread() -> None:
    import cv2  # noqa: PLC0415 - only where it is needed

    cv2.setNumThreads(1)


class _Memory:
    """Limits what the process may allocate beyond what it has now.

    Data (private writable pages) is limited, not address space: libraries and the stacks of
    threads reserve gigabytes of the latter without using it. What the heap keeps of freed
    memory counts.
    """

    def __init__(self, limit: int | None) -> None:
        """Set the limit in bytes, None for none."""
        self._most = math.inf
        if limit is not None:
            held = data_bytes()
            self._most = held + limit * _LARGEST_SHARE_KEPT
            _, hard = resource.getrlimit(resource.RLIMIT_DATA)
            most = held + limit if hard == resource.RLIM_INFINITY else min(held + limit, hard)
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))

    def is_full(self) -> bool:
        """Tell whether more is kept than a next file should find."""
        return self._most < math.inf and data_bytes() > self._most
