"""Which copies of each source stand for all of them where each is compared with each."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from hashwalk_bench.moving.finding import Ints

NOBODY = -1
"""What a place holds for which a source has too few copies."""


def sampled(own: Ints, keys: Sequence[str], count: int, seed: int) -> Ints:
    """Return up to `count` copies of each source, a row a source, the same for equal arguments.

    `own` is the number of each copy's source, `keys` tell the sources (their SHA-256). Rows are
    in order, filled up with `NOBODY`.
    """
    chosen = np.full((len(keys), count), NOBODY, np.int64)
    order = np.argsort(own, kind="stable")
    bounds = np.searchsorted(own[order], np.arange(len(keys) + 1))
    for source, key in enumerate(keys):
        copies = order[bounds[source] : bounds[source + 1]]
        some = _generator(seed, key).permutation(copies)[:count]
        chosen[source, : len(some)] = np.sort(some)
    return chosen


def _generator(seed: int, key: str) -> np.random.Generator:
    digest = sha256(f"moving {seed} {key}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))
