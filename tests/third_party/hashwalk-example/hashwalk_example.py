"""A picture format of 64 bits: which of 8x8 cells are brighter than the picture's mean."""

import numpy as np

from hashwalk import Format, FormatSpec, Hash, Kind, PictureHasher, Threshold
from hashwalk.distances import Hamming
from hashwalk.encodings import Hex
from hashwalk.picture import Picture


class Mean8x8(Format, PictureHasher):
    """Computes, reads, writes and compares the hash."""

    spec = FormatSpec(
        id="example-mean8x8",
        summary="cells of an 8x8 grid that are brighter than the picture's mean",
        kind=Kind.PICTURE,
        bits=64,
        distance=Hamming(),
        threshold=Threshold(8, "this package, by trial"),
        licence="CC0-1.0",
        encodings=(Hex(64),),
        source="this package",
    )
    grey_sizes = frozenset({(8, 8)})

    def hash_picture(self, picture: Picture) -> Hash:
        """Return the hash, row by row from the top left cell."""
        brighter = picture.grey_resized(8, 8) > picture.grey.mean()
        return Hash.of(self.spec.id, np.packbits(brighter).tobytes())
