"""Subtitles burnt into the frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from hashwalk_bench.transforms.declaration import number, share
from hashwalk_bench.transforms.video_edit import Stream, shape_of, video_edit
from hashwalk_bench.transforms.video_reading import Clip, Pixels, Timed, planes, rgb

_SYLLABLES = ("ra", "lo", "min", "te", "sou", "ka", "bel", "an", "dri", "vo", "ne", "ist")
_LINES = 2


def subtitles(clip: Clip, height: float, seconds: float, random: np.random.Generator) -> Stream:
    """Return the clip with two lines of made-up words at the bottom, new ones after `seconds`.

    White with a black rim (Pillow's own font), letters a `height` of the picture's height.
    """
    seed = int(random.integers(1 << 62))
    return Stream(_subtitled(clip, height, seconds, seed), shape_of(clip))


def _subtitled(clip: Clip, height: float, seconds: float, seed: int) -> Iterator[Timed]:
    number = -1
    for frame in clip.frames():
        if int(frame.start / seconds) != number:
            number = int(frame.start / seconds)
            words = np.random.default_rng([seed, number])
            caption = _caption(clip.width, max(6, round(clip.height * height)), words)
        pixels = rgb(frame.image)
        _lay(pixels, caption)
        yield replace(frame, image=planes(pixels))


def _caption(width: int, size: int, random: np.random.Generator) -> Pixels:
    """Return the (height, width, 4) pixels of the lines, the last being how much they cover."""
    font = ImageFont.load_default(size)
    lines = "\n".join(_line(width, font, random) for _ in range(_LINES))
    drawn = Image.new("RGBA", (width, round(size * 1.6) * _LINES))
    place, rim = (width // 2, drawn.height // 2), max(1, size // 12)
    ImageDraw.Draw(drawn).multiline_text(
        place, lines, "white", font, "mm", align="center", stroke_width=rim, stroke_fill="black"
    )
    return np.asarray(drawn)


def _line(
    width: int, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, random: np.random.Generator
) -> str:
    """Return words that fill about three quarters of the width."""
    line = ""
    while font.getlength(line) < 0.7 * width:
        syllables = random.choice(_SYLLABLES, int(random.integers(1, 4)))
        line = f"{line} {''.join(syllables)}".strip()
    return line


def _lay(pixels: Pixels, caption: Pixels) -> None:
    """Lay the caption over the bottom of the pixels, a twentieth of the height above the edge."""
    bottom = pixels.shape[0] - pixels.shape[0] // 20
    top = max(0, bottom - caption.shape[0])
    below = pixels[top:bottom]
    laid = caption[: len(below)].astype(np.uint16)
    cover = laid[:, :, 3:]
    below[:] = (laid[:, :, :3] * cover + below * (255 - cover)) // 255


TRANSFORMS = (
    video_edit(
        subtitles,
        family="overlay",
        words="subtitles, letters {height} of the height",
        takes=(
            share("height", 0.02, 0.2, default=0.06),
            number("seconds", 0.2, 30, default=2),
        ),
        library="Pillow",
    ),
)
