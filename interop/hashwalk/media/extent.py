"""Whether a file ends before the data that its own container structure announces.

Decoders notice most cut files, but a cut between two frames looks to them like the end. Only
the boxes, chunks and elements that hold picture data count: a missing index costs no frame.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import BinaryIO

from hashwalk.media.boxes import MAX_ELEMENTS, read_at, walk_boxes
from hashwalk.media.jxl import jxl_cut
from hashwalk.media.matroska import matroska_cut
from hashwalk.media.tiff import tiff_cut

_MEDIA_BOXES = frozenset({b"mdat", b"moov", b"moof", b"meta", b"jxlc", b"jxlp"})
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_ASF_OBJECT_BYTES = 24
_FLV_TAGS = frozenset({8, 9, 18})
_MXF_KEY = bytes.fromhex("060e2b34")


def is_cut_off(file: BinaryIO, size: int, container: str) -> bool:
    """Tell whether data is missing at the end of a file of `size` bytes.

    False also where the container cannot say it: transport and program streams, raw streams,
    recordings cut between two elements.
    """
    walk = _WALKS.get(container)
    return walk is not None and walk(file, size)


def _boxes_cut(file: BinaryIO, size: int) -> bool:
    """Look at the last box of ISO base media."""
    has_media = False
    for box in walk_boxes(file):
        is_media = box.kind in _MEDIA_BOXES
        if box.end > size:
            return is_media or not has_media
        has_media = has_media or is_media
    return False


def _jxl_cut(file: BinaryIO, size: int) -> bool:
    """Look at the boxes of a JPEG XL file, if it has any, and at the codestream."""
    return (read_at(file, 4, 4) == b"JXL " and _boxes_cut(file, size)) or jxl_cut(file, size)


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


def _asf_cut(file: BinaryIO, size: int) -> bool:
    """Look for the data object of an ASF file (WMV), and whether all of it is there."""
    position = 0
    for _ in range(MAX_ELEMENTS):
        header = read_at(file, position, _ASF_OBJECT_BYTES)
        length = int.from_bytes(header[16:], "little")
        if position + length > size or len(header) < _ASF_OBJECT_BYTES:
            return True
        if header[:16] == _ASF_DATA or length < _ASF_OBJECT_BYTES:
            return False
        position += length
    return False


def _flv_cut(file: BinaryIO, size: int) -> bool:
    """Walk the tags of an FLV file, each of which is followed by its length."""
    position = int.from_bytes(read_at(file, 5, 4), "big") + 4
    for _ in range(MAX_ELEMENTS):
        header = read_at(file, position, 11)
        if not header or header[0] not in _FLV_TAGS:
            return False
        position += 11 + int.from_bytes(header[1:4], "big") + 4
        if position > size or len(header) < 4:
            return True
    return False


def _ivf_cut(file: BinaryIO, size: int) -> bool:
    """Walk the frames of an IVF file."""
    position = int.from_bytes(read_at(file, 6, 2), "little")
    for _ in range(MAX_ELEMENTS):
        header = read_at(file, position, 12)
        if not header.strip(b"\0"):
            return False
        position += 12 + int.from_bytes(header[:4], "little")
        if position > size:
            return True
    return False


def _mxf_cut(file: BinaryIO, size: int) -> bool:
    """Walk the keys and values of an MXF file."""
    position = 0
    for _ in range(MAX_ELEMENTS):
        header = read_at(file, position, 25)
        if not header or header[:4] != _MXF_KEY[: len(header)]:
            return False
        length, length_bytes = header[16:17], 0
        if length > b"\x80":
            length_bytes = length[0] & 0x7F
            length = header[17 : 17 + length_bytes]
        position += 17 + length_bytes + int.from_bytes(length, "big")
        if position > size or len(header) < 17 + length_bytes:
            return True
    return False


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


_WALKS: dict[str, Callable[[BinaryIO, int], bool]] = {
    "mp4": _boxes_cut,
    "avif": _boxes_cut,
    "heic": _boxes_cut,
    "jxl": _jxl_cut,
    "webp": _riff_cut,
    "avi": _avi_cut,
    "matroska": matroska_cut,
    "asf": _asf_cut,
    "flv": _flv_cut,
    "ivf": _ivf_cut,
    "mxf": _mxf_cut,
    "ogg": _ogg_cut,
    "png": _png_cut,
    "gif": _gif_cut,
    "tiff": tiff_cut,
}
