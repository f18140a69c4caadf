"""What a format may tell about its distance, so that an index need not compare with every hash.

Each is a capability beside :class:`~hashwalk.format.Format`, with a promise that an index relies
on. A format with none of them is searched by the distance its spec declares, and by comparing
with every hash where nothing is known of that one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hashwalk.format import Format, Hash, Part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class FrameLists(ABC):
    """Capability: a hash is a list of frame values, and two are compared by what they share.

    The distance of two lists is 1 less the greater share of different usable values that have
    a counterpart, within `tolerance`, in the other list. Where one has no usable value it is 0
    if all values are equal, else 1.
    """

    frame: Format
    """The format of one frame."""
    tolerance: float
    """The distance up to which two frames match."""

    @abstractmethod
    def usable_parts(self, value: Hash) -> Sequence[Part]:
        """Return the frames that take part in comparisons, in order."""


class LeastOverParts:
    """Capability: the distance of two hashes is the least Hamming distance of any two parts."""


class CosineBounded(ABC):
    """Capability: each hash has a vector, and hashes whose vectors differ cannot be near.

    ``distance(a, b) >= 1 - dot(vector(a), vector(b))`` holds, up to rounding.
    """

    @abstractmethod
    def vector(self, value: Hash) -> NDArray[np.float32]:
        """Return the vector of a hash, of length 1 (or 0), the same size for all hashes."""
