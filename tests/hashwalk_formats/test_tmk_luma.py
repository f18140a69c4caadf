"""The luma of frames is that of the RGB pixels that FFmpeg makes of them, to the last bit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk_formats.pdq_downscale import luma_in_float32
from hashwalk_formats.tmk_luma import LumaBatch
from hashwalk_formats.upright_scaling import UprightScaler


def check_batch(frames: list[VideoFrame]) -> None:
    """Compare a batch with the frames' RGB pixels, one by one."""
    batch, scaler = LumaBatch(len(frames)), UprightScaler(64, 64)
    for frame in frames:
        batch.add(frame)
    expected = [luma_in_float32(scaler.pixels(frame)) for frame in frames]
    np.testing.assert_array_equal(batch.take(), expected)


@pytest.mark.parametrize(
    "name",
    [
        "blend-hevc-2997fps.mp4",
        "flat-h264-25fps.mp4",
        "oddsize-h264-24fps.mkv",
        "rotated-h264-60fps.mp4",
        "tenbit-av1-30fps.mp4",
    ],
)
def test_decoded_frames_have_the_luma_of_their_pixels(name: str, vectors_folder: Path) -> None:
    with av.open(str(vectors_folder / "clips" / name)) as container:
        check_batch([frame for _, frame in zip(range(8), container.decode(video=0), strict=False)])


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.tuples(st.integers(8, 120), st.integers(8, 120)),
    cells=st.integers(1, 12),
    spaces=st.lists(st.sampled_from([1, 2, 5, 6, 9]), min_size=3, max_size=3),
    full=st.booleans(),
)
def test_any_samples_have_the_luma_of_their_pixels(
    seed: int, size: tuple[int, int], cells: int, spaces: list[int], full: bool
) -> None:
    """Also those out of range, sharp edges between them, and matrices that change midway."""
    random = np.random.default_rng(seed)
    width, height = (2 * side for side in size)
    frames = []
    for space in spaces:
        pattern = random.integers(0, 256, (cells, cells), dtype=np.uint8)
        rows = np.arange(height * 3 // 2) * cells // (height * 3 // 2)
        planes = pattern[rows[:, None], np.arange(width) * cells // width]
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(planes), "yuv420p")
        frame.colorspace = space
        frame.color_range = ColorRange.JPEG if full else ColorRange.MPEG
        frames.append(frame)
    check_batch(frames)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuvj420p"])
@pytest.mark.parametrize("space", [1, 2])
def test_ffmpeg_scales_one_frame_of_each_size_to_compare(
    pixel_format: str, space: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All others take less than half of its time."""
    planes = np.random.default_rng(0).integers(0, 256, (201, 146), np.uint8)
    frame = VideoFrame.from_ndarray(planes, pixel_format)
    frame.colorspace = space
    check_batch([frame])
    calls: list[VideoFrame] = []
    monkeypatch.setattr(UprightScaler, "pixels", lambda _, asked: calls.append(asked))
    for _ in range(2):
        batch = LumaBatch(3)
        for _ in range(3):
            batch.add(frame)
    assert calls == []


def test_planes_that_are_stored_from_the_last_line_on_are_left_to_ffmpeg() -> None:
    """Some decoders leave them so, as the filter that flips a frame does."""
    planes = np.random.default_rng(0).integers(0, 256, (150, 160), np.uint8)
    frame = VideoFrame.from_ndarray(planes, "yuv420p")
    graph = Graph()
    source = graph.add_buffer(width=160, height=100, format=frame.format, time_base=Fraction(1, 25))
    graph.link_nodes(source, graph.add("vflip"), graph.add("buffersink")).configure()
    graph.vpush(frame)
    flipped = graph.vpull()
    assert flipped.planes[0].line_size < 0
    check_batch([flipped])
    check_batch([frame, flipped])


def test_a_batch_begins_again_once_it_was_taken() -> None:
    dark, light = (np.full((96, 64), level, np.uint8) for level in (40, 200))
    batch = LumaBatch(2)
    for planes in (dark, light):
        batch.add(VideoFrame.from_ndarray(planes, "yuv420p"))
    first = batch.take()
    batch.add(VideoFrame.from_ndarray(light, "yuv420p"))
    np.testing.assert_array_equal(batch.take(), first[1:])
    assert len(batch.take()) == 0
