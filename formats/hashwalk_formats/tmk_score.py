"""How alike two TMK+PDQF vectors are: on average (level 1), and aligned in time (level 2).

Source: facebook/ThreatExchange, tmk/cpp.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashwalk_formats.tmk_vector import COEFFICIENTS, PERIODS, Floats, TmkVector, kernel_weights

_AT_ONCE = 32

Reals = NDArray[np.float64]


class Scores(NamedTuple):
    """The cosine of the means, and the highest value of the kernel over all shifts in time.

    1 for a video and itself; a vector of zeros (no frame has any contrast) scores 0.
    """

    level1: float
    level2: float


class Found(NamedTuple):
    """A candidate that passes level 1: its number, and its scores."""

    number: int
    scores: Scores


def scores(a: TmkVector, b: TmkVector) -> Scores:
    """Return both scores of a pair."""
    return Scores(float(level1(a, [b])[0]), float(level2(a, [b])[0]))


def search(query: TmkVector, candidates: Sequence[TmkVector], floor: float) -> Iterator[Found]:
    """Yield the candidates whose level 1 is at least `floor`, with both scores, in order."""
    means = level1(query, candidates)
    passing = np.flatnonzero(means >= floor)
    for start in range(0, len(passing), _AT_ONCE):
        some = passing[start : start + _AT_ONCE]
        aligned = level2(query, [candidates[index] for index in some])
        for index, score in zip(some, aligned, strict=True):
            yield Found(int(index), Scores(float(means[index]), float(score)))


def level1(query: TmkVector, candidates: Sequence[TmkVector]) -> Reals:
    """Return the cosine of the query's mean with that of each candidate."""
    if not candidates:
        return np.zeros(0)
    means = np.array([c.mean for c in candidates], np.float64)
    mean = query.mean.astype(np.float64)
    lengths = np.linalg.norm(means, axis=1) * np.linalg.norm(mean)
    cosines: Reals = means @ mean / np.where(lengths, lengths, 1)
    return cosines


def level2(query: TmkVector, candidates: Sequence[TmkVector]) -> Reals:
    """Return the kernel's maximum over periods and shifts, for each of a few candidates."""
    terms = np.array([_kernel_terms(query, candidate) for candidate in candidates])
    best = np.max(
        [(terms[:, period] @ waves).max(axis=1) for period, waves in enumerate(_shift_waves())],
        axis=0,
    )
    weights = kernel_weights().astype(np.float64)
    highest: Reals = best / (weights[0] + 2 * weights[1:].sum())
    return highest


def _kernel_terms(a: TmkVector, b: TmkVector) -> Floats:
    """Return the (periods, 64) coefficients of the kernel as a function of the shift."""
    together = _dots(a.cos, b.cos) + _dots(a.sin, b.sin)
    across = _dots(a.sin, b.cos) - _dots(a.cos, b.sin)
    return np.concatenate([together, across], axis=1)


def _dots(a: Floats, b: Floats) -> Floats:
    products: Floats = np.einsum("tjd,tjd->tj", a, b)
    return products


@functools.cache
def _shift_waves() -> tuple[Floats, ...]:
    """Return, for each period, the (64, period) cosines and sines of all shifts: 8 MB."""
    tables = []
    for period in PERIODS:
        turns = np.outer(np.arange(COEFFICIENTS), np.arange(period)) % period / period
        waves = np.concatenate([np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)])
        tables.append(waves.astype(np.float32))
    return tuple(tables)
