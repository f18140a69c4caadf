"""Re-hash reference media into every hash format, and keep the cross-walk.

::

    import hashwalk

    hashed = hashwalk.hash_file("cat.jpg", ["pdq", "phash"])
    hashwalk.rehash(["media/"], "crosswalk/")
    hashwalk.get_format("pdq").compare(a, b)

What is named here is the public API. Each name is imported when it is first used, so that
``import hashwalk`` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from hashwalk import errors

if TYPE_CHECKING:
    from hashwalk.crosswalk import Crosswalk
    from hashwalk.format import (
        Comparison,
        FileHasher,
        Format,
        FormatFamily,
        FormatSpec,
        Hash,
        Kind,
        Part,
        PathHasher,
        PictureHasher,
        QualityFloor,
        Shape,
        Threshold,
        VideoHasher,
    )
    from hashwalk.hashing import hash_file
    from hashwalk.job import Summary, rehash
    from hashwalk.media.limits import Limits
    from hashwalk.registry import formats, get_format
    from hashwalk.results import Failure, HashedFile, Label, Media

    __version__: str

__all__ = [
    "Comparison",
    "Crosswalk",
    "Failure",
    "FileHasher",
    "Format",
    "FormatFamily",
    "FormatSpec",
    "Hash",
    "HashedFile",
    "Kind",
    "Label",
    "Limits",
    "Media",
    "Part",
    "PathHasher",
    "PictureHasher",
    "QualityFloor",
    "Shape",
    "Summary",
    "Threshold",
    "VideoHasher",
    "__version__",
    "errors",
    "formats",
    "get_format",
    "hash_file",
    "rehash",
]

_ROOMS = {
    "crosswalk": "Crosswalk",
    "format": "Comparison FileHasher Format FormatFamily FormatSpec Hash Kind Part PathHasher "
    "PictureHasher QualityFloor Shape Threshold VideoHasher",
    "hashing": "hash_file",
    "job": "Summary rehash",
    "media.limits": "Limits",
    "registry": "formats get_format",
    "results": "Failure HashedFile Label Media",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  (slow to import)

        found: object = version("hashwalk")
    elif name in _ROOM_OF:
        found = getattr(importlib.import_module(f"hashwalk.{_ROOM_OF[name]}"), name)
    else:
        raise AttributeError(f"module 'hashwalk' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
