"""Resized grey planes, equal to Pillow's LANCZOS resize of an 8-bit picture."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Size = tuple[int, int]


def resize_grey(grey: NDArray[np.uint8], sizes: Collection[Size]) -> dict[Size, NDArray[np.uint8]]:
    """Return, for each (width, height) of `sizes`, the resized (height, width) plane."""
    image = Image.fromarray(grey)
    return {s: np.asarray(image.resize(s, Image.Resampling.LANCZOS)) for s in sizes}
