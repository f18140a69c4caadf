"""The scale of a format: the distances at which its pairs are counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk.distances import Equality, Hamming
from hashwalk.format import Format
from hashwalk.searchable import CosineBounded, FrameLists, LeastOverParts

Distances = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scale:
    """A grid of distances, growing, and what they count in words.

    Bin i holds the distances in (grid[i-1], grid[i]], bin 0 those up to grid[0], the last one
    all that are farther too. The published threshold is a value of the grid.
    """

    grid: NDArray[np.float64]
    unit: str

    def __len__(self) -> int:
        """Return the number of bins."""
        return len(self.grid)

    def bins(self, distances: Distances) -> NDArray[np.intp]:
        """Return the bin of each distance, of any shape; `len(scale)` for inf (unusable)."""
        found = np.searchsorted(self.grid.astype(np.float32), distances, "left")
        return np.where(np.isinf(distances), len(self), np.minimum(found, len(self) - 1))

    def bin_of(self, threshold: float) -> int:
        """Return the last bin that a threshold matches whole, -1 if none."""
        return int(np.searchsorted(self.grid, threshold, "right")) - 1


def scale_of(compared: Format) -> Scale:
    """Return the scale of a format, the same for every run, so that counts can be pooled."""
    grid, unit = _grid(compared)
    threshold = compared.spec.threshold
    known = [] if threshold is None else [threshold.value]
    return Scale(np.unique(np.concatenate([grid, known])), unit)


def counts_bits(compared: Format) -> bool:
    """Tell whether the distance is Hamming's of two values, or the least of any two parts."""
    if isinstance(compared, FrameLists) or compared.spec.bits is None:
        return False
    return isinstance(compared, LeastOverParts) or (
        type(compared.spec.distance) is Hamming and keeps_distance(compared)
    )


def keeps_distance(compared: Format) -> bool:
    """Tell whether the format's distance is the one its spec declares, of two single values."""
    return type(compared).distance_of_own is Format.distance_of_own


def _grid(compared: Format) -> tuple[NDArray[np.float64], str]:
    distance = compared.spec.distance
    if counts_bits(compared):
        bits = compared.spec.bits or 0
        return np.arange(bits + 1, dtype=np.float64), f"bits of {bits}"
    if isinstance(compared, FrameLists):
        return np.arange(201) / 200, "share of unmatched frames"
    if type(distance) is Equality and keeps_distance(compared):
        return np.array([0.0, 1.0]), "0 if equal, else 1"
    if isinstance(compared, CosineBounded):
        return np.arange(401) / 200, f"{distance.name}, 0 to 2"
    if distance.name == "peak cross correlation":
        return np.arange(401) / 400, "1 less the peak of cross correlation, 0 to 1"
    return np.concatenate([[0.0], 10.0 ** (np.arange(-300, 301) / 50)]), distance.name
