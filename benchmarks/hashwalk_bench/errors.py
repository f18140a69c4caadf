"""What the benchmark raises, below the one root of hashwalk's errors."""

from hashwalk.errors import HashwalkError, UsageError


class SuiteError(UsageError):
    """A suite names a transform, parameter or format that does not exist or makes no sense."""


class TransformError(HashwalkError):
    """A transform cannot be made of this source: the reason is one line."""


class RunError(HashwalkError):
    """A benchmark run cannot be read, or is not one."""


class PeerError(UsageError):
    """Another implementation cannot be run: the message says what to install, or where."""
