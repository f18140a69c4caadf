"""Less of the picture: strips cut off its sides."""

from __future__ import annotations

from PIL import Image

from hashwalk_bench.transforms.declaration import choice, share
from hashwalk_bench.transforms.picture_edit import check_size, picture_edit

_SIDES = {
    "all": (1, 1, 1, 1),
    "left": (1, 0, 0, 0),
    "top": (0, 1, 0, 0),
    "right": (0, 0, 1, 0),
    "bottom": (0, 0, 0, 1),
    "top-left": (1, 1, 0, 0),
    "top-right": (0, 1, 1, 0),
    "bottom-right": (0, 0, 1, 1),
    "bottom-left": (1, 0, 0, 1),
}
"""Whether something is cut off the left, the top, the right and the bottom."""


def crop(picture: Image.Image, share: float, sides: str) -> Image.Image:
    """Return the picture without a `share` of its width or height at each of the `sides` (Pillow).

    `sides` are all, one, or the two that meet in a corner.
    """
    across, down = round(share * picture.width), round(share * picture.height)
    left, top, right, bottom = _SIDES[sides]
    box = (
        left * across,
        top * down,
        picture.width - right * across,
        picture.height - bottom * down,
    )
    check_size(box[2] - box[0], box[3] - box[1])
    return picture.crop(box)


TRANSFORMS = (
    picture_edit(
        crop,
        family="cropping",
        words="crop by {share}",
        takes=(
            share("share", 0.001, 0.49),
            choice("sides", *_SIDES, default="all", words=", {sides} only"),
        ),
    ),
)
