"""The same frames in another encoding: codecs, their quality, bits a sample, palettes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from PIL import Image

from hashwalk_bench.transforms import video_writing as writing
from hashwalk_bench.transforms.declaration import choice, number, whole
from hashwalk_bench.transforms.video_edit import Stream, shape_of, video_edit
from hashwalk_bench.transforms.video_pixels import painted, resized, width_of
from hashwalk_bench.transforms.video_reading import Clip, Pixels, rgb
from hashwalk_bench.transforms.video_times import at_rate

_TEN_BITS = "yuv420p10le"
_CODECS: dict[str, Callable[..., writing.Encoding]] = {
    "h264": writing.h264,
    "h265": writing.h265,
    "av1": writing.av1,
}


def h264(clip: Clip, crf: int) -> Stream:
    """Return the frames in H.264 (libx264, veryfast, no mbtree) at `crf`: lower is better."""
    return Stream(clip.frames(), shape_of(clip), writing.h264(crf, preset="veryfast"))


def h265(clip: Clip, crf: int) -> Stream:
    """Return the frames in H.265 (libx265, ultrafast) of quality `crf`: lower is better."""
    return Stream(clip.frames(), shape_of(clip), writing.h265(crf))


def vp9(clip: Clip, crf: int) -> Stream:
    """Return the frames in VP9 (libvpx-vp9, realtime) of quality `crf`: lower is better."""
    return Stream(clip.frames(), shape_of(clip), writing.vp9(crf))


def av1(clip: Clip, crf: int) -> Stream:
    """Return the frames in AV1 (libsvtav1, preset 12) of quality `crf`: lower is better."""
    return Stream(clip.frames(), shape_of(clip), writing.av1(crf))


def ten_bits(clip: Clip, codec: str, crf: int) -> Stream:
    """Return the frames with 10 bits a sample, by the encoder of `codec`."""
    return Stream(clip.frames(), shape_of(clip), _CODECS[codec](crf, pixel_format=_TEN_BITS))


def lossless(clip: Clip) -> Stream:
    """Return the decoded frames in FFV1 (Matroska), which loses nothing: the decoder has no say.

    They are yuv420p of 8 bits and of even sides, as all that is edited here.
    """
    return Stream(clip.frames(), shape_of(clip), writing.ffv1())


def gif(clip: Clip, lines: int, rate: float, stored: str) -> Stream:
    """Return what a GIF keeps: `rate` frames a second, at most `lines`, 256 colours a frame.

    Pillow's octree chooses the colours, without dithering. `stored` is "gif" for the GIF itself,
    which is hashed as a picture, or "h264" for the video that platforms keep in its place.
    """
    slower = min(Fraction(rate).limit_denominator(100), clip.rate)
    height = min(lines & ~1, clip.height)
    small = resized(at_rate(clip.frames(), slower), width_of(clip, height), height)
    if stored == "h264":
        shape = replace(shape_of(clip), rate=slower)
        return Stream(painted(small, _few_colours), shape)
    frames = (replace(frame, image=_indexed(frame.image)) for frame in small)
    return Stream(frames, writing.Shape(Fraction(100)), writing.gif())


def _few_colours(pixels: Pixels) -> Pixels:
    return np.asarray(_quantised(pixels).convert("RGB"))


def _indexed(image: VideoFrame) -> VideoFrame:
    quantised = _quantised(rgb(image))
    colours = np.zeros((256, 4), np.uint8)
    palette = np.array(quantised.getpalette(), np.uint8).reshape(-1, 3)
    colours[:, 0] = 255
    colours[: len(palette), 1:] = palette
    indices_and_colours: Any = (np.asarray(quantised), colours)
    return VideoFrame.from_ndarray(indices_and_colours, format="pal8")


def _quantised(pixels: Pixels) -> Image.Image:
    octree, undithered = Image.Quantize.FASTOCTREE, Image.Dither.NONE
    return Image.fromarray(pixels).quantize(256, octree, dither=undithered)


_CRF = whole("crf", 0, 51)
_CRF_OF_63 = whole("crf", 0, 63)

TRANSFORMS = (
    video_edit(h264, family="codec", words="H.264, CRF {crf}", takes=(_CRF,), library="libx264"),
    video_edit(h265, family="codec", words="H.265, CRF {crf}", takes=(_CRF,), library="libx265"),
    video_edit(
        vp9, family="codec", words="VP9, CRF {crf}", takes=(_CRF_OF_63,), library="libvpx-vp9"
    ),
    video_edit(
        av1, family="codec", words="AV1, CRF {crf}", takes=(_CRF_OF_63,), library="libsvtav1"
    ),
    video_edit(
        ten_bits,
        family="codec",
        words="10 bits a sample in {codec}, CRF {crf}",
        takes=(choice("codec", *_CODECS, default="h265"), whole("crf", 0, 51, default=23)),
        library="PyAV's encoders",
    ),
    video_edit(lossless, family="codec", words="decoded, and stored without loss", library="FFV1"),
    video_edit(
        gif,
        family="codec",
        words="GIF of {lines} lines and {rate} frames a second",
        takes=(
            whole("lines", 32, 1080, default=240),
            number("rate", 1, 50, default=10),
            choice("stored", "h264", "gif", default="h264", words=", as a GIF"),
        ),
        library="Pillow",
    ),
)
