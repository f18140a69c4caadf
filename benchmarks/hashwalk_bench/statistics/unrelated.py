"""How far apart unrelated media are, and to how many free bits that amounts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


def moments(histogram: NDArray[np.generic], grid: NDArray[np.generic]) -> tuple[Reals, Reals]:
    """Return mean and variance of distances counted in (…, bins), each taken at its grid value."""
    counts, values = np.asarray(histogram, np.float64), np.asarray(grid, np.float64)
    total = np.maximum(counts.sum(axis=-1), 1)
    mean = counts @ values / total
    variance = counts @ values**2 / total - mean**2
    return np.asarray(mean, np.float64), np.asarray(np.maximum(variance, 0), np.float64)


def effective_bits(histogram: NDArray[np.generic], bits: int) -> Reals:
    """Return p (1 - p) / σ² of the share p of bits that differ in unrelated pairs.

    It is the number of independent bits whose distances would vary as much (Daugman 2003); NaN
    where the distances do not vary. `histogram` is (…, bits + 1), by the number of bits.
    """
    mean, variance = moments(histogram, np.arange(bits + 1) / bits)
    with np.errstate(divide="ignore", invalid="ignore"):
        free = np.where(variance > 0, mean * (1 - mean) / variance, np.nan)
    return np.asarray(free, np.float64)
