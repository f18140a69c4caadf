"""What this process has of memory, and whether an error comes of having too little."""

from __future__ import annotations

import errno
import math
import resource
from collections.abc import Iterator
from pathlib import Path

_OPENCV_LACKS_MEMORY = -4
_WORDS = (
    *("out of memory", "memory allocation", "failed to allocate", "cannot allocate", "bad_alloc"),
    *("failed to map segment", "start new thread"),
)
"""What C libraries, the loader and threads say, in no class of their own."""
_LEAST_ROOM = 16 << 20


def data_bytes() -> int:
    """Return how much private writable memory the process has, 0 where the system does not tell."""
    return _status_bytes("VmData")


def memory_left() -> float:
    """Return how many bytes more the process may have by its limits, infinity without any."""
    limits = ((resource.RLIMIT_DATA, "VmData"), (resource.RLIMIT_AS, "VmSize"))
    soft = ((resource.getrlimit(limit)[0], name) for limit, name in limits)
    left = (most - _status_bytes(name) for most, name in soft if most != resource.RLIM_INFINITY)
    return min(left, default=math.inf)


def lacks_memory(error: BaseException, needed: int = 0) -> bool:
    """Tell whether `error` comes of a lack of memory, or may come of it.

    It may where the process has a limit and, of the `needed` bytes, not enough is left below it:
    most decoders say no more than that they failed.
    """
    return any(map(_says_so, _chain(error))) or memory_left() < needed + _LEAST_ROOM


def _status_bytes(name: str) -> int:
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    lines = (line.split() for line in status.splitlines() if line.startswith(f"{name}:"))
    return next((int(words[1]) << 10 for words in lines), 0)


def _says_so(error: BaseException) -> bool:
    # OpenCV's errors carry the code of its C interface.
    if type(error).__module__ == "cv2" and getattr(error, "code", None) == _OPENCV_LACKS_MEMORY:
        return True
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    words = str(error).lower()
    return any(phrase in words for phrase in _WORDS)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, and those that led to it."""
    seen: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in seen:
        seen.append(following)
        yield following
        following = following.__cause__ or following.__context__
