"""A decoded picture, or a frame of a video, and the planes derived from it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashwalk.lanczos import resize_grey
from hashwalk.pixels import rgb_pixels

T = TypeVar("T")

_GREY = (np.array([19595, 38470, 7471]) / 65536).astype(np.float32)
_PIXELS_IN_CACHE = 1 << 14


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
        return _read_only(rgb_pixels(self.image))

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
        return _read_only(_grey_of_rgb(self.rgb) if known is None else _grey_of_image(known))

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


def _grey_of_image(image: Image.Image) -> NDArray[np.uint8]:
    """Return Pillow's grey, without the copy that it makes of a grey picture."""
    return np.asarray(image if image.mode == "L" else image.convert("L"))


def _grey_of_rgb(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return Pillow's grey: fixed point with 16 digits, which float32 holds without an error."""
    pixels = rgb.reshape(-1, 3)
    grey = np.empty(len(pixels), np.uint8)
    step = min(_PIXELS_IN_CACHE, len(pixels))
    floats, sums = np.empty((step, 3), np.float32), np.empty(step, np.float32)
    for start in range(0, len(pixels), step):
        part = pixels[start : start + step]
        floats[: len(part)] = part
        np.matmul(floats[: len(part)], _GREY, out=sums[: len(part)])
        sums += np.float32(0.5)
        grey[start : start + step] = sums[: len(part)]
    return grey.reshape(rgb.shape[:2])


def _read_only(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    view = array.view()
    view.flags.writeable = False
    return view
