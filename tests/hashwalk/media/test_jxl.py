"""What the header of a JPEG XL picture says, without decoding it."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from hashwalk.errors import UnreadableError
from hashwalk.media.jxl import jxl_header

pytest.importorskip("pillow_jxl", reason="the extra jxl is not installed")

sides = st.integers(1, 700)


def encoded(size: tuple[int, int], *, boxed: bool) -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("L", size, 90).save(buffer, "JXL", effort=1, use_container=boxed)
    return buffer


@settings(max_examples=40, deadline=None)
@given(sides, sides, st.booleans())
@example(1, 1, False)
@example(256, 256, True)
@example(640, 480, False)
@example(513, 289, True)
@example(9000, 8, False)
def test_the_header_says_the_size(width: int, height: int, boxed: bool) -> None:
    assert jxl_header(encoded((width, height), boxed=boxed)) == (width, height, 1)


@given(st.binary(max_size=64))
@example(b"\xff\x0a")
@example(b"\x00\x00\x00\x0cJXL \r\n\x87\n")
@example(b"\x00\x00\x00\x01ftyp" + b"\xff" * 8 + bytes(8))
def test_any_other_bytes_are_refused_or_give_a_size(content: bytes) -> None:
    try:
        width, height, orientation = jxl_header(io.BytesIO(content))
    except UnreadableError:
        return
    assert content.find(b"\xff\x0a") >= 0
    assert min(width, height) >= 0
    assert orientation in range(1, 9)
