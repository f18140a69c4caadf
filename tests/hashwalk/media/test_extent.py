"""Telling by its structure that a file was cut."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hashwalk.media.extent import is_cut_off

pytest.importorskip("pillow_jxl", reason="the extra jxl is not installed")

VIDEOS = {
    "mp4": ("mpeg4", "mp4", {"movflags": "faststart"}),
    "mp4 in fragments": ("mpeg4", "mp4", {"movflags": "frag_keyframe+empty_moov"}),
    "avi": ("mpeg4", "avi", {}),
    "matroska": ("mpeg4", "matroska", {}),
    "matroska as it is streamed": ("mpeg4", "matroska", {"live": "1"}),
    "asf": ("wmv2", "asf", {}),
    "flv": ("flv", "flv", {}),
    "ivf": ("libvpx", "ivf", {}),
    "mxf": ("mpeg2video", "mxf", {}),
    "ogg": ("libvpx", "ogg", {}),
}
HEADS = {"flv": b"FLV\x01\x05\0\0\0\x09", "ivf": b"DKIF\0\0\x20\0", "tiff": b"II*\0"}
PICTURES = {
    "png": ("PNG", {}),
    "apng": ("PNG", {"save_all": True}),
    "gif": ("GIF", {"save_all": True}),
    "webp": ("WEBP", {"save_all": True}),
    "avif": ("AVIF", {}),
    "jxl": ("JXL", {}),
    "jxl in boxes": ("JXL", {"use_container": True}),
    "tiff": ("TIFF", {"compression": "tiff_lzw"}),
    "tiff of several pages": ("TIFF", {"save_all": True}),
    "lzw tiff of several pages": ("TIFF", {"save_all": True, "compression": "tiff_lzw"}),
    "tiff of 64 bits": ("TIFF", {"big_tiff": True, "compression": "tiff_lzw"}),
}


def cut_off(content: bytes, container: str) -> bool:
    return is_cut_off(io.BytesIO(content), len(content), container)


@pytest.fixture(scope="module", params=VIDEOS)
def clip(
    request: pytest.FixtureRequest,
    make_clip: Callable[..., Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, bytes]:
    codec, container, options = VIDEOS[request.param]
    path = tmp_path_factory.mktemp("clip") / "clip"
    make_clip(path, codec, container, options=options, rate=25)
    return request.param.partition(" ")[0], path.read_bytes()


@pytest.fixture(scope="module", params=PICTURES)
def picture(
    request: pytest.FixtureRequest, make_pixels: Callable[..., np.ndarray[Any, Any]]
) -> tuple[str, bytes]:
    pillow_format, options = PICTURES[request.param]
    buffer = io.BytesIO()
    first, *others = (Image.fromarray(make_pixels(step=step)) for step in range(3))
    if "save_all" in options:
        options = {**options, "append_images": others}
    first.save(buffer, pillow_format, **options)
    name = request.param.removeprefix("lzw ").partition(" ")[0]
    return name.replace("apng", "png"), buffer.getvalue()


def test_a_whole_video_is_not_cut_off(clip: tuple[str, bytes]) -> None:
    container, content = clip
    assert not cut_off(content, container)


@pytest.mark.parametrize("share", [0.9, 0.7, 0.5, 0.3, 0.02])
def test_a_video_that_lost_its_end_is_cut_off(clip: tuple[str, bytes], share: float) -> None:
    container, content = clip
    assert cut_off(content[: int(len(content) * share)], container)


def test_a_whole_picture_is_not_cut_off(picture: tuple[str, bytes]) -> None:
    container, content = picture
    assert not cut_off(content, container)


@pytest.mark.parametrize("share", [0.99, 0.7, 0.5, 0.3, 0.03])
def test_a_picture_that_lost_its_end_is_cut_off(picture: tuple[str, bytes], share: float) -> None:
    container, content = picture
    assert cut_off(content[: int(len(content) * share)], container)


def test_a_tiff_that_lost_a_page_is_cut_off(make_pixels: Callable[..., Any]) -> None:
    first, second = (Image.fromarray(make_pixels(step=step)) for step in range(2))
    buffer = io.BytesIO()
    first.save(buffer, "TIFF", save_all=True, append_images=[second])
    assert not cut_off(buffer.getvalue(), "tiff")
    assert cut_off(buffer.getvalue()[: len(buffer.getvalue()) // 2], "tiff")


def test_bytes_behind_the_end_do_no_harm(clip: tuple[str, bytes]) -> None:
    """Programs append notes and padding; half a box of them is not a lost frame."""
    container, content = clip
    assert not cut_off(content + bytes(5000), container)


def test_an_index_that_is_missing_costs_no_frame(
    make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    content = make_clip(tmp_path / "clip").read_bytes()
    index = content.rindex(b"idx1")
    assert not cut_off(content[: index + 100], "avi")
    assert cut_off(content[: index - 100], "avi")


def test_a_recording_without_any_lengths_has_to_end_with_a_block(
    make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    """As browsers record: one that is cut between two blocks is whole."""
    clip = make_clip(tmp_path / "clip", container="matroska", options={"live": "1"})
    content = re.sub(b"(\x1fC\xb6u)[\x40-\x7f].", b"\\1\x7f\xff", clip.read_bytes())
    with av.open(io.BytesIO(content)) as opened:
        inside = [packet.pos for packet in opened.demux() if packet.pos is not None]
    assert len(inside) == 40
    before, end = (content.rindex(b"\xa3", 0, place) for place in inside[-3:-1])
    assert not cut_off(content, "matroska")
    assert not cut_off(content[:end], "matroska")
    assert not cut_off(content[:end] + b"notes behind the end" * 99, "matroska")
    for place in range(before + 1, end):
        assert cut_off(content[:place], "matroska"), place


@pytest.mark.parametrize("container", ["jpeg", "mpegts", "h264"])
def test_containers_without_structure_cannot_say(container: str) -> None:
    assert not cut_off(b"\xff\xd8\xff\xe0 and no more", container)


@given(
    st.binary(max_size=200),
    st.sampled_from(
        ["mp4", "avi", "matroska", "asf", "flv", "ivf", "mxf", "ogg", "png", "gif", "tiff", "jxl"]
    ),
)
def test_any_bytes_are_walked_to_an_answer(content: bytes, container: str) -> None:
    head = HEADS.get(container, b"")
    assert cut_off(head + content, container) in (True, False)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("container", "element"),
    [("mp4", b"\0\0\0\x08free"), ("avi", b"JUNK\0\0\0\0"), ("gif", b"!\xf9\0"), ("png", bytes(12))],
)
def test_more_than_a_million_tiny_elements_are_given_up(container: str, element: bytes) -> None:
    head = b"GIF89a" + bytes(7) if container == "gif" else bytes(8) if container == "png" else b""
    assert not cut_off(head + element * 1_100_000, container)
