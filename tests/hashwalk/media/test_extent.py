"""Telling by its structure that a file was cut."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hashwalk.media.extent import is_cut_off

VIDEOS = {
    "mp4": ("mpeg4", "mp4", {"movflags": "faststart"}),
    "mp4 in fragments": ("mpeg4", "mp4", {"movflags": "frag_keyframe+empty_moov"}),
    "avi": ("mpeg4", "avi", {}),
    "matroska": ("mpeg4", "matroska", {}),
    "ogg": ("libvpx", "ogg", {}),
}
PICTURES = {
    "png": ("PNG", {}),
    "apng": ("PNG", {"save_all": True}),
    "gif": ("GIF", {"save_all": True}),
    "webp": ("WEBP", {"save_all": True}),
    "avif": ("AVIF", {}),
    "tiff": ("TIFF", {"compression": "tiff_lzw"}),
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
    make_clip(path, codec, container, options=options)
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
    return request.param.partition(" ")[0].replace("apng", "png"), buffer.getvalue()


def test_a_whole_video_is_not_cut_off(clip: tuple[str, bytes]) -> None:
    container, content = clip
    assert not cut_off(content, container)


@pytest.mark.parametrize("share", [0.9, 0.7, 0.5, 0.3])
def test_a_video_that_lost_its_end_is_cut_off(clip: tuple[str, bytes], share: float) -> None:
    container, content = clip
    assert cut_off(content[: int(len(content) * share)], container)


def test_a_whole_picture_is_not_cut_off(picture: tuple[str, bytes]) -> None:
    container, content = picture
    assert not cut_off(content, container)


@pytest.mark.parametrize("share", [0.9, 0.7, 0.5, 0.3])
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


def test_a_recording_of_unknown_length_cannot_say(
    make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    content = make_clip(tmp_path / "clip", container="matroska", options={"live": "1"}).read_bytes()
    assert not cut_off(content[: len(content) // 2], "matroska")


@pytest.mark.parametrize("container", ["jpeg", "mpegts", "h264"])
def test_containers_without_structure_cannot_say(container: str) -> None:
    assert not cut_off(b"\xff\xd8\xff\xe0 and no more", container)


@given(st.binary(max_size=200), st.sampled_from(["mp4", "avi", "matroska", "ogg", "png", "gif"]))
def test_any_bytes_are_walked_to_an_answer(content: bytes, container: str) -> None:
    assert cut_off(content, container) in (True, False)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("container", "element"),
    [("mp4", b"\0\0\0\x08free"), ("avi", b"JUNK\0\0\0\0"), ("gif", b"!\xf9\0"), ("png", bytes(12))],
)
def test_a_million_tiny_elements_are_given_up(container: str, element: bytes) -> None:
    head = b"GIF89a" + bytes(7) if container == "gif" else bytes(8) if container == "png" else b""
    assert not cut_off(head + element * 1_000_000, container)
