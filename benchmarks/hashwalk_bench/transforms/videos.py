"""All video transforms."""

from __future__ import annotations

from hashwalk_bench.transforms import (
    video_coding,
    video_cuts,
    video_frames,
    video_layout,
    video_order,
    video_packets,
    video_shape,
    video_subtitles,
    video_timing,
)

VIDEOS = (
    *video_packets.TRANSFORMS,
    *video_coding.TRANSFORMS,
    *video_shape.TRANSFORMS,
    *video_timing.TRANSFORMS,
    *video_cuts.TRANSFORMS,
    *video_order.TRANSFORMS,
    *video_layout.TRANSFORMS,
    *video_subtitles.TRANSFORMS,
    *video_frames.TRANSFORMS,
)
"""Every transform of a video."""
