"""The programs that hashwalk is measured against, each opening the file for itself."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import imagehash
from PIL import Image

Peer = Callable[[Path], object]


def peers() -> dict[str, Peer]:
    """Return the installed peers by name; threatexchange comes with the extra ``oracles``."""
    found = {name: _opening(getattr(imagehash, name)) for name in _IMAGEHASH}
    if find_spec("threatexchange") and find_spec("pdqhash"):
        from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_file  # noqa: PLC0415

        found["pdq_from_file"] = pdq_from_file
    return found


_IMAGEHASH = ("average_hash", "phash", "dhash", "whash")


def _opening(function: Callable[[Image.Image], object]) -> Peer:
    def run(path: Path) -> object:
        with Image.open(path) as picture:
            return function(picture)

    return run
