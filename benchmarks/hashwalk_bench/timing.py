"""Times that are fair on a noisy machine: one core, rounds interleaved, the least counts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2

Action = Callable[[Path], object]


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process on one processor, and OpenCV in one thread, for the time being."""
    allowed = os.sched_getaffinity(0)
    threads = cv2.getNumThreads()
    os.sched_setaffinity(0, {min(allowed)})
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)
        os.sched_setaffinity(0, allowed)


def least_seconds(
    actions: Mapping[str, Action], paths: Sequence[Path], rounds: int
) -> dict[str, float]:
    """Return, by action, the sum over `paths` of the least time in seconds of all rounds.

    Each file is given to all actions in turn, so that all meet the same page cache and the
    same disturbances.
    """
    least = {name: dict.fromkeys(paths, float("inf")) for name in actions}
    for _ in range(rounds):
        for path in paths:
            for name, action in actions.items():
                start = time.perf_counter()
                action(path)
                least[name][path] = min(least[name][path], time.perf_counter() - start)
    return {name: sum(seconds.values()) for name, seconds in least.items()}
