"""More around the picture: borders and bars."""

from __future__ import annotations

from PIL import Image, ImageFilter

from hashwalk_bench.transforms.declaration import choice, share, whole
from hashwalk_bench.transforms.picture_edit import check_size, picture_edit

_FILLS = ("black", "white", "blurred")
_BLURRED_SIDE = 64


def border(picture: Image.Image, share: float, fill: str) -> Image.Image:
    """Return the picture with a border of a `share` of its width and height on each side (Pillow).

    `fill` is black, white, or blurred: the picture itself, stretched under the border.
    """
    across, down = (max(1, round(share * side)) for side in picture.size)
    return _surrounded(picture, across, down, fill)


def border_px(picture: Image.Image, pixels: int, fill: str) -> Image.Image:
    """Return the picture with a border of so many `pixels` on each side (Pillow)."""
    return _surrounded(picture, pixels, pixels, fill)


def letterbox(picture: Image.Image, share: float, fill: str) -> Image.Image:
    """Return the picture with bars of a `share` of its height above and below (Pillow)."""
    return _surrounded(picture, 0, max(1, round(share * picture.height)), fill)


def pillarbox(picture: Image.Image, share: float, fill: str) -> Image.Image:
    """Return the picture with bars of a `share` of its width at the left and right (Pillow)."""
    return _surrounded(picture, max(1, round(share * picture.width)), 0, fill)


def _surrounded(picture: Image.Image, across: int, down: int, fill: str) -> Image.Image:
    size = picture.width + 2 * across, picture.height + 2 * down
    check_size(*size)
    canvas = _blurred(picture, size) if fill == "blurred" else Image.new("RGB", size, fill)
    canvas.paste(picture, (across, down))
    return canvas


def _blurred(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the picture stretched to a size, with no detail left."""
    small = picture.resize((_BLURRED_SIDE, _BLURRED_SIDE), Image.Resampling.BOX)
    soft = small.filter(ImageFilter.GaussianBlur(_BLURRED_SIDE / 32))
    return soft.resize(size, Image.Resampling.BICUBIC)


_BORDERING = "bordering"
_FILL = choice("fill", *_FILLS, default="black", words=", {fill}")
_SHARE = share("share", 0.001, 1)

TRANSFORMS = (
    picture_edit(border, family=_BORDERING, words="border of {share}", takes=(_SHARE, _FILL)),
    picture_edit(
        border_px,
        family=_BORDERING,
        words="border of {pixels} px",
        takes=(whole("pixels", 1, 4096), _FILL),
    ),
    picture_edit(
        letterbox,
        family=_BORDERING,
        words="bars of {share} above and below",
        takes=(_SHARE, _FILL),
    ),
    picture_edit(
        pillarbox,
        family=_BORDERING,
        words="bars of {share} left and right",
        takes=(_SHARE, _FILL),
    ),
)
