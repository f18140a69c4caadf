"""How a HEIC picture is turned, by its boxes."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.media.heif import heif_orientation

MIRRORED = {0: 4, 1: 2}


def box(kind: bytes, *content: bytes) -> bytes:
    joined = b"".join(content)
    return (8 + len(joined)).to_bytes(4, "big") + kind + joined


def heic(turns: list[bytes], linked: bytes, *, wide_items: bool = False) -> bytes:
    """A file whose second item, the primary one, is turned by the properties `linked`."""
    version, width = (b"\1", 4) if wide_items else (b"\0", 2)
    first, second = ((n.to_bytes(width, "big")) for n in (1, 2))
    links = first + b"\1\x81" + second + bytes([len(linked)]) + linked
    return box(b"ftyp", b"heic", bytes(4)) + box(
        b"meta",
        bytes(4),
        box(b"pitm", version, bytes(3), second),
        box(
            b"iprp",
            box(b"ipco", box(b"ispe", bytes(12)), *turns),
            box(b"ipma", version, bytes(3), b"\0\0\0\2", links),
        ),
    )


@pytest.mark.parametrize("wide_items", [False, True])
@pytest.mark.parametrize(("angle", "orientation"), [(0, 1), (1, 8), (2, 3), (3, 6)])
def test_a_rotation_counts_quarters_against_the_clock(
    angle: int, orientation: int, wide_items: bool
) -> None:
    content = heic([box(b"irot", bytes([angle]))], b"\x81\x82", wide_items=wide_items)
    assert heif_orientation(io.BytesIO(content)) == orientation


@pytest.mark.parametrize("axis", MIRRORED)
def test_a_mirror_swaps_top_and_bottom_or_left_and_right(axis: int) -> None:
    content = heic([box(b"imir", bytes([axis]))], b"\x02")
    assert heif_orientation(io.BytesIO(content)) == MIRRORED[axis]


def test_turns_are_applied_in_the_order_of_their_links() -> None:
    turns = [box(b"irot", b"\3"), box(b"imir", b"\1")]
    assert heif_orientation(io.BytesIO(heic(turns, b"\x82\x83"))) == 5
    assert heif_orientation(io.BytesIO(heic(turns, b"\x83\x82"))) == 7


def test_what_turns_another_picture_does_not_count() -> None:
    assert heif_orientation(io.BytesIO(heic([box(b"irot", b"\3")], b"\x81"))) == 1


WHOLE = heic([box(b"irot", b"\3"), box(b"imir", b"\1")], b"\x82\x83")


@given(st.integers(0, len(WHOLE)), st.binary(max_size=12))
def test_damaged_boxes_say_some_orientation(place: int, noise: bytes) -> None:
    damaged = WHOLE[:place] + noise + WHOLE[place + len(noise) :]
    for content in (damaged, damaged[: place + len(noise)]):
        assert heif_orientation(io.BytesIO(content)) in range(1, 9)
