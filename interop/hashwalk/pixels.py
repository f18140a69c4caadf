"""The RGB pixels of a Pillow picture as an array, copied from where Pillow keeps them.

For numpy, Pillow packs all pixels anew. Its Arrow export tells where they lie instead, which is
several times as fast. It needs rows that lie together, as those of a picture of up to 16 MiB
do; of larger ones, parts are exported.
"""

from __future__ import annotations

import ctypes

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

_TOGETHER_BYTES = 1 << 24
_KEPT_BYTES = 4
_KEPT_AS_RGB = frozenset(("RGB", "RGBA"))
_READ_ONLY = 0x100


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
_memory_at = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int)(
    ("PyMemoryView_FromMemory", ctypes.pythonapi)
)


def rgb_pixels(image: Image.Image) -> Pixels:
    """Return the (height, width, 3) pixels of a loaded picture: those of ``convert("RGB")``."""
    kept = image if image.mode in _KEPT_AS_RGB else image.convert("RGB")
    width, height = kept.size
    rgb = np.empty((height, width, 3), np.uint8)
    step = max(1, _TOGETHER_BYTES // (_KEPT_BYTES * width))
    for top in range(0, height, step):
        bottom = min(top + step, height)
        part = kept if step >= height else kept.crop((0, top, width, bottom))
        _copy(part, rgb[top:bottom])
    return rgb


def _copy(image: Image.Image, rgb: Pixels) -> None:
    try:
        _, capsule = image.__arrow_c_array__()
    except ValueError:  # the rows do not lie together
        rgb[...] = np.asarray(image)[..., :3]
    else:
        cv2.cvtColor(_exported(capsule, rgb.shape[:2]), cv2.COLOR_RGBA2RGB, dst=rgb)


def _exported(capsule: object, shape: tuple[int, ...]) -> Pixels:
    """Return the (height, width, 4) bytes of an Arrow array, which live as long as `capsule`."""
    pixels = _ArrowArray.from_address(_pointer_of(capsule, b"arrow_array"))
    values = pixels.children[0].contents
    stored = _memory_at(values.buffers[1], _KEPT_BYTES * pixels.length, _READ_ONLY)
    return np.frombuffer(stored, np.uint8).reshape(*shape, _KEPT_BYTES)
