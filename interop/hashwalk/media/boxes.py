"""The boxes of ISO base media (MP4, AVIF, HEIC, JPEG XL)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_ELEMENTS = 1_000_000
"""Where walking a hostile structure of tiny elements stops."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its kind, and where its content starts and the whole ends, in bytes."""

    kind: bytes
    start: int
    end: int


def walk_boxes(file: BinaryIO, position: int = 0, end: int = 1 << 62) -> Iterator[Box]:
    """Yield the boxes from `position` to `end`, to the end of the file, or to what is no box.

    The last one may end behind the end of the file; one of unknown length ends with the file.
    """
    for _ in range(MAX_ELEMENTS):
        header = read_at(file, position, max(0, min(16, end - position)))
        length, start = int.from_bytes(header[:4], "big"), position + 8
        if length == 1:
            length, start = int.from_bytes(header[8:16], "big"), position + 16
        if len(header) < 8:
            return
        if not length:
            length = file.seek(0, os.SEEK_END) - position
        if position + length < start:
            return
        yield Box(header[4:8], start, position + length)
        position += length


def read_at(file: BinaryIO, position: int, count: int) -> bytes:
    """Return up to `count` bytes at `position`, which may be far behind the end."""
    file.seek(min(position, 1 << 62))
    return file.read(count)
