"""Measuring: the least of interleaved rounds, on one processor."""

from __future__ import annotations

import os
import time
from pathlib import Path

import cv2

from hashwalk_bench.timing import least_seconds, one_core


def test_one_core_is_one_core_and_is_given_back() -> None:
    allowed, threads = os.sched_getaffinity(0), cv2.getNumThreads()
    with one_core():
        assert len(os.sched_getaffinity(0)) == 1
        assert cv2.getNumThreads() == 1
    assert (os.sched_getaffinity(0), cv2.getNumThreads()) == (allowed, threads)


def test_every_file_meets_all_actions_in_turn() -> None:
    calls: list[tuple[str, str]] = []
    paths = [Path("a"), Path("b")]
    actions = {n: lambda path, n=n: calls.append((n, path.name)) for n in ("one", "two")}
    least_seconds(actions, paths, rounds=2)
    assert calls == 2 * [("one", "a"), ("two", "a"), ("one", "b"), ("two", "b")]


def test_the_least_of_the_rounds_counts_for_each_file() -> None:
    naps = iter((0.05, 0.0, 0.0, 0.05))
    seconds = least_seconds(
        {"nap": lambda _: time.sleep(next(naps))}, [Path("a"), Path("b")], rounds=2
    )
    assert seconds["nap"] < 0.05
