"""What one file gave so far: hashes, and failures with their reasons."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from hashwalk.errors import FailureCode, MediaError
from hashwalk.format import Format, Hash
from hashwalk.memory import lacks_memory
from hashwalk.results import ALL_FORMATS, Failure, HashedFile, Media


@dataclass(slots=True)
class Tally:
    """Collects the hashes and failures of one file; every failure costs its own format only."""

    uri: str
    size: int = 0
    mtime_ns: int = 0
    sha256: str | None = None
    hashes: dict[str, Hash] = field(default_factory=dict)
    failed: dict[str, tuple[FailureCode, str]] = field(default_factory=dict)

    def stat(self, path: str | os.PathLike[str]) -> None:
        """Take size and time of change of a file that could not be read, if it exists."""
        with suppress(OSError, ValueError):
            status = Path(path).stat()
            self.size, self.mtime_ns = status.st_size, status.st_mtime_ns

    def blaming(self, format_id: str = ALL_FORMATS) -> Blaming:
        """Turn an exception of the block into a failure of the format, or of all formats."""
        return Blaming(self, format_id)

    def fail(self, error: Exception, format_id: str = ALL_FORMATS) -> None:
        """Take the failure of a format, or of all formats that need decoding."""
        self.failed[format_id] = failure_reason(error)

    def result(self, media: Media | None, order: Iterable[Format] = ()) -> HashedFile:
        """Return everything, with the hashes in the order of the formats.

        A hash of another format, or of a size that its format does not have, is a failure.
        """
        sound = tuple(value for offered in order if (value := self._sound(offered)) is not None)
        return HashedFile(media=media, hashes=sound, failures=tuple(self._failures()))

    def _sound(self, offered: Format) -> Hash | None:
        value = self.hashes.get(offered.spec.id)
        if value is not None:
            with self.blaming(offered.spec.id):
                offered.check_own(value)
                return value
        return None

    def _failures(self) -> Iterator[Failure]:
        for format_id, (code, message) in self.failed.items():
            yield Failure(
                uri=self.uri,
                format=format_id,
                code=code,
                message=message,
                size=self.size,
                mtime_ns=self.mtime_ns,
                sha256=self.sha256,
            )


@dataclass(frozen=True, slots=True)
class Blaming:
    """Turns an exception of its block into a failure of one format; may be used again."""

    tally: Tally
    format_id: str

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.tally.fail(error, self.format_id)
        return True


def failure_reason(error: Exception) -> tuple[FailureCode, str]:
    """Return code and one line for what a decoder or a format raised.

    Of an unexpected error only type and place are told, since its text may hold values.
    """
    if isinstance(error, MediaError):
        return error.code, " ".join(str(error).split())
    if lacks_memory(error):
        return FailureCode.OUT_OF_MEMORY, "not enough memory"
    return FailureCode.CRASHED, f"{type(error).__name__} at {_place(error)}"


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
