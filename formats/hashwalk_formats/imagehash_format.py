"""What the formats of the imagehash package have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import NDArray

from hashwalk.distances import Hamming
from hashwalk.encodings import Base64, Hex
from hashwalk.format import (
    Format,
    FormatSpec,
    Hash,
    Kind,
    PictureHasher,
    Shape,
    Threshold,
)
from hashwalk.picture import Picture

Bits = NDArray[np.bool_]

IMAGEDEDUP_THRESHOLD = Threshold(
    10, "imagededup, default max_distance_threshold of its 64-bit hashes"
)

_FIDELITY = (
    "Equal to imagehash 4.3 bit for bit with the same Pillow. From version 13 on Pillow resizes "
    "tall pictures along the columns first, so that hashes of them made with an older Pillow can "
    "differ in some bits (up to 7 of 64 were seen)."
)
_USED_BY = (
    "Users of the Python package ImageHash. Nobody is known to exchange lists of it publicly."
)


class ImagehashFormat(Format, PictureHasher):
    """A format whose value is an array of bits, packed row by row as imagehash writes it."""

    def __init__(
        self,
        spec: FormatSpec,
        bits: Callable[[Picture], Bits],
        grey_sizes: Collection[tuple[int, int]] = (),
    ) -> None:
        """Take the function that computes the bits and the resized planes it asks for."""
        self.spec = spec
        self.grey_sizes = frozenset(grey_sizes)
        self._bits = bits

    def hash_picture(self, picture: Picture) -> Hash:
        """Return the packed bits of `picture`; raises MediaError when it has none."""
        return Hash.of(self.spec.id, np.packbits(self._bits(picture)).tobytes())


def imagehash_spec(  # noqa: PLR0913
    format_id: str,
    call: str,
    summary: str,
    *,
    strong: str,
    weak: str,
    bits: int = 64,
    threshold: Threshold | None = None,
    libraries: tuple[str, ...] = ("Pillow", "numpy"),
    shape: Shape = Shape.WHOLE,
    fidelity: str = _FIDELITY,
) -> FormatSpec:
    """Return the card of the format that the imagehash call `call` computes."""
    return FormatSpec(
        id=format_id,
        summary=summary,
        kind=Kind.PICTURE,
        bits=bits,
        distance=Hamming(),
        threshold=threshold,
        licence="BSD-2-Clause",
        encodings=(Hex(bits), Base64(bits)),
        interchangeable_with=(f"{call} (Python package ImageHash)",),
        shape=shape,
        source="https://github.com/JohannesBuchner/imagehash",
        fidelity=fidelity,
        strong=strong,
        weak=weak,
        used_by=_USED_BY,
        libraries=libraries,
    )
