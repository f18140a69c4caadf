"""Frame lists are compared by the shares of usable frames that have a counterpart."""

from __future__ import annotations

import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk.encodings import FloatList
from hashwalk.errors import FormatMismatchError
from hashwalk.format import Format, FormatSpec, Hash, Part
from hashwalk.registry import get_format
from hashwalk_formats.frame_list import FrameListFormat, FrameShares
from hashwalk_formats.vpdq import VPDQ

ZEROS = bytes(32)
NEAR = bytes([0b0111_1111, 255, 255, 255]) + bytes(28)
"""31 bits from ZEROS."""
FAR = bytes([255] * 4) + bytes(28)
"""32 bits from ZEROS, 1 from NEAR."""


def frames(*values: bytes, quality: int | None = 100) -> Hash:
    return Hash("vpdq", tuple(Part(v, quality, float(n), n) for n, v in enumerate(values)))


def joined(*hashes: Hash) -> Hash:
    parts = [part for h in hashes for part in h.parts]
    return Hash("vpdq", tuple(Part(p.value, p.quality, float(n), n) for n, p in enumerate(parts)))


def test_31_bits_match_and_32_do_not() -> None:
    assert VPDQ.shares(frames(ZEROS), frames(NEAR)) == FrameShares(1, 1)
    assert VPDQ.shares(frames(ZEROS), frames(FAR)) == FrameShares(0, 0)


def test_each_list_has_a_share_of_its_own() -> None:
    clip, longer = frames(ZEROS), frames(ZEROS, FAR, bytes([255] * 32), bytes([240] * 32))
    assert VPDQ.shares(clip, longer) == FrameShares(1, 0.25)
    assert VPDQ.shares(longer, clip) == FrameShares(0.25, 1)


def test_the_distance_is_1_less_the_greater_share() -> None:
    clip, longer = frames(ZEROS), frames(ZEROS, FAR, bytes([240] * 32))
    assert VPDQ.distance(clip, longer) == VPDQ.distance(longer, clip) == 0
    half = frames(ZEROS, bytes([255] * 32))
    assert VPDQ.distance(half, frames(FAR, ZEROS, bytes([240] * 32))) == 0.5


@pytest.mark.parametrize(("matched", "match"), [(4, True), (3, False)])
def test_a_match_takes_four_frames_of_five(matched: int, match: bool) -> None:
    near = [bytes([n]) + bytes(31) for n in range(matched)]
    far = [bytes([n]) + bytes([255] * 31) for n in range(5 - matched)]
    b = frames(ZEROS, *(bytes([n]) + bytes([240] * 31) for n in range(9)))
    assert VPDQ.compare(frames(*near, *far), b).match is match


def test_a_value_that_several_frames_have_counts_once() -> None:
    """Five seconds of a still picture are one value, not five."""
    still = frames(*[ZEROS] * 4, bytes([255] * 32))
    assert VPDQ.shares(still, frames(NEAR)) == FrameShares(0.5, 1)


def test_a_query_finds_what_has_four_of_five_of_its_values_and_not_the_other_way_round() -> None:
    clip, longer = frames(ZEROS), frames(ZEROS, FAR, bytes([255] * 32))
    assert VPDQ.shares(clip, longer).match()
    assert not VPDQ.shares(longer, clip).match()
    assert not VPDQ.shares(clip, longer).match(of_b=0.5)
    assert VPDQ.shares(longer, clip).match(of_a=1 / 3, of_b=1)
    assert not FrameShares(0, 0).match(of_a=0)


def test_frames_under_the_quality_floor_take_no_part() -> None:
    a = joined(frames(ZEROS), frames(FAR, FAR, FAR, quality=49))
    assert VPDQ.shares(a, frames(NEAR)) == FrameShares(1, 1)
    assert VPDQ.shares(frames(FAR, quality=50), frames(FAR)) == FrameShares(1, 1)


def test_frames_of_unknown_quality_take_part() -> None:
    assert VPDQ.distance(frames(ZEROS, quality=None), frames(NEAR)) == 0


def test_lists_without_usable_frames_are_alike_only_if_equal() -> None:
    poor, other = frames(ZEROS, quality=0), frames(NEAR, quality=0)
    assert VPDQ.distance(poor, poor) == 0
    assert VPDQ.distance(poor, other) == VPDQ.distance(poor, frames(FAR)) == 1
    assert VPDQ.shares(poor, poor) == FrameShares(0, 0)
    assert VPDQ.compare(poor, poor).match is None


def test_shares_of_another_format_s_hash_are_refused() -> None:
    with pytest.raises(FormatMismatchError):
        VPDQ.shares(frames(ZEROS), Hash("vpdq-all", (Part(ZEROS),)))


LEVELS = st.lists(st.integers(0, 8), min_size=1, max_size=6)


def naive_shares(frame: Format, tolerance: float, a: list[bytes], b: list[bytes]) -> FrameShares:
    near = {
        (x, y)
        for x, y in product(set(a), set(b))
        if frame.distance(Hash.of(frame.spec.id, x), Hash.of(frame.spec.id, y)) <= tolerance
    }
    return FrameShares(
        sum(any((x, y) in near for y in b) for x in a) / len(a),
        sum(any((x, y) in near for x in a) for y in b) / len(b),
    )


def value_of(spec: FormatSpec, level: int) -> bytes:
    """Return a value of the format that differs the more, the more the levels differ."""
    if isinstance(spec.encodings[0], FloatList):
        return np.full(spec.encodings[0].count, level / 2).tobytes()
    bits = [n % 8 < level for n in range(spec.bits or 0)]
    return np.packbits(bits).tobytes()


@pytest.mark.parametrize("inner", ["phash", "cv-phash", "colorhash", "cv-color-moment"])
@settings(deadline=None)
@given(levels_a=LEVELS, levels_b=LEVELS)
def test_shares_are_those_of_comparing_all_pairs(
    inner: str, levels_a: list[int], levels_b: list[int]
) -> None:
    """Bits, counted by matrix products, and other distances, one pair after the other."""
    composed = get_format(f"framewise:{inner}@1")
    assert isinstance(composed, FrameListFormat)
    spec = composed.frame.spec
    a, b = ([value_of(spec, level) for level in dict.fromkeys(ls)] for ls in (levels_a, levels_b))
    hashes = (Hash(composed.spec.id, tuple(Part(v) for v in values)) for values in (a, b))
    assert composed.shares(*hashes) == naive_shares(composed.frame, composed.tolerance, a, b)


def test_an_hour_of_frames_is_compared_with_another_in_seconds() -> None:
    rng = np.random.default_rng(7)
    a, b = (frames(*(rng.bytes(32) for _ in range(3600))) for _ in "ab")
    start = time.perf_counter()
    assert VPDQ.distance(a, b) == 1
    assert time.perf_counter() - start < 10
