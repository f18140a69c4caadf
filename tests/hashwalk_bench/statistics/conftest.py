"""Simulated pairs that share pictures: pictures that attract collisions, and kinds of pictures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

KINDS, SPREAD = 5, 0.4

PairCounts = Callable[
    [np.random.Generator, int, int, float, int], tuple[NDArray[np.int64], NDArray[np.int64]]
]


def propensities(
    rng: np.random.Generator, nodes: int, worlds: int, rate: float
) -> NDArray[np.float64]:
    """Return the probability that a pair collides, (nodes, nodes, worlds), with the mean `rate`.

    Each picture has a log-normal tendency to collide, and pairs of one kind collide 3 times as
    often as others.
    """
    tendency = rng.normal(size=(nodes, worlds)) * SPREAD - SPREAD**2 / 2
    kind = rng.integers(0, KINDS, (nodes, worlds))
    same = kind[:, None] == kind[None]
    of_kinds = np.where(same, 3.0, 1.0) / (1 + 2 / KINDS)
    return np.minimum(rate * of_kinds * np.exp(tendency[:, None] + tendency[None]), 1)


@pytest.fixture(scope="session")
def pair_counts() -> PairCounts:
    """What makes collisions of dependent pairs in many worlds at once."""
    return _pair_counts


def _pair_counts(
    rng: np.random.Generator, nodes: int, worlds: int, rate: float, queries: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return counts (nodes, nodes, worlds) of collisions and trials (nodes, nodes)."""
    trials = np.full((nodes, nodes), queries)
    np.fill_diagonal(trials, 0)
    chances = propensities(rng, nodes, worlds, rate)
    return rng.binomial(trials[:, :, None], chances), trials
