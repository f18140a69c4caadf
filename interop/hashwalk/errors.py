"""Every exception hashwalk raises.

::

    HashwalkError
    ├── UsageError                 an argument makes no sense
    ├── FormatError                something about a format
    │   ├── UnknownFormatError     no installed package offers the id
    │   ├── DuplicateFormatError   two packages claim one id
    │   ├── BrokenFormatError      a package offers the id but cannot deliver it
    │   ├── FormatMismatchError    a hash was given to a format that is not its own
    │   ├── HashParseError         a text is not a hash of the format
    │   └── NotComputableError     the format can be carried but not computed here
    ├── MediaError                 a file cannot be hashed; ``code`` says why
    │   ├── UnreadableError        the content cannot be read at all
    │   ├── TruncatedError         the content breaks off in the middle
    │   ├── UnsupportedError       no decoder, or the format cannot take this media
    │   ├── TooLargeError          a limit on size or pixels was passed
    │   ├── MediaMemoryError       the memory limit was passed
    │   ├── MediaTimeoutError      the time limit was passed
    │   └── MediaCrashError        the decoder or a format crashed
    ├── CrosswalkError             a cross-walk cannot be read or written
    │   ├── CrosswalkSchemaError   it has another schema, or a damaged part
    │   ├── CrosswalkBusyError     another job is writing to it
    │   └── CrosswalkConflictError members of a merge have different hashes of the same bytes
    ├── LabelsError                a file of labels cannot be read
    ├── HashListError              a hash list cannot be read or written
    │   └── AmbiguousAlgorithmError   it names no algorithm, and its values fit several
    ├── IndexFileError             an index cannot be read or written
    └── ConfigurationError         hashwalk.toml cannot be read, or asks for what cannot be
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class FailureCode(StrEnum):
    """Why a file, or one format of it, has no hash."""

    UNREADABLE = "unreadable"
    TRUNCATED = "truncated"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too-large"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out-of-memory"


class HashwalkError(Exception):
    """The root of all errors that hashwalk raises on purpose."""


class UsageError(HashwalkError):
    """An argument makes no sense; the message says which and what to give instead."""


class FormatError(HashwalkError):
    """The root of errors about formats."""


class UnknownFormatError(FormatError, KeyError):
    """No installed package offers the format id; a KeyError too, as formats are a mapping."""

    def __str__(self) -> str:
        """Return the message itself, where KeyError would quote it."""
        return Exception.__str__(self)


class DuplicateFormatError(FormatError):
    """Two installed packages claim one format id."""


class BrokenFormatError(FormatError):
    """A package offers the format id, but loading it failed."""


class FormatMismatchError(FormatError):
    """A hash was handed to a format that is not its own."""


class HashParseError(FormatError):
    """A text is not a hash of the format."""


class NotComputableError(FormatError):
    """The format can be parsed, rendered and compared, but not computed here."""


class MediaError(HashwalkError):
    """A file, or one format of it, cannot be hashed; ``code`` is the failure code."""

    code: ClassVar[FailureCode] = FailureCode.UNREADABLE


class UnreadableError(MediaError):
    """The content cannot be read at all."""


class TruncatedError(MediaError):
    """The content breaks off in the middle."""

    code = FailureCode.TRUNCATED


class UnsupportedError(MediaError):
    """There is no decoder for the content, or the format cannot take this media."""

    code = FailureCode.UNSUPPORTED


class TooLargeError(MediaError):
    """A limit on bytes, pixels or frames was passed."""

    code = FailureCode.TOO_LARGE


class MediaMemoryError(MediaError):
    """Decoding or hashing needs more memory than the limit."""

    code = FailureCode.OUT_OF_MEMORY


class MediaTimeoutError(MediaError):
    """Decoding or hashing took longer than the limit."""

    code = FailureCode.TIMEOUT


class MediaCrashError(MediaError):
    """The decoder or a format failed in a way it should not."""

    code = FailureCode.CRASHED


class CrosswalkError(HashwalkError):
    """A cross-walk cannot be read or written."""


class CrosswalkSchemaError(CrosswalkError):
    """A cross-walk has another schema than this version reads, or a damaged part."""


class CrosswalkBusyError(CrosswalkError):
    """Another job is writing to the cross-walk."""


class CrosswalkConflictError(CrosswalkError):
    """Cross-walks that were to be merged have different hashes of the same bytes.

    `conflicts` holds a (SHA-256, format, names of two that differ) for each such hash.
    """

    def __init__(
        self, message: str, conflicts: tuple[tuple[str, str, tuple[str, str]], ...] = ()
    ) -> None:
        """Take the one line of reason, and what is in conflict."""
        super().__init__(message)
        self.conflicts = conflicts


class LabelsError(HashwalkError):
    """A file of classification labels cannot be read."""


class HashListError(HashwalkError):
    """A hash list cannot be read or written; the message says which and where."""


class AmbiguousAlgorithmError(HashListError):
    """A hash list names no algorithm, and its values fit several: `candidates`, format ids."""

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        """Take the one line of reason, which names the candidates, and their ids."""
        super().__init__(message)
        self.candidates = candidates


class IndexFileError(HashwalkError):
    """A file of an index cannot be read or written."""


class ConfigurationError(HashwalkError):
    """The configuration file cannot be read, or asks for what cannot be."""
