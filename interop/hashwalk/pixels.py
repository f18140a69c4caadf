"""The pixels of a Pillow picture as an array, read where Pillow keeps them.

For numpy, Pillow packs all pixels anew. Its Arrow export tells where they lie instead. It needs
rows that lie together, as those of a picture of up to 16 MiB do; of larger ones, parts are
exported and copied.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashwalk.compiled import compiled

Pixels = NDArray[np.uint8]

KEPT_AS_RGB = frozenset(("RGB", "RGBA"))
"""The modes whose pixels Pillow keeps as red, green, blue and one byte more."""
_TOGETHER_BYTES = 1 << 24
_KEPT_BYTES = 4


class _ArrowArray(ctypes.Structure):
    """The array of the Arrow C data interface, as far as it is read."""


_ArrowArray._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_ArrowArray))),
]
_pointer_of = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)


class _Exported:
    """Shows numpy the bytes of an Arrow array, which live as long as their `capsule`."""

    def __init__(self, capsule: object, shape: tuple[int, int]) -> None:
        self._capsule = capsule
        exported = _ArrowArray.from_address(_pointer_of(capsule, b"arrow_array"))
        self.__array_interface__ = {
            "shape": (*shape, _KEPT_BYTES),
            "typestr": "|u1",
            "data": (exported.children[0].contents.buffers[1], True),
            "version": 3,
        }


def stored_pixels(image: Image.Image) -> Pixels:
    """Return (height, width, 3 or 4) bytes of a loaded picture, read-only, without a copy if any.

    Its mode is one of KEPT_AS_RGB; the first three bytes of each pixel are its red, green and
    blue, the fourth means nothing.
    """
    parts = list(_parts(image))
    if len(parts) == 1:
        return parts[0]
    pixels = np.concatenate([cv2.cvtColor(part, cv2.COLOR_RGBA2RGB) for part in parts])
    pixels.flags.writeable = False
    return pixels


def rgb_of(stored: Pixels) -> Pixels:
    """Return the (height, width, 3) pixels of what ``stored_pixels`` gave, read-only."""
    if stored.shape[2] == 3:
        return stored
    rgb = np.empty((*stored.shape[:2], 3), np.uint8)
    cv2.cvtColor(stored, cv2.COLOR_RGBA2RGB, dst=rgb)
    rgb.flags.writeable = False
    return rgb


def grey_of(stored: Pixels) -> Pixels:
    """Return the (height, width) grey plane that Pillow's ``convert("L")`` gives, read-only."""
    height, width, size = stored.shape
    grey = np.empty((height, width), np.uint8)
    _put_grey(np.ascontiguousarray(stored).reshape(-1), size, grey.reshape(-1))
    grey.flags.writeable = False
    return grey


def _parts(image: Image.Image) -> Iterator[Pixels]:
    width, height = image.size
    step = max(1, _TOGETHER_BYTES // (_KEPT_BYTES * width))
    for top in range(0, height, step):
        bottom = min(top + step, height)
        part = image if step >= height else image.crop((0, top, width, bottom))
        try:
            _, capsule = part.__arrow_c_array__()
        except ValueError:  # the rows do not lie together
            yield np.asarray(part.convert("RGBX"))
        else:
            yield np.asarray(_Exported(capsule, (bottom - top, width)))


@compiled("const u1[::1]", "i8", "u1[::1]")
def _put_grey(pixels: Pixels, size: int, grey: Pixels) -> None:
    """Write the grey of pixels of `size` bytes: a sum in fixed point with 16 digits."""
    if size == _KEPT_BYTES:
        for i in range(len(grey)):
            red, green, blue = pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]
            grey[i] = (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16
    else:
        for i in range(len(grey)):
            red, green, blue = pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]
            grey[i] = (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16
