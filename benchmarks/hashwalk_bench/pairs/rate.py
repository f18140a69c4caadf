"""Measure how many pairs of hashes a second are compared and counted, on one core.

Values and nodes are drawn at random, and sorted by node as those of a run are. Time is the
processor's, the least of a few rounds; what it takes to compile the kernel is told apart.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

import numpy as np

from hashwalk_bench.pairs.kernels import hamming_counts
from hashwalk_bench.rows import heading, row
from hashwalk_bench.timing import one_core

ROUNDS = 5
NODES = 256
TARGETS = {64: "", 256: ">= 0.4", 576: ""}
"""Billions of pairs a second to reach, by the bits of a value."""


def counting(bits: int, references: int, queries: int) -> Callable[[], None]:
    """Return what compares all pairs of values drawn at random, with the histogram by node."""
    rng, words = np.random.default_rng(0), -(-bits // 64)
    values = rng.integers(0, 2**64, (words, references + queries), np.uint64)
    values[-1] >>= np.uint64(64 * words - bits)
    left, right = values[:, :references].T.copy(), values[:, references:].copy()
    of_left, of_right = (
        np.sort(rng.integers(0, NODES, size)).astype(np.int32) for size in (references, queries)
    )
    counts = np.zeros((NODES, NODES, bits + 1), np.int32)
    return lambda: hamming_counts(left, right, of_left, of_right, counts)


def measure(bits: int, references: int = 1000, queries: int = 50_000) -> float:
    """Return billions of pairs a second of processor time, the best of a few rounds."""
    compare = counting(bits, references, queries)
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        compare()
        seconds.append(time.process_time() - start)
    return references * queries / min(seconds) / 1e9


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the rates, and how long the kernel took to be there."""
    parser = argparse.ArgumentParser(
        prog="python -m hashwalk_bench.pairs.rate", description=__doc__
    )
    parser.parse_args(arguments)
    heading("all pairs of hashes, with the histogram by node", "")
    start = time.process_time()
    counting(64, 1, 1)()
    row("the kernel compiled or loaded, seconds", time.process_time() - start)
    with one_core():
        for bits, target in TARGETS.items():
            row(f"{bits} bits, billions of pairs a second", None, measure(bits), target)


if __name__ == "__main__":
    main()
