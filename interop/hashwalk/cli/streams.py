"""The standard streams, made fit to print to: closed ones, full ones, and any encoding."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import TextIO

_INPUT, _OUTPUT, _ERRORS = range(3)


class _ClosedOutput(io.TextIOBase):
    """Stands for a standard output that is closed: whoever writes to it hears so."""

    def write(self, _text: str) -> int:
        raise OSError(errno.EBADF, "it is closed", "standard output")


def prepare_streams() -> None:
    """Make the standard streams safe to use, for the rest of the process.

    The numbers of closed ones are taken, so that no file that is opened later gets what is
    written to a stream. Standard input stays None where it is closed, standard output raises
    OSError when it is written to, and what goes to standard error is lost. A character that
    the encoding of a stream lacks is escaped.
    """
    for number in (_INPUT, _OUTPUT, _ERRORS):
        if _is_closed(number):
            # The lowest number that is free: those below are taken.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    if sys.stdout is None:
        sys.stdout = _ClosedOutput()
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(line: str) -> None:
    """Print one line on standard error; where that cannot be written, it is lost."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


def flush_or_discard() -> None:
    """Write what standard output still holds, or forget it where it cannot be written."""
    try:
        sys.stdout.flush()
    except OSError:
        _discard(sys.stdout)


def _discard(stream: TextIO) -> None:
    """Let all go nowhere that a stream still holds or is given from now on."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def _is_closed(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError as error:
        return error.errno == errno.EBADF
    return False
