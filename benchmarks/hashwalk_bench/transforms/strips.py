"""Arithmetic on the pixels of large pictures, a strip of rows at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_PIXELS = 1 << 20

Floats = NDArray[np.float32]
Compute = Callable[[Floats, int], Floats]
"""What is made of a (rows, width, 3) strip whose first row has the number that is given."""


def by_strips(picture: Image.Image, compute: Compute) -> Image.Image:
    """Return the RGB picture of what `compute` makes of each strip, rounded, within 0 to 255."""
    step = max(1, _PIXELS // picture.width)
    made = Image.new("RGB", picture.size)
    for top in range(0, picture.height, step):
        box = (0, top, picture.width, min(top + step, picture.height))
        strip = compute(np.asarray(picture.crop(box), np.float32), top)
        made.paste(Image.fromarray(np.clip(np.rint(strip), 0, 255).astype(np.uint8)), (0, top))
    return made
