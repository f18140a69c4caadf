"""Something drawn over the picture or written around it."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from hashwalk_bench.transforms.declaration import share
from hashwalk_bench.transforms.picture_edit import check_size, picture_edit
from hashwalk_bench.transforms.scaling import stretched
from hashwalk_bench.transforms.stamps import emblem, smiley, title_bar, tool_bar, written

_TEXT = "Look at this!"
_WATERMARK = "(c) sample"
_TILES_ACROSS = 4


def text(picture: Image.Image, share: float, random: np.random.Generator) -> Image.Image:
    """Return the picture with a line of text at a place by chance (Pillow, its own font).

    The box around the line covers a `share` of the area.
    """
    return _stamped(picture, written(_TEXT), share, random)


def logo(picture: Image.Image, share: float, random: np.random.Generator) -> Image.Image:
    """Return the picture with an opaque logo over a `share` of it, by chance somewhere (Pillow)."""
    return _stamped(picture, emblem(), share, random)


def emoji(picture: Image.Image, share: float, random: np.random.Generator) -> Image.Image:
    """Return the picture with a round face, its box a `share` of it, somewhere (Pillow)."""
    return _stamped(picture, smiley(), share, random)


def watermark(picture: Image.Image, opacity: float) -> Image.Image:
    """Return the picture under a slanted text, tiled, of an `opacity` from 0 to 1 (Pillow)."""
    tile = written(_WATERMARK).rotate(30, Image.Resampling.BICUBIC, expand=True)
    across = max(1, -(-max(picture.size) // _TILES_ACROSS))
    tile = tile.resize((across, max(1, across * tile.height // tile.width)))
    mask = tile.getchannel("A").point([round(opacity * value) for value in range(256)])
    marked = picture.copy()
    for top in range(0, picture.height, tile.height):
        for left in range(0, picture.width, tile.width):
            marked.paste(tile, (left, top), mask)
    return marked


def caption(picture: Image.Image, share: float) -> Image.Image:
    """Return the picture below a white bar of a `share` of its height, with a text (Pillow)."""
    bar = Image.new("RGB", (picture.width, max(1, round(share * picture.height))), "white")
    line = written(_TEXT, "black", "white")
    shrunk = 0.8 * min(bar.width / line.width, bar.height / line.height)
    line = line.resize([max(1, round(shrunk * side)) for side in line.size])
    bar.paste(line, ((bar.width - line.width) // 2, (bar.height - line.height) // 2), line)
    return _stacked(bar, picture)


def screenshot(picture: Image.Image) -> Image.Image:
    """Return the picture between the bars that a phone shows around it (Pillow)."""
    return _stacked(*(_as_wide(part, picture) for part in (title_bar(), picture, tool_bar())))


def _stamped(
    picture: Image.Image, stamp: Image.Image, share: float, random: np.random.Generator
) -> Image.Image:
    width, height = _box(picture, stamp.width / stamp.height, share)
    left = int(random.integers(0, picture.width - width + 1))
    top = int(random.integers(0, picture.height - height + 1))
    scaled = stamp.resize((width, height), Image.Resampling.LANCZOS)
    marked = picture.copy()
    marked.paste(scaled, (left, top), scaled)
    return marked


def _box(picture: Image.Image, aspect: float, share: float) -> tuple[int, int]:
    """Return width and height of a box over a share of the picture, of the aspect if it fits."""
    area = share * picture.width * picture.height
    width = min(picture.width, math.sqrt(area * aspect))
    height = min(picture.height, area / width)
    width = min(picture.width, area / height)
    return max(1, round(width)), max(1, round(height))


def _as_wide(part: Image.Image, picture: Image.Image) -> Image.Image:
    return stretched(part, picture.width, max(1, round(part.height * picture.width / part.width)))


def _stacked(*parts: Image.Image) -> Image.Image:
    """Return pictures of one width below one another."""
    size = parts[0].width, sum(part.height for part in parts)
    check_size(*size)
    whole, top = Image.new("RGB", size), 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    return whole


_OVERLAYING = "overlaying"
_FRAMING = "framing"
_SHARE = (share("share", 0.001, 1),)

TRANSFORMS = (
    picture_edit(text, family=_OVERLAYING, words="text over {share}", takes=_SHARE),
    picture_edit(logo, family=_OVERLAYING, words="logo over {share}", takes=_SHARE),
    picture_edit(emoji, family=_OVERLAYING, words="emoji over {share}", takes=_SHARE),
    picture_edit(
        watermark,
        family=_OVERLAYING,
        words="tiled watermark, opacity {opacity}",
        takes=(share("opacity", 0.01, 1, 0.4),),
    ),
    picture_edit(
        caption,
        family=_FRAMING,
        words="caption bar of {share}",
        takes=(share("share", 0.01, 1, 0.15),),
    ),
    picture_edit(screenshot, family=_FRAMING, words="screenshot"),
)
