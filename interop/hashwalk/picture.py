"""A decoded picture, or a frame of a video, and the planes derived from it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashwalk.lanczos import resize_grey
from hashwalk.pixels import KEPT_AS_RGB, grey_of, rgb_of, stored_pixels

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
        picture.stored = _read_only(rgb)
        return picture

    @functools.cached_property
    def image(self) -> Image.Image:
        """The picture as Pillow decoded it."""
        return Image.fromarray(self.rgb)

    @functools.cached_property
    def stored(self) -> NDArray[np.uint8]:
        """The (height, width, 3 or 4) pixels, uncopied if they can be.

        The first three bytes of each are those of `rgb`, a fourth means nothing.
        """
        kept = self.image if self.image.mode in KEPT_AS_RGB else self.image.convert("RGB")
        kept.readonly = True  # Pillow copies such a picture before it paints on it
        return stored_pixels(kept)

    @functools.cached_property
    def rgb(self) -> NDArray[np.uint8]:
        """The (height, width, 3) pixels: what Pillow's ``convert("RGB")`` gives."""
        return rgb_of(self.stored)

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
        known = self.__dict__.get("stored")
        return self.image.size if known is None else (known.shape[1], known.shape[0])

    @property
    def is_grey(self) -> bool:
        """Whether Pillow decoded the picture as one plane of 8 bits (its mode "L")."""
        return "image" in self.__dict__ and self.image.mode == "L"

    @functools.cached_property
    def grey(self) -> NDArray[np.uint8]:
        """The (height, width) grey plane: what Pillow's ``convert("L")`` gives."""
        known = self.__dict__.get("image")
        if known is None or known.mode in KEPT_AS_RGB:
            return grey_of(self.stored)
        return _read_only(np.asarray(known if known.mode == "L" else known.convert("L")))

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


def _read_only(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    view = array.view()
    view.flags.writeable = False
    return view
