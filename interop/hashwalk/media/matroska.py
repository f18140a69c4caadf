"""Whether a Matroska or WebM file ends before its last block of pictures.

Source: RFC 8794 (EBML), RFC 9559 (Matroska).
"""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

from hashwalk.media.boxes import MAX_ELEMENTS, read_at

_NOTHING, _HALF_A_HEADER = 0, -1
_SEGMENT = 0x18538067
_OF_CLUSTERS = frozenset({0x1F43B675, 0xA3, 0xA0, 0xE7, 0xA7, 0xAB})
"""A cluster, its blocks, and what stands before them in one of unknown length."""
_KNOWN = _OF_CLUSTERS | {
    *(0x1A45DFA3, _SEGMENT, 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1C53BB6B),
    *(0x1254C367, 0x1043A770, 0x1941A469, 0xEC, 0xBF, _HALF_A_HEADER),
}
"""All that may follow where nothing tells the length of the segment."""


class _Element(NamedTuple):
    """The id of an element, where its content starts, and its length, None if unknown."""

    kind: int
    start: int
    length: int | None


def matroska_cut(file: BinaryIO, size: int) -> bool:
    """Tell whether blocks are missing at the end of a file of `size` bytes.

    A segment that has a length has to reach that far, but for what comes behind the clusters.
    One without (a recording that was streamed) has to end with a whole element; the elements of
    its clusters, which may have no length either, are walked one by one.
    """
    position = segment_end = last = 0
    has_clusters = False
    for _ in range(MAX_ELEMENTS):
        if position >= min(segment_end or size, size):
            break
        kind, start, length = _element_at(file, position)
        if kind == _NOTHING or (kind not in _KNOWN and not segment_end):
            break
        if kind == _SEGMENT and length is not None:
            segment_end, length = start + length, None
        position = start + (length or 0)
        last = last if kind == _HALF_A_HEADER else kind
        has_clusters = has_clusters or kind in _OF_CLUSTERS
    return max(position, segment_end) > size and (last in _OF_CLUSTERS or not has_clusters)


def _element_at(file: BinaryIO, position: int) -> _Element:
    header = read_at(file, position, 16)
    id_bytes = _vint_bytes(header[:1])
    length_bytes = _vint_bytes(header[id_bytes : id_bytes + 1])
    start = position + id_bytes + length_bytes
    if not id_bytes or (not length_bytes and len(header) > id_bytes):
        return _Element(_NOTHING, start, None)
    raw = header[id_bytes : id_bytes + length_bytes]
    if not raw or len(raw) < length_bytes:
        return _Element(_HALF_A_HEADER, position + 16, None)
    mask = (1 << 7 * length_bytes) - 1
    length = int.from_bytes(raw, "big") & mask
    kind = int.from_bytes(header[:id_bytes], "big")
    return _Element(kind, start, None if length == mask else length)


def _vint_bytes(first: bytes) -> int:
    return 9 - first[0].bit_length() if first and first[0] else 0
