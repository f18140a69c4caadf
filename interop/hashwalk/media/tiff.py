"""Whether a TIFF file ends before the last of its pages.

Source: TIFF 6.0, image file directories; BigTIFF.
"""

from __future__ import annotations

from typing import BinaryIO, Literal

from hashwalk.media.boxes import read_at

_MOST_PAGES = 10_000
_MOST_ENTRIES = 1_000
_MOST_STRIPS = 1_000_000
_STRIPS, _TILES = (273, 279), (324, 325)
"""The tags of where pieces of a page start, and of how long they are."""
_BYTES_OF_TYPE = {3: 2, 4: 4, 16: 8}


def tiff_cut(file: BinaryIO, size: int) -> bool:
    """Tell whether a page of a file of `size` bytes, or its description, is not all there."""
    tiff = _Tiff(file)
    position = tiff.first
    for _ in range(_MOST_PAGES):
        end, position = tiff.page(position)
        if end > size:
            return True
        if not position:
            return False
    return False


class _Tiff:
    """Reads the numbers of a TIFF file in its own byte order and width."""

    def __init__(self, file: BinaryIO) -> None:
        header = read_at(file, 0, 4)
        self._file = file
        self._order: Literal["little", "big"] = "little" if header[:2] == b"II" else "big"
        big = 43 in header[2:4]
        self._count_bytes, self._entry_bytes, self._offset_bytes = (8, 20, 8) if big else (2, 12, 4)
        self.first = self._number(self._offset_bytes, self._offset_bytes)

    def page(self, position: int) -> tuple[int, int]:
        """Return where the page ends that is described at `position`, and where the next one is."""
        entries = min(self._number(position, self._count_bytes), _MOST_ENTRIES)
        start = position + self._count_bytes
        after = start + entries * self._entry_bytes
        at = {self._number(e, 2): e for e in range(start, after, self._entry_bytes)}
        ends = [after + self._offset_bytes]
        for places, lengths in (_STRIPS, _TILES):
            if places in at and lengths in at:
                starts, starts_end = self._values(at[places])
                counts, counts_end = self._values(at[lengths])
                pieces = zip(starts, counts, strict=False)
                ends += [starts_end, counts_end, max(map(sum, pieces), default=0)]
        return max(ends), self._number(after, self._offset_bytes)

    def _values(self, entry: int) -> tuple[list[int], int]:
        """Return the numbers of an entry, and where they end."""
        count = self._number(entry + 4, self._offset_bytes)
        width = _BYTES_OF_TYPE.get(self._number(entry + 2, 2), 1)
        start = entry + 4 + self._offset_bytes
        if count * width > self._offset_bytes:
            start = self._number(start, self._offset_bytes)
        data = read_at(self._file, start, min(count, _MOST_STRIPS) * width)
        values = [
            int.from_bytes(data[i : i + width], self._order) for i in range(0, len(data), width)
        ]
        return values, start + count * width

    def _number(self, position: int, count: int) -> int:
        return int.from_bytes(read_at(self._file, position, count), self._order)
