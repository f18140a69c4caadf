"""The taps are those of FFmpeg's own scaler, which PyAV contains."""

from __future__ import annotations

from typing import Any

import av
import numpy as np
import pytest
from av.video.reformatter import Interpolation
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashwalk.media.videos import ONE_THREAD
from hashwalk_formats.bicubic_taps import bicubic_taps

ROWS = 8
"""Of the test picture: scaled across only, so that few are enough."""


def scaled_by_ffmpeg(pixels: NDArray[np.uint8], width: int) -> NDArray[Any]:
    frame = av.VideoFrame.from_ndarray(pixels, "gray")
    bicubic = Interpolation.BICUBIC
    return frame.reformat(width, ROWS, "gray16le", interpolation=bicubic, **ONE_THREAD).to_ndarray()


@settings(max_examples=60, deadline=None)
@given(source=st.integers(8, 2000), target=st.integers(16, 400), seed=st.integers(0, 2**32 - 1))
@example(source=1920, target=144, seed=1)
@example(source=92, target=72, seed=1)
@example(source=251, target=16, seed=0)
@example(source=46, target=36, seed=1)
def test_scaling_across_equals_ffmpeg_s(source: int, target: int, seed: int) -> None:
    """FFmpeg keeps 19 bits of the sums, and writes 16.

    It copies what keeps its size, and shortens rows of more than 256 weights.
    """
    assume(source != target)
    assume(source < 60 * target)
    pixels = np.random.default_rng(seed).integers(0, 256, (ROWS, source), dtype=np.uint8)
    taps = bicubic_taps(source, target, 1 << 14, 4)
    sums = (pixels[:, taps.lines].astype(np.int64) * taps.weights).sum(axis=2)
    lines = np.minimum(sums >> 3, (1 << 19) - 1)
    expected = np.clip(lines + 4 >> 3, 0, 65535)
    assert np.array_equal(scaled_by_ffmpeg(pixels, target), expected)


@pytest.mark.parametrize("source", [16, 100, 143, 144, 145, 480, 4096])
def test_weights_add_up_to_the_total(source: int) -> None:
    assert (bicubic_taps(source, 144, 4096, 2).weights.sum(axis=1) == 4096).all()
