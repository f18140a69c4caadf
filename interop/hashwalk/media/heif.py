"""How the decoder turns the pixels of a HEIC picture.

Source: ISO/IEC 23008-12, properties of items: image rotation and image mirroring.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import numpy as np

from hashwalk.media.boxes import Box, read_at, walk_boxes

_VERSION_BYTES = 4
_MOST_BYTES = 1 << 20
_MOST_PROPERTIES = 0x7FFF
_GRID = np.arange(6).reshape(2, 3)
_UPRIGHT = (
    *(_GRID, np.fliplr(_GRID), np.rot90(_GRID, 2), np.flipud(_GRID)),
    *(_GRID.T, np.rot90(_GRID, 3), np.rot90(_GRID, 2).T, np.rot90(_GRID)),
)
"""What the EXIF orientations 1 to 8 make of a grid of pixels."""


def heif_orientation(file: BinaryIO) -> int:
    """Return the EXIF orientation that stands for the turns of the primary picture.

    It is 1 where there are none, or where the boxes say nothing of them.
    """
    seen = _GRID
    for kind, value in _turns(file):
        seen = np.rot90(seen, value & 3) if kind == b"irot" else np.flip(seen, value & 1)
    return next(n for n, upright in enumerate(_UPRIGHT, 1) if np.array_equal(seen, upright))


def _turns(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yield kind and value of the turns of the primary picture, in order."""
    meta = _child(file, Box(b"", 0, 1 << 62), b"meta")
    inner = meta and Box(b"meta", meta.start + _VERSION_BYTES, meta.end)
    primary = _child(file, inner, b"pitm")
    properties = _child(file, inner, b"iprp")
    container, links = (_child(file, properties, kind) for kind in (b"ipco", b"ipma"))
    if primary is None or container is None or links is None:
        return
    head = read_at(file, primary.start, 8)
    item = int.from_bytes(head[4:6] if head[:1] == b"\0" else head[4:8], "big")
    stored = list(islice(walk_boxes(file, container.start, container.end), _MOST_PROPERTIES))
    for number in _linked(read_at(file, links.start, _MOST_BYTES), item):
        if 0 < number <= len(stored) and stored[number - 1].kind in (b"irot", b"imir"):
            box = stored[number - 1]
            yield box.kind, int.from_bytes(read_at(file, box.start, 1), "big")


def _child(file: BinaryIO, parent: Box | None, kind: bytes) -> Box | None:
    boxes = walk_boxes(file, parent.start, parent.end) if parent else iter(())
    return next((box for box in boxes if box.kind == kind), None)


def _linked(links: bytes, wanted: int) -> list[int]:
    """Return the numbers, from 1, of the properties of an item."""
    if len(links) < 8:
        return []
    item_bytes, is_wide = 4 if links[0] else 2, links[3] & 1
    position = 8
    for _ in range(int.from_bytes(links[4:8], "big")):
        item = int.from_bytes(links[position : position + item_bytes], "big")
        start = position + item_bytes + 1
        if start > len(links):
            break
        position = start + links[start - 1] * (1 + is_wide)
        if item == wanted:
            return [
                int.from_bytes(links[i : i + 1 + is_wide], "big") & (0x7FFF if is_wide else 0x7F)
                for i in range(start, position, 1 + is_wide)
            ]
    return []
