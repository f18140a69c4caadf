"""The crop-resistant hash of the imagehash package: a dhash of each bright or dark region.

Algorithm of Steinebach, Liu and Yannikos, "Efficient cropping-resistant robust image hashing"
(2014), with the parameters and the peculiarities of imagehash.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from hashwalk.errors import HashParseError
from hashwalk.format import Format, Hash, Part, PictureHasher, Shape, Threshold
from hashwalk.lanczos import resize_grey
from hashwalk.picture import Picture
from hashwalk.searchable import LeastOverParts
from hashwalk_formats.imagehash_format import imagehash_spec

_SIDE = 300
_BRIGHT = 128
_SMALLEST_REGION = 500
_BORDER = 4 * _SIDE

Box = tuple[int, int, int, int]


class _Region(NamedTuple):
    """Pixels of one kind that hang together by their sides, in raster order of the first."""

    box: tuple[slice, slice]
    pixels: int


class CropResistant(Format, PictureHasher, LeastOverParts):
    """A set of 64-bit hashes, one a region of the picture.

    Two hashes are as far apart as their nearest regions, so that the threshold gives the same
    verdict as ``matches`` of imagehash (one region with at most a quarter of its bits
    different). The difference that imagehash computes is not symmetric and is not used.
    """

    spec = imagehash_spec(
        "crop-resistant",
        "imagehash.crop_resistant_hash(image)",
        "Crop-resistant hash: a difference hash of each region that is bright or dark.",
        strong="Finds cropped copies by a part that they share. Measured on 88 photographs: JPEG "
        "100 %, half size 100 %, text 100 %, crop 99 % within the threshold.",
        weak="Confuses: 172 of 3,000 pairs of different photographs have regions within the "
        "threshold, too. Mirrored 34 %, turned 11 %.",
        threshold=Threshold(
            16, "imagehash, ImageMultiHash.matches: one region within a quarter of its bits"
        ),
        libraries=("Pillow", "numpy", "scipy"),
        shape=Shape.SEGMENTS,
    )
    grey_sizes = frozenset({(_SIDE, _SIDE)})

    def hash_picture(self, picture: Picture) -> Hash:
        """Return the hashes of the regions, or of the whole picture if there are none."""
        boxes = [_box(r, picture) for r in _large_regions(_smoothed(picture))]
        whole = (0, 0, picture.width, picture.height)
        return Hash(self.spec.id, tuple(Part(_dhash(picture, b)) for b in boxes or [whole]))

    def parse(self, text: str, encoding: str | None = None) -> Hash:
        """Read hashes of regions, separated by commas; raises HashParseError."""
        if not text.strip():
            raise HashParseError(f"not a {self.spec.id} hash (the text is empty)")
        parts = (Part(self.parse_part(part, encoding)) for part in text.split(","))
        return Hash(self.spec.id, tuple(parts))

    def render(self, value: Hash, encoding: str | None = None) -> str:
        """Write the hashes of the regions, separated by commas."""
        self.check_own(value)
        return ",".join(self.render_part(p.value, encoding) for p in value.parts)

    def distance_of_own(self, a: Hash, b: Hash) -> float:
        """Return the smallest distance of a region of `a` and one of `b`."""
        return min(self.spec.distance(p.value, q.value) for p in a.parts for q in b.parts)


def _smoothed(picture: Picture) -> NDArray[np.uint8]:
    small = Image.fromarray(picture.grey_resized(_SIDE, _SIDE))
    return np.asarray(small.filter(ImageFilter.GaussianBlur()).filter(ImageFilter.MedianFilter()))


def _large_regions(plane: NDArray[np.uint8]) -> list[_Region]:
    """Return the bright regions, then the dark ones, that are large enough.

    imagehash looks for dark regions until the pixels it has seen are as many as the plane has;
    it counts the border among them, and no region of a single pixel.
    """
    regions = _regions(plane > _BRIGHT)
    seen = _BORDER + _counted(regions)
    for region in _regions(plane <= _BRIGHT):
        if seen >= plane.size:
            break
        regions.append(region)
        seen += _counted([region])
    return [r for r in regions if r.pixels > _SMALLEST_REGION]


def _counted(regions: list[_Region]) -> int:
    return sum(r.pixels for r in regions if r.pixels > 1)


def _regions(mask: NDArray[np.bool_]) -> list[_Region]:
    labels, _ = scipy.ndimage.label(mask)
    found, first = np.unique(labels, return_index=True)
    sizes = np.bincount(labels.ravel())
    boxes = scipy.ndimage.find_objects(labels)
    order = found[np.argsort(first)]
    return [_Region(boxes[i - 1], int(sizes[i])) for i in order if i]


def _box(region: _Region, picture: Picture) -> Box:
    """Return the (left, top, right, bottom) of a region in pixels of the picture."""
    rows, columns = region.box
    across, down = picture.width / _SIDE, picture.height / _SIDE
    edges = (columns.start * across, rows.start * down, columns.stop * across, rows.stop * down)
    left, top, right, bottom = map(round, edges)
    return left, top, right, bottom


def _dhash(picture: Picture, box: Box) -> bytes:
    """Return the hash of a box; of a tiny picture's it may be empty, which counts as black."""
    left, top, right, bottom = box
    if left == right or top == bottom:
        return bytes(8)
    pixels = resize_grey(picture.grey[top:bottom, left:right], [(9, 8)])[9, 8]
    return np.packbits(pixels[:, 1:] > pixels[:, :-1]).tobytes()


CROP_RESISTANT = CropResistant()
