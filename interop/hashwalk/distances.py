"""Distances between two packed hash values: 0 for equal values, larger for less alike."""

from __future__ import annotations

import math
import struct
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Distance(ABC):
    """A symmetric, non-negative function of two values with ``d(a, a) == 0``.

    ``metric`` says whether the triangle inequality holds, so that search trees may rely on it.
    """

    name: str
    metric: bool = True

    @abstractmethod
    def __call__(self, a: bytes, b: bytes) -> float:
        """Return the distance of two values of one format."""

    def between(self, a: Sequence[bytes], b: Sequence[bytes]) -> NDArray[np.float64]:
        """Return the distances of each of `a` and each of `b`, as an array (len(a), len(b))."""
        import numpy as np  # noqa: PLC0415 - distances are declared where nothing is computed

        found = [[self(one, two) for two in b] for one in a]
        return np.array(found, np.float64).reshape(len(a), len(b))


@dataclass(frozen=True, slots=True)
class Hamming(Distance):
    """The number of differing bits."""

    name: str = "hamming"

    def __call__(self, a: bytes, b: bytes) -> float:
        """Return the number of differing bits, 0 to the number of bits."""
        return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).bit_count()


@dataclass(frozen=True, slots=True)
class Equality(Distance):
    """0 for the same value, 1 for any other."""

    name: str = "equality"

    def __call__(self, a: bytes, b: bytes) -> float:
        """Return 0 or 1."""
        return float(a != b)


@dataclass(frozen=True, slots=True)
class Euclidean(Distance):
    """The Euclidean distance of two vectors of little-endian float64."""

    name: str = "euclidean"

    def __call__(self, a: bytes, b: bytes) -> float:
        """Return the length of the difference."""
        count = len(a) // 8
        return math.dist(struct.unpack(f"<{count}d", a), struct.unpack(f"<{count}d", b))
