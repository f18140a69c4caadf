"""Edits one after the other, as a picture meets them on its way."""

from __future__ import annotations

from PIL import Image

from hashwalk_bench.transforms.coding import jpeg
from hashwalk_bench.transforms.cropping import crop
from hashwalk_bench.transforms.declaration import Encoded, share, whole
from hashwalk_bench.transforms.overlaying import screenshot
from hashwalk_bench.transforms.picture_edit import picture_edit
from hashwalk_bench.transforms.scaling import scale_to


def messaging(picture: Image.Image, side: int, quality: int) -> Encoded:
    """Return what a messenger sends on: a JPEG whose longer side is `side` at most (Pillow)."""
    small = scale_to(picture, side) if max(picture.size) > side else picture
    return jpeg(small, quality, "4:2:0")


def screenshot_cropped(picture: Image.Image, share: float, quality: int) -> Encoded:
    """Return a screenshot without a `share` at each side, as a JPEG (Pillow)."""
    return jpeg(crop(screenshot(picture), share, "all"), quality, "4:2:0")


TRANSFORMS = (
    picture_edit(
        messaging,
        family="chains",
        words="sent by a messenger: {side} px, JPEG {quality}",
        takes=(whole("side", 16, 16384, 1600), whole("quality", 1, 100, 70)),
    ),
    picture_edit(
        screenshot_cropped,
        family="chains",
        words="screenshot, crop by {share}, JPEG {quality}",
        takes=(share("share", 0.001, 0.49, 0.05), whole("quality", 1, 100, 75)),
    ),
)
