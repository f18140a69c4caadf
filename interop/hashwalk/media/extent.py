"""Whether a file ends before the data that its own container structure announces.

Decoders notice most cut files, but a cut between two frames looks to them like the end. Only
the boxes, chunks and elements that hold picture data count: a missing index costs no frame.
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Callable
from typing import BinaryIO, Literal

from hashwalk.media.boxes import MAX_ELEMENTS, read_at, walk_boxes

_MEDIA_BOXES = frozenset({b"mdat", b"moov", b"moof", b"meta", b"jxlc", b"jxlp"})
_EBML_SEGMENT = 0x18538067
_EBML_CLUSTER = 0x1F43B675


def is_cut_off(file: BinaryIO, size: int, container: str) -> bool:
    """Tell whether data is missing at the end of a file of `size` bytes.

    False also where the container cannot say it (transport streams, raw streams).
    """
    walk = _WALKS.get(container)
    return walk is not None and walk(file, size)


def _boxes_cut(file: BinaryIO, size: int) -> bool:
    """Look at the last box of ISO base media."""
    last = collections.deque(walk_boxes(file), maxlen=1)
    return bool(last) and last[0].end > size and last[0].kind in _MEDIA_BOXES


def _riff_cut(file: BinaryIO, size: int) -> bool:
    """Compare the length of a RIFF file (WebP) with what is there."""
    return 8 + int.from_bytes(read_at(file, 4, 4), "little") > size


def _avi_cut(file: BinaryIO, size: int) -> bool:
    """Walk the chunks of each RIFF chunk of an AVI file up to its last frames."""
    position, has_frames = 0, False
    for _ in range(MAX_ELEMENTS):
        header = read_at(file, position, 12)
        kind, length = header[:4], int.from_bytes(header[4:8], "little")
        if len(header) < 12 or not kind.strip(b"\0"):
            return not has_frames
        if kind == b"RIFF":
            position += 12
            continue
        is_frames = kind == b"LIST" and header[8:12] == b"movi"
        if position + 8 + length > size:
            return is_frames or not has_frames
        position += 8 + length + length % 2
        has_frames = has_frames or is_frames
    return False


def _matroska_cut(file: BinaryIO, size: int) -> bool:
    """Walk the elements of the segment; the last one is cut, or clusters are missing."""
    kind, start, length = _ebml_element(file, 0)
    kind, start, length = _ebml_element(file, start + (length or 0))
    if kind != _EBML_SEGMENT or length is None:
        return False
    end, position = start + length, start
    for _ in range(MAX_ELEMENTS):
        if position >= min(end, size):
            break
        kind, start, length = _ebml_element(file, position)
        if length is None:
            return False
        position = start + length
    return end > size and kind == _EBML_CLUSTER


def _ebml_element(file: BinaryIO, position: int) -> tuple[int, int, int | None]:
    """Return id, start of the content and its length, None where that is unknown."""
    header = read_at(file, position, 12)
    id_bytes = _vint_bytes(header[:1])
    kind = int.from_bytes(header[:id_bytes], "big")
    length_bytes = _vint_bytes(header[id_bytes : id_bytes + 1])
    mask = (1 << 7 * length_bytes) - 1
    raw = header[id_bytes : id_bytes + length_bytes]
    length = int.from_bytes(raw, "big") & mask
    known = len(raw) == length_bytes > 0 and length != mask
    return kind, position + id_bytes + length_bytes, length if known else None


def _vint_bytes(first: bytes) -> int:
    return 9 - first[0].bit_length() if first and first[0] else 0


def _png_cut(file: BinaryIO, size: int) -> bool:
    """Walk the chunks of a PNG file up to its end chunk."""
    position = 8
    for _ in range(MAX_ELEMENTS):
        header = read_at(file, position, 8)
        if header[4:8] == b"IEND":
            return False
        position += 12 + int.from_bytes(header[:4], "big")
        if len(header) < 8 or position > size:
            return True
    return False


def _gif_cut(file: BinaryIO, size: int) -> bool:
    """Walk the blocks of a GIF file up to its trailer."""
    position = 13 + _colour_table_bytes(read_at(file, 10, 1))
    for _ in range(MAX_ELEMENTS):
        block = read_at(file, position, 10)
        if block[:1] == b"!":
            position += 2
        elif block[:1] == b",":
            position += 11 + _colour_table_bytes(block[9:10])
        else:
            return block == b""
        position = _after_sub_blocks(file, position)
    return position > size


def _colour_table_bytes(flags: bytes) -> int:
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0


def _after_sub_blocks(file: BinaryIO, position: int) -> int:
    file.seek(position)
    for _ in itertools.repeat(None):
        length = file.read(1)
        position += 1
        if length in (b"", b"\0"):
            break
        position = file.seek(length[0], 1)
    return position


def _ogg_cut(file: BinaryIO, size: int) -> bool:
    """Walk the pages of an Ogg file."""
    position = 0
    for _ in range(MAX_ELEMENTS):
        header = read_at(file, position, 27)
        if header[:4] != b"OggS":
            return False
        position += 27 + header[-1] + sum(file.read(header[-1]))
        if position > size or len(header) < 27:
            return True
    return False


def _tiff_cut(file: BinaryIO, size: int) -> bool:
    """Follow the directories of a TIFF file, one a page."""
    header = read_at(file, 0, 16)
    order: Literal["little", "big"] = "little" if header[:2] == b"II" else "big"
    count_bytes, entry_bytes, offset_bytes = (8, 20, 8) if 43 in header[2:4] else (2, 12, 4)
    position = int.from_bytes(header[offset_bytes : 2 * offset_bytes], order)
    for _ in range(MAX_ELEMENTS):
        entries = int.from_bytes(read_at(file, position, count_bytes), order)
        end = position + count_bytes + entries * entry_bytes
        if end + offset_bytes > size:
            return True
        position = int.from_bytes(read_at(file, end, offset_bytes), order)
        if not position:
            return False
    return False


_WALKS: dict[str, Callable[[BinaryIO, int], bool]] = {
    "mp4": _boxes_cut,
    "avif": _boxes_cut,
    "heic": _boxes_cut,
    "jxl": _boxes_cut,
    "webp": _riff_cut,
    "avi": _avi_cut,
    "matroska": _matroska_cut,
    "ogg": _ogg_cut,
    "png": _png_cut,
    "gif": _gif_cut,
    "tiff": _tiff_cut,
}
