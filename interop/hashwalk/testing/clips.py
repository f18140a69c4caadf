"""Small deterministic clips, and the way frames reach a video format."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.video.frame import VideoFrame

from hashwalk.format import Hash, VideoHasher
from hashwalk.picture import Picture
from hashwalk.testing.pictures import make_pixels
from hashwalk.video import Frame, VideoInfo

RATE = Fraction(10)
SECONDS = 3
FRAMES = SECONDS * int(RATE)
WIDTH, HEIGHT = 96, 64


def make_video(*, known: bool = True) -> VideoInfo:
    """Describe the clips; not `known`: a raw stream that tells neither rate nor duration."""
    rate = RATE if known else None
    duration = float(SECONDS) if known else None
    return VideoInfo(WIDTH, HEIGHT, rate, rate, duration, codec="h264", pixel_format="yuv420p")


def make_frames(
    hasher: VideoHasher,
    count: int = FRAMES,
    seed: int = 0,
    picture_type: type[Picture] = Picture,
) -> Iterator[Frame]:
    """Yield a clip's frames: a scene a second, its first frame a key frame, sliding sideways."""
    for index in range(count):
        scene, step = divmod(index, int(RATE))
        pixels = np.roll(make_pixels(WIDTH, HEIGHT, seed * 100 + scene), 3 * step, axis=1)
        pixels.flags.writeable = False
        picture = picture_type.from_rgb(pixels, hasher.grey_sizes)
        yield make_frame(picture, index, key=step == 0)


def make_frame(picture: Picture, index: int, rate: Fraction = RATE, *, key: bool = True) -> Frame:
    """Return the frame numbered `index` of a video of `rate` frames a second."""
    native = VideoFrame.from_ndarray(picture.rgb, format="rgb24")
    native.pts, native.time_base = index, 1 / rate
    time = index / rate
    return Frame(native, index, time, float(time), 1 / rate, key, lambda: picture)


def sampled(hasher: VideoHasher, video: VideoInfo, frames: Iterator[Frame]) -> Iterator[Frame]:
    """Yield those frames that the format's sampling wants to see."""
    wanted = hasher.sampling.selector(video.rate)
    return (f for f in frames if wanted(f.index, f.time_s, f.key))


def clip_file(seed: int = 0) -> bytes:
    """Return a small video file: ten frames, MPEG-4 in AVI."""
    file = io.BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("mpeg4", rate=int(RATE))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for step in range(10):
            pixels = np.roll(make_pixels(WIDTH, HEIGHT, seed), 3 * step, axis=1)
            container.mux(stream.encode(VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return file.getvalue()


def hash_clip(
    hasher: VideoHasher, count: int = FRAMES, seed: int = 0, *, known: bool = True
) -> Hash:
    """Return the hash of a clip of `count` frames; raises what the format raises."""
    video = make_video(known=known)
    sink = hasher.start_video(video)
    for frame in sampled(hasher, video, make_frames(hasher, count, seed)):
        sink.update(frame)
    return sink.finish()
