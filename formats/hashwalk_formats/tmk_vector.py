"""TMK+PDQF vectors: what a video becomes, and their file layout.

Source: facebook/ThreatExchange, tmk/cpp; Poullot et al. 2015 for the temporal matching kernel.
"""

from __future__ import annotations

import functools
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import iv

MAGIC = b"TMK1FVECPDQF"
FRAMES_A_SECOND = 15
PERIODS = (2731, 4391, 9767, 14653)
COEFFICIENTS = 32
DIMENSION = 256
MOST_FRAMES = 2**31 - 1
_BETA = 32
_HEADER = struct.Struct("<12s5i4i")
_SHAPE = (len(PERIODS), COEFFICIENTS, DIMENSION)
_FLOATS = COEFFICIENTS + DIMENSION + 2 * len(PERIODS) * COEFFICIENTS * DIMENSION
VECTOR_BYTES = _HEADER.size + 4 * _FLOATS

Floats = NDArray[np.float32]


@functools.cache
def kernel_weights() -> Floats:
    """Return the 32 Fourier coefficients of the kernel, those of every reference file.

    The constant term of the modified Bessel series lacks what the kernel's tail would add.
    """
    bessel = iv(np.arange(COEFFICIENTS), _BETA)
    bessel[0] = (bessel[0] - np.exp(-_BETA)) / 2
    weights: Floats = (bessel / np.sinh(_BETA)).astype(np.float32)
    weights.flags.writeable = False
    return weights


@dataclass(frozen=True, slots=True, eq=False)
class TmkVector:
    """The features of one video.

    `mean` (256) is the level-1 feature, the mean of the frames' coefficients; `cos` and `sin`
    (4 periods, 32 coefficients, 256) are the level-2 features.
    """

    frame_count: int
    mean: Floats
    cos: Floats
    sin: Floats

    def to_bytes(self) -> bytes:
        """Return the content of a ``.tmk`` file: little-endian, 263,344 bytes."""
        sizes = (FRAMES_A_SECOND, *_SHAPE, self.frame_count)
        arrays = (kernel_weights(), self.mean, self.cos, self.sin)
        return _HEADER.pack(MAGIC, *sizes, *PERIODS) + b"".join(
            np.asarray(array, "<f4").tobytes() for array in arrays
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> TmkVector:
        """Read the content of a ``.tmk`` file, without a copy; raises ValueError."""
        if len(content) != VECTOR_BYTES:
            raise ValueError(f"expected {VECTOR_BYTES} bytes of TMK+PDQF, got {len(content)}")
        magic, *sizes = _HEADER.unpack_from(content)
        if magic != MAGIC:
            raise ValueError("the bytes do not begin as a TMK+PDQF file does")
        if sizes[:4] != [FRAMES_A_SECOND, *_SHAPE] or sizes[5:] != [*PERIODS]:
            raise ValueError("the vector was made with other TMK parameters")
        floats = np.frombuffer(content, "<f4", offset=_HEADER.size)
        weights, mean, waves = np.split(floats, (COEFFICIENTS, COEFFICIENTS + DIMENSION))
        in_range = np.abs(waves).max() <= 1 and np.isfinite(mean).all()
        if sizes[4] <= 0 or not in_range:
            raise ValueError("the vector holds numbers that no video gives")
        if not np.array_equal(weights, kernel_weights()):
            raise ValueError("the vector was made with another kernel than TMK+PDQF's")
        cos, sin = waves.reshape(2, *_SHAPE)
        return cls(sizes[4], mean, cos, sin)
