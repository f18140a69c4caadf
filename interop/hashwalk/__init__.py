"""Re-hash reference media into every hash format, and keep the cross-walk.

::

    import hashwalk

    hashed = hashwalk.hash_file("cat.jpg", ["pdq", "phash"])
    hashwalk.rehash(["media/"], "crosswalk/")
    hashwalk.get_format("pdq").compare(a, b)
    walk = hashwalk.Crosswalk.open("crosswalk/")
    hashwalk.translate(hashwalk.read_list("list.jsonl"), walk, to=["phash"])

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
    from hashwalk.hashlists import Record, convert_list, read_list, write_list
    from hashwalk.index import Index
    from hashwalk.job import Summary, rehash
    from hashwalk.media.limits import Limits
    from hashwalk.registry import formats, get_format
    from hashwalk.results import Failure, HashedFile, Label, Media
    from hashwalk.translation import Outcome, translate

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
    "Index",
    "Kind",
    "Label",
    "Limits",
    "Media",
    "Outcome",
    "Part",
    "PathHasher",
    "PictureHasher",
    "QualityFloor",
    "Record",
    "Shape",
    "Summary",
    "Threshold",
    "VideoHasher",
    "__version__",
    "convert_list",
    "errors",
    "formats",
    "get_format",
    "hash_file",
    "read_list",
    "rehash",
    "translate",
    "write_list",
]

_ROOMS = {
    "crosswalk": "Crosswalk",
    "format": "Comparison FileHasher Format FormatFamily FormatSpec Hash Kind Part PathHasher "
    "PictureHasher QualityFloor Shape Threshold VideoHasher",
    "hashing": "hash_file",
    "hashlists": "Record convert_list read_list write_list",
    "index": "Index",
    "job": "Summary rehash",
    "media.limits": "Limits",
    "registry": "formats get_format",
    "results": "Failure HashedFile Label Media",
    "translation": "Outcome translate",
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
