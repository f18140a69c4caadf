"""What a file is, by its first bytes and never by its name."""

from __future__ import annotations

from dataclasses import dataclass

HEAD_BYTES = 4096
"""How many bytes of the start of a file are looked at."""

_PICTURES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
)
_VIDEOS = (
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"FLV\x01", "flv"),
    (b"OggS", "ogg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b".RMF", "rm"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02", "mxf"),
    (b"nut/multimedia container\x00", "nut"),
    (b"DKIF", "ivf"),
)
_MP4_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"styp", b"moof"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_IMAGE_BRANDS = frozenset({b"mif1", b"msf1", b"mif2", b"miaf"})


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The type (``picture`` or ``video``) and the container that first bytes announce."""

    type: str
    container: str


def sniff(head: bytes) -> Sniffed | None:
    """Return what the first HEAD_BYTES of a file announce, None where they say nothing.

    None does not mean that there is no video: raw streams announce nothing.
    """
    picture = _by_magic(head, _PICTURES) or _riff(head, b"WEBP", "webp") or _image_brand(head)
    if picture or _is_bmp(head):
        return Sniffed("picture", picture or "bmp")
    video = (
        _by_magic(head, _VIDEOS)
        or _riff(head, b"AVI ", "avi")
        or _mp4(head)
        or _transport_stream(head)
    )
    return Sniffed("video", video) if video else None


def _by_magic(head: bytes, table: tuple[tuple[bytes, str], ...]) -> str | None:
    return next((name for magic, name in table if head.startswith(magic)), None)


def _riff(head: bytes, form: bytes, name: str) -> str | None:
    return name if head[:4] == b"RIFF" and head[8:12] == form else None


def _is_bmp(head: bytes) -> bool:
    header_bytes = int.from_bytes(head[14:18], "little")
    return head[:2] == b"BM" and header_bytes in (12, 16, 40, 52, 56, 64, 108, 124)


def _mp4(head: bytes) -> str | None:
    return "mp4" if head[4:8] in _MP4_BOXES else None


def _transport_stream(head: bytes) -> str | None:
    """Look for the sync byte at the start of the first packets, bare or with a time stamp."""
    for start, packet_bytes in ((0, 188), (4, 192)):
        starts = head[start : start + 5 * packet_bytes : packet_bytes]
        if starts == b"G" * 5:
            return "mpegts"
    return None


def _image_brand(head: bytes) -> str | None:
    """Tell AVIF and HEIC from videos, which share their box structure."""
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4], "big"), len(head))
    major, compatible = head[8:12], {head[i : i + 4] for i in range(16, end, 4)}
    brands = {major} | (compatible if major in _IMAGE_BRANDS else set())
    if brands & _AVIF_BRANDS:
        return "avif"
    return "heic" if brands & (_HEIC_BRANDS | _IMAGE_BRANDS) else None
