"""Telling pictures and videos by their first bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hashwalk.media.sniff import HEAD_BYTES, Sniffed, sniff


def ftyp(major: bytes, *compatible: bytes) -> bytes:
    brands = b"".join(compatible)
    return (16 + len(brands)).to_bytes(4, "big") + b"ftyp" + major + bytes(4) + brands


@pytest.mark.parametrize(
    ("pillow_format", "container"),
    [
        ("JPEG", "jpeg"),
        ("PNG", "png"),
        ("WEBP", "webp"),
        ("GIF", "gif"),
        ("AVIF", "avif"),
        ("BMP", "bmp"),
        ("TIFF", "tiff"),
    ],
)
def test_pictures_are_told_by_content(pillow_format: str, container: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, pillow_format)
    assert sniff(buffer.getvalue()[:HEAD_BYTES]) == Sniffed("picture", container)


@pytest.mark.parametrize(
    ("codec", "container", "expected"),
    [
        ("mpeg4", "mp4", "mp4"),
        ("mpeg4", "mov", "mp4"),
        ("mpeg4", "3gp", "mp4"),
        ("mpeg4", "avi", "avi"),
        ("mpeg4", "matroska", "matroska"),
        ("libvpx", "webm", "matroska"),
        ("mpeg2video", "mpegts", "mpegts"),
        ("mpeg2video", "mpeg", "mpeg"),
        ("flv", "flv", "flv"),
        ("wmv2", "asf", "asf"),
        ("libvpx", "ogg", "ogg"),
        ("mpeg2video", "mxf", "mxf"),
        ("mpeg4", "nut", "nut"),
        ("libvpx", "ivf", "ivf"),
        ("rv20", "rm", "rm"),
    ],
)
def test_videos_are_told_by_content(
    codec: str, container: str, expected: str, make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    size = (176, 144) if codec == "rv20" else (64, 48)
    clip = make_clip(tmp_path / "name.jpg", codec, container, frames=12, size=size, rate=25)
    assert sniff(clip.read_bytes()[:HEAD_BYTES]) == Sniffed("video", expected)


def test_the_name_of_a_file_is_not_asked(make_pixels: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "picture.mp4"
    Image.fromarray(make_pixels()).save(path, "PNG")
    assert sniff(path.read_bytes()[:HEAD_BYTES]) == Sniffed("picture", "png")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (ftyp(b"avif", b"avif", b"mif1"), Sniffed("picture", "avif")),
        (ftyp(b"avis", b"avis", b"msf1"), Sniffed("picture", "avif")),
        (ftyp(b"mif1", b"mif1", b"avif"), Sniffed("picture", "avif")),
        (ftyp(b"heic", b"mif1", b"heic"), Sniffed("picture", "heic")),
        (ftyp(b"mif1", b"heic"), Sniffed("picture", "heic")),
        (ftyp(b"mif1"), Sniffed("picture", "heic")),
        (ftyp(b"isom", b"iso2", b"avc1", b"mp41"), Sniffed("video", "mp4")),
        (ftyp(b"mp42", b"mif1", b"heic"), Sniffed("video", "mp4")),
        (ftyp(b"qt  "), Sniffed("video", "mp4")),
    ],
)
def test_brands_part_pictures_from_videos(head: bytes, expected: Sniffed) -> None:
    """AVIF, HEIC and MP4 share one structure; the major brand decides."""
    assert sniff(head) == expected


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"B",
        b"BMW is a maker of cars and not of bitmaps",
        b"GGGGGGGGGGGG",
        b"#EXTM3U\n#EXT-X-VERSION:3\n",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"%PDF-1.7\n",
        bytes(HEAD_BYTES),
    ],
)
def test_other_content_is_not_taken_for_media(head: bytes) -> None:
    assert sniff(head) is None
