"""An implementation in a process of its own, which hashes one file after the other."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from hashwalk_bench.conformance import implementations
from hashwalk_bench.conformance.implementations import Implementation
from hashwalk_bench.errors import PeerError

SECONDS_A_FILE = 300.0
"""How long an implementation may take for one file before it is given up."""


class Installed(NamedTuple):
    """What an implementation runs as; `missing` has the calls that cannot be made, with why."""

    version: str
    python: str
    libraries: dict[str, str]
    missing: dict[str, str]


class Answer(NamedTuple):
    """The packed values that calls gave for a file, and the reasons of those that failed."""

    values: dict[str, tuple[bytes, ...]]
    failed: dict[str, str]


class Asked:
    """A context in which an implementation answers; started anew where a file has killed it.

    `python` is the interpreter in which it is installed, by default our own. Raises PeerError
    on entry where the interpreter or every one of `calls` cannot be run.
    """

    installed: Installed

    def __init__(
        self,
        implementation: Implementation,
        calls: Sequence[str],
        python: str | None = None,
        seconds_a_file: float = SECONDS_A_FILE,
    ) -> None:
        """Take what is asked of whom; nothing is started before the context is entered."""
        self._implementation = implementation
        self._calls = calls
        self._python = python or sys.executable
        self._seconds = seconds_a_file
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the process, and read what is installed."""
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self._stop()

    def hashes(self, path: str, calls: Iterable[str]) -> Answer:
        """Return what the calls give for a file; a crash or a hang is the failure of all."""
        wanted = [call for call in calls if call not in self.installed.missing]
        if self._process is None:
            self._start()
        line, too_late = self._exchange({"path": str(Path(path).absolute()), "calls": wanted})
        if not line:
            self._stop()
            reason = f"no answer in {self._seconds:g} s" if too_late else "it crashed"
            return Answer({}, dict.fromkeys(wanted, reason))
        found = json.loads(line)
        values = found["values"].items()
        return Answer({n: tuple(map(bytes.fromhex, v)) for n, v in values}, found["failed"])

    def _start(self) -> None:
        program = [self._python, implementations.__file__, self._implementation.name, *self._calls]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the user names the interpreter
                program,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise PeerError(f"--python {self._python} cannot be run: {error.strerror}") from error
        line, _ = self._exchange(None)
        if not line:
            self._stop()
            raise PeerError(
                f"{self._python} does not run {self._implementation.name}: it has to be Python "
                f"3.9 or later, with {self._implementation.distribution} installed"
            )
        self.installed = Installed(**json.loads(line))
        self._require_a_call()

    def _require_a_call(self) -> None:
        missing = self.installed.missing
        if not missing.keys() >= set(self._calls):
            return
        self._stop()
        name, distribution = self._implementation.name, self._implementation.distribution
        install = f"{shlex.quote(self._python)} -m pip install {shlex.quote(distribution)}"
        raise PeerError(
            f"{name} cannot be asked, {next(iter(missing.values()))}: `{install}`, or name the "
            "interpreter of an environment that has it with --python"
        )

    def _exchange(self, request: dict[str, object] | None) -> tuple[bytes, bool]:
        """Return the next line of the answer, empty where none comes, and whether it is late."""
        process = self._process
        assert process is not None  # noqa: S101 - started by whoever calls
        late = threading.Event()
        timer = threading.Timer(self._seconds, _end, (process, late))
        timer.start()
        try:
            return _asked(process, request), late.is_set()
        finally:
            timer.cancel()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for stream in (process.stdin, process.stdout):
                _close(stream)
            process.wait()


def _asked(process: subprocess.Popen[bytes], request: dict[str, object] | None) -> bytes:
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    try:
        if request is not None:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        return b""
    return line if line.endswith(b"\n") else b""


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _close(stream: IO[bytes] | None) -> None:
    try:
        if stream is not None:
            stream.close()
    except BrokenPipeError:
        pass
