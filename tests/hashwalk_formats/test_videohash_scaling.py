"""Planes are scaled as the steps of FFmpeg 5.1 say, whatever their layout in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hashwalk_formats import videohash_scaling
from hashwalk_formats.bicubic_taps import bicubic_taps
from hashwalk_formats.videohash_lines import across_8_bits
from hashwalk_formats.videohash_scaling import full_range_plane

LUMA, CHROMA = (30189, 19077, -39057361, 14), (30775, 4663, -9289992, 12)


def lines_of(samples: NDArray[Any], width: int, depth: int, index: int) -> NDArray[np.int64]:
    taps = bicubic_taps(samples.shape[1], width, 1 << 14, 4)
    sums = (samples[:, taps.lines].astype(np.int64) * taps.weights).sum(axis=2)
    largest, factor, offset, shift = CHROMA if index else LUMA
    return np.minimum(np.minimum(sums >> (depth - 1), 32767), largest) * factor + offset >> shift


@pytest.mark.parametrize("depth", [8, 10, 14])
@pytest.mark.parametrize("size", [(270, 481), (144, 30), (16, 144), (500, 100)])
@pytest.mark.parametrize("index", [0, 1])
def test_rows_that_are_rounded_once(depth: int, size: tuple[int, int], index: int) -> None:
    """Deep video is rounded by a pattern, whose first row differs from half by 60 at most."""
    rng, kind = np.random.default_rng(depth), np.uint8 if depth == 8 else np.uint16
    samples = rng.integers(0, 1 << depth, size).astype(kind)
    plane = full_range_plane(samples, (144, 72), depth=depth, index=index, exact_rows=144)
    lines = lines_of(samples, 72, depth, index)
    taps = bicubic_taps(size[0], 144, 1 << 12, 2)
    sums = (lines[taps.lines] * taps.weights[:, :, None]).sum(axis=1)
    tolerance = 0 if depth == 8 else 1
    if taps.size > 1:
        expected = np.clip((64 << 12) + sums >> 19, 0, 255)
        assert np.abs(plane - expected).max() <= tolerance


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_plane_s_layout_in_memory_changes_nothing(kind: Any) -> None:
    depth = 8 if kind is np.uint8 else 10
    whole = np.random.default_rng(1).integers(0, 1 << depth, (300, 400, 2)).astype(kind)
    for view in (whole[10:, 20:-7, 1], np.rot90(whole[:, :, 0], 1), np.rot90(whole[:, :, 1], 2)):
        planes = [
            full_range_plane(samples, (144, 144), depth=depth, index=0, exact_rows=2)
            for samples in (view, np.ascontiguousarray(view))
        ]
        np.testing.assert_array_equal(*planes)


def test_other_rows_are_rounded_tap_by_tap() -> None:
    samples = np.random.default_rng(2).integers(0, 256, (300, 400), dtype=np.uint8)
    plane = full_range_plane(samples, (144, 144), depth=8, index=0, exact_rows=2)
    taps = bicubic_taps(300, 144, 1 << 12, 2)
    products = lines_of(samples, 144, 8, 0)[taps.lines] * taps.weights[:, :, None]
    rounded = (products >> 16).sum(axis=1) + (64 + 8 * (taps.size - 1) >> 4) >> 3
    np.testing.assert_array_equal(plane[:-2], np.clip(rounded, 0, 255)[:-2])


@pytest.mark.parametrize("size", [(8, 36), (8, 144), (17, 48), (40, 290)])
def test_planes_of_any_size_are_read_within_their_bounds(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python checks what machine code does not."""
    plane = np.random.default_rng(3).integers(0, 256, size, dtype=np.uint8)
    scaled = full_range_plane(plane, (8, 36), depth=8, index=0, exact_rows=2)
    monkeypatch.setattr(videohash_scaling, "across_8_bits", across_8_bits.__wrapped__)
    checked = full_range_plane(plane, (8, 36), depth=8, index=0, exact_rows=2)
    np.testing.assert_array_equal(scaled, checked)
