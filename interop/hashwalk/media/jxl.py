"""Size and orientation of a JPEG XL picture, by its header, and whether all of it is there.

Source: ISO/IEC 18181-1, size header and image metadata of the codestream; 18181-2, boxes.
"""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

import av
from av.error import FFmpegError

from hashwalk.errors import UnreadableError
from hashwalk.media.boxes import read_at, walk_boxes

_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIZE_BITS = (9, 13, 18, 30)
_SIGNATURE = b"\xff\x0a"
_HEADER_BYTES = 12
_PART_NUMBER_BYTES = 4
_MOST_MISSING_BYTES = 64 << 20
_MOST_MISSING_SHARE = 40


class JxlHeader(NamedTuple):
    """Width and height as stored, and the EXIF orientation that the decoder applies."""

    width: int
    height: int
    orientation: int


class _Bits:
    """Reads numbers, least significant bit first."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._number & ((1 << count) - 1)
        self._number >>= count
        return value


def jxl_header(file: BinaryIO) -> JxlHeader:
    """Return what the header says; raises UnreadableError where no codestream begins."""
    header = read_at(file, _codestream_start(file), _HEADER_BYTES)
    if header[:2] != _SIGNATURE or len(header) < _HEADER_BYTES:
        raise UnreadableError("the picture is damaged: it has no JPEG XL codestream")
    bits = _Bits(header[2:])
    small = bool(bits.take(1))
    height = _dimension(bits, small=small)
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        width = height * across // down
    else:
        width = _dimension(bits, small=small)
    has_orientation = not bits.take(1) and bits.take(1)
    return JxlHeader(width, height, 1 + bits.take(3) if has_orientation else 1)


def jxl_cut(file: BinaryIO, size: int) -> bool:
    """Tell whether the codestream of a picture of `size` bytes announces more than is there.

    Its table of contents is read by FFmpeg's parser, which cuts it off where it ends: behind the
    end of the file, in the zeros appended here, where something is missing. False also where the
    table is damaged or missing itself.
    """
    room = min(_MOST_MISSING_BYTES, (1 << 20) + _MOST_MISSING_SHARE * size)
    try:
        start = file.seek(_codestream_start(file))
        with av.open(_Padded(file, size + room), "r", format="jpegxl_pipe") as container:
            length = next(container.demux()).size
    except MemoryError:
        raise
    except (UnreadableError, FFmpegError):
        return False
    return size - start < length < size - start + room


class _Padded:
    """A file followed by zeros up to `size` bytes."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size

    def read(self, count: int) -> bytes:
        data = self._file.read(count)
        room = self._size - self._file.tell()
        if data or room <= 0:
            return data
        self._size -= min(count, room)
        return bytes(min(count, room))


def _dimension(bits: _Bits, *, small: bool) -> int:
    if small:
        return (bits.take(5) + 1) * 8
    return bits.take(_SIZE_BITS[bits.take(2)]) + 1


def _codestream_start(file: BinaryIO) -> int:
    """Return where the codestream begins: at once, or in a box ``jxlc`` or ``jxlp``."""
    if read_at(file, 0, 2) == _SIGNATURE:
        return 0
    for box in walk_boxes(file):
        if box.kind == b"jxlc":
            return box.start
        if box.kind == b"jxlp":
            return box.start + _PART_NUMBER_BYTES
    raise UnreadableError("the picture is damaged: it has no JPEG XL codestream")
