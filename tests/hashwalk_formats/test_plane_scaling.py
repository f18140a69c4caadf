"""Planes are scaled as the sums say that FFmpeg makes, whatever their size."""

from __future__ import annotations

import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from hashwalk_formats import plane_scaling
from hashwalk_formats.bicubic_taps import bicubic_taps
from hashwalk_formats.plane_scaling import PlaneScaler, plane_lines, scales
from hashwalk_formats.plane_scaling_loops import scale_planes

SIDE = 64
SIZES = [(64, 64), (77, 91), (176, 144), (200, 100), (97, 640), (1280, 80)]


def noise(width: int, height: int) -> VideoFrame:
    """Return a frame whose lines go on with noise beyond their samples."""
    frame = VideoFrame(width, height, "yuv420p")
    random = np.random.default_rng(width)
    for lines in plane_lines(frame):
        lines[...] = random.integers(0, 256, lines.shape)
    return frame


def by_definition(frame: VideoFrame) -> list[NDArray[np.int64]]:
    """Return the planes, summed up across in lines of 15 bits, then down."""
    planes = []
    for plane, lines in zip(frame.planes, plane_lines(frame), strict=True):
        width = SIDE if plane.width == frame.width else SIDE // 2
        across = bicubic_taps(plane.width, width, 1 << 14, 4)
        down = bicubic_taps(plane.height, SIDE, 1 << 12, 2)
        samples = lines[:, across.lines].astype(np.int64)
        narrow = np.minimum((samples * across.weights).sum(axis=2) >> 7, (1 << 15) - 1)
        sums = (narrow[down.lines] * down.weights[:, :, None]).sum(axis=1)
        planes.append(sums + (1 << 18) >> 19)
    return planes


def scaled(frame: VideoFrame) -> list[NDArray[np.int16]]:
    """Return the planes, of colours the part that is written."""
    planes = np.zeros((3, SIDE, SIDE), np.int16)
    PlaneScaler(frame.width, frame.height, SIDE).scale(frame, planes)
    assert not planes[1:, :, SIDE // 2 :].any()
    return [planes[0], *planes[1:, :, : SIDE // 2]]


@pytest.mark.parametrize("size", SIZES)
def test_planes_are_sums_of_bicubic_taps(size: tuple[int, int]) -> None:
    frame = noise(*size)
    for found, expected in zip(scaled(frame), by_definition(frame), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_outside_of_the_planes_is_read(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python checks what machine code does not."""
    frame = noise(*size)
    expected = scaled(frame)
    monkeypatch.setattr(plane_scaling, "scale_planes", scale_planes.__wrapped__)
    np.testing.assert_array_equal(np.hstack(scaled(frame)), np.hstack(expected))


@pytest.mark.parametrize("size", [(64, 30), (30, 64), (16, 16), (2, 900)])
def test_very_small_frames_are_left_to_ffmpeg(size: tuple[int, int]) -> None:
    assert not scales(*size, SIDE)
    with pytest.raises(ValueError, match="too small"):
        PlaneScaler(*size, SIDE)
