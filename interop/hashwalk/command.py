"""Formats that another program computes: one run for each file, its hash on standard output."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from select import POLLIN, poll

from hashwalk.errors import (
    HashParseError,
    MediaCrashError,
    MediaTimeoutError,
    UnsupportedError,
)
from hashwalk.format import Comparison, Format, Hash, PathHasher

PATH = "{path}"
"""Stands for the path of the file in the arguments of a command."""

MAX_OUTPUT_BYTES = 1 << 20
_FIDELITY = "what the program prints that hashwalk.toml names, taken as it is"
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, in which PATH stands for the file.

    It runs in `folder` without a shell, with the environment of this process, nothing to read
    on standard input, and its standard error thrown away.
    """

    arguments: tuple[str, ...]
    folder: Path
    timeout_s: float

    def output(self, path: Path) -> bytes:
        """Return what the program prints about the file at `path`.

        Raises UnsupportedError when it cannot be started, MediaTimeoutError when it takes too
        long, MediaCrashError when it fails or prints more than MAX_OUTPUT_BYTES. No message
        has any of what it printed.
        """
        arguments = [argument.replace(PATH, str(path)) for argument in self.arguments]
        try:
            process = subprocess.Popen(  # noqa: S603 - what the user has configured
                arguments,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - it takes no lock
            )
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or "not a valid name"
            raise UnsupportedError(f"{self._name} cannot be started: {reason}") from error
        with process:
            try:
                return self._read(process)
            finally:
                _kill(process)

    def _read(self, process: subprocess.Popen[bytes]) -> bytes:
        deadline = time.monotonic() + self.timeout_s
        printed = bytearray()
        while chunk := self._next(process, deadline):
            printed += chunk
            if len(printed) > MAX_OUTPUT_BYTES:
                raise MediaCrashError(f"{self._name} prints more than a hash can have")
        try:
            code = process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            raise self._too_slow() from None
        if code != 0:
            raise MediaCrashError(f"{self._name} {_ending(code)}")
        return bytes(printed)

    def _next(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        pipe = poll()
        pipe.register(process.stdout, POLLIN)
        if not pipe.poll(1000 * max(deadline - time.monotonic(), 0)):
            raise self._too_slow()
        return os.read(process.stdout.fileno(), 1 << 16)

    def _too_slow(self) -> MediaTimeoutError:
        return MediaTimeoutError(f"{self._name} took longer than {self.timeout_s:g} s")

    @property
    def _name(self) -> str:
        return f"the program {Path(self.arguments[0]).name}"


class CommandFormat(Format, PathHasher):
    """A format that is carried by another one and computed by a program."""

    def __init__(self, carrier: Format, command: Command, encoding: str) -> None:
        """Take the format that reads, writes and compares, and the encoding of the output."""
        self.spec = replace(carrier.spec, default=True, fidelity=_FIDELITY)
        self._carrier = carrier
        self._command = command
        self._encoding = encoding

    def hash_path(self, path: Path) -> Hash:
        """Return the hash that the program prints; raises MediaError."""
        printed = self._command.output(path)
        try:
            # Strict decoding would hand what was printed on, inside of the error.
            return self.parse(printed.decode("ascii", "replace"), self._encoding)
        except HashParseError:
            raise MediaCrashError(
                f"the program printed something else than one {self.spec.id} hash "
                f"as {self._encoding}"
            ) from None

    def parse_part(self, text: str, encoding: str | None = None) -> bytes:
        """Return what the carrying format does."""
        return self._carrier.parse_part(text, encoding)

    def render_part(self, value: bytes, encoding: str | None = None) -> str:
        """Return what the carrying format does."""
        return self._carrier.render_part(value, encoding)

    def parse(self, text: str, encoding: str | None = None) -> Hash:
        """Return what the carrying format does."""
        return self._carrier.parse(text, encoding)

    def render(self, value: Hash, encoding: str | None = None) -> str:
        """Return what the carrying format does."""
        return self._carrier.render(value, encoding)

    def distance_of_own(self, a: Hash, b: Hash) -> float:
        """Return what the carrying format does."""
        return self._carrier.distance_of_own(a, b)

    def compare(self, a: Hash, b: Hash) -> Comparison:
        """Return what the carrying format does."""
        return self._carrier.compare(a, b)


def _end_with_parent() -> None:
    """Have the system kill the program when this process is killed, as on its own time limit."""
    _LIBC.prctl(_DEATH_SIGNAL, signal.SIGKILL)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill what may still run of the program and of all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _ending(code: int) -> str:
    return f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code}"
