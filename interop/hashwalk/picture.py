"""A decoded picture, or a frame of a video, and the planes derived from it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashwalk.lanczos import resize_grey

T = TypeVar("T")


class Picture:
    """The pixels of one picture as stored; each derived plane is computed once and shared.

    `image` is the picture as Pillow decoded it, for algorithms that are defined by Pillow's own
    operations; it must not be changed. All arrays are read-only. A picture belongs to one
    thread.
    """

    def __init__(
        self, image: Image.Image | None, grey_sizes: frozenset[tuple[int, int]] = frozenset()
    ) -> None:
        """Take a loaded Pillow image; `grey_sizes` are the resized planes to be asked for.

        Without an image the pixels are those that ``from_rgb`` sets.
        """
        if image is not None:
            self.image = image
        self._grey_sizes = grey_sizes
        self._resized: dict[tuple[int, int], NDArray[np.uint8]] = {}
        self._shared: dict[str, object] = {}

    @classmethod
    def from_rgb(
        cls, rgb: NDArray[np.uint8], grey_sizes: frozenset[tuple[int, int]] = frozenset()
    ) -> Picture:
        """Return the picture of a (height, width, 3) uint8 array."""
        picture = cls(None, grey_sizes)
        picture.rgb = _read_only(rgb)
        return picture

    @functools.cached_property
    def image(self) -> Image.Image:
        """The picture as Pillow decoded it."""
        return Image.fromarray(self.rgb)

    @functools.cached_property
    def rgb(self) -> NDArray[np.uint8]:
        """The (height, width, 3) pixels: what Pillow's ``convert("RGB")`` gives."""
        return _read_only(_converted(self.image, "RGB"))

    @property
    def width(self) -> int:
        """The width in pixels, as stored."""
        return self._size[0]

    @property
    def height(self) -> int:
        """The height in pixels, as stored."""
        return self._size[1]

    @functools.cached_property
    def _size(self) -> tuple[int, int]:
        known = self.__dict__.get("rgb")
        return self.image.size if known is None else (known.shape[1], known.shape[0])

    @property
    def is_grey(self) -> bool:
        """Whether Pillow decoded the picture as one plane of 8 bits (its mode "L")."""
        return "image" in self.__dict__ and self.image.mode == "L"

    @functools.cached_property
    def grey(self) -> NDArray[np.uint8]:
        """The (height, width) grey plane: what Pillow's ``convert("L")`` gives."""
        known = self.__dict__.get("image")
        return _read_only(_grey_of_rgb(self.rgb) if known is None else _converted(known, "L"))

    def grey_resized(self, width: int, height: int) -> NDArray[np.uint8]:
        """Return the (height, width) grey plane that Pillow's LANCZOS resize gives."""
        size = (width, height)
        if size not in self._resized:
            wanted = self._grey_sizes | {size}
            self._resized.update(resize_grey(self.grey, wanted - self._resized.keys()))
        return self._resized[size]

    def shared(self, key: str, compute: Callable[[Picture], T]) -> T:
        """Return ``compute(self)``, computed once for all formats that use the same `key`."""
        if key not in self._shared:
            self._shared[key] = compute(self)
        return cast("T", self._shared[key])


def _converted(image: Image.Image, mode: str) -> NDArray[np.uint8]:
    """Return the pixels in `mode`, without the copy that Pillow makes of pixels that are."""
    return np.asarray(image if image.mode == mode else image.convert(mode))


def _grey_of_rgb(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return Pillow's grey of pixels, by way of four bytes a pixel, which Pillow need not copy."""
    height, width = rgb.shape[:2]
    padded = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2RGBA)
    image = Image.frombuffer("RGBX", (width, height), padded, "raw", "RGBX", 0, 1)
    return np.asarray(image.convert("L"))


def _read_only(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    view = array.view()
    view.flags.writeable = False
    return view
