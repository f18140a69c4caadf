"""Formats that record what they are shown, and media made on the spot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from hashwalk.encodings import Hex
from hashwalk.format import (
    FileHasher,
    Format,
    FormatSpec,
    Hash,
    Kind,
    Part,
    PictureHasher,
    Shape,
    VideoHasher,
)
from hashwalk.picture import Picture
from hashwalk.sampling import AllFrames, Sampling
from hashwalk.video import Frame, VideoInfo


def _spec(format_id: str, kind: Kind, shape: Shape = Shape.WHOLE) -> FormatSpec:
    return FormatSpec(
        id=format_id,
        summary="The MD5 of what was seen",
        kind=kind,
        bits=128,
        threshold=None,
        licence="Apache-2.0",
        encodings=(Hex(128),),
        shape=shape,
        source="these tests",
    )


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


class PictureRecorder(Format, PictureHasher):
    """Hashes the RGB pixels and keeps the pictures it was given; `error` makes it fail."""

    def __init__(self, format_id: str = "seen", error: BaseException | None = None) -> None:
        self.spec = _spec(format_id, Kind.PICTURE)
        self.error = error
        self.pictures: list[Picture] = []

    def hash_picture(self, picture: Picture) -> Hash:
        self.pictures.append(picture)
        if self.error is not None:
            raise self.error
        return Hash.of(self.spec.id, _md5(picture.rgb.tobytes()))


class VideoRecorder(Format, VideoHasher):
    """Hashes each frame's RGB pixels; `error` makes it fail at the frame numbered `at`."""

    def __init__(
        self,
        format_id: str = "seen-video",
        sampling: Sampling | None = None,
        error: BaseException | None = None,
        at: int = 0,
    ) -> None:
        self.spec = _spec(format_id, Kind.VIDEO, Shape.FRAMES)
        self.sampling = sampling or AllFrames()
        self.error, self.at = error, at
        self.sinks: list[FrameRecorder] = []

    def start_video(self, video: VideoInfo) -> FrameRecorder:
        self.sinks.append(FrameRecorder(self, video))
        return self.sinks[-1]


class FrameRecorder:
    """The sink of a VideoRecorder; keeps what identifies the frames, not the frames."""

    def __init__(self, owner: VideoRecorder, video: VideoInfo) -> None:
        self.owner, self.video = owner, video
        self.parts: list[Part] = []
        self.picture_ids: list[int] = []
        self.sizes: set[tuple[int, int]] = set()

    def update(self, frame: Frame) -> None:
        if self.owner.error is not None and len(self.parts) == self.owner.at:
            raise self.owner.error
        digest = frame.picture.shared("md5", lambda picture: _md5(picture.rgb.tobytes()))
        self.parts.append(Part(digest, None, frame.time_s, frame.index))
        self.picture_ids.append(id(frame.picture))
        self.sizes.add((frame.picture.width, frame.picture.height))

    def finish(self) -> Hash:
        return Hash(self.owner.spec.id, tuple(self.parts))


class ByteRecorder(Format, FileHasher):
    """Hashes the bytes; `error` makes it fail at the first of them."""

    def __init__(self, format_id: str = "read", error: BaseException | None = None) -> None:
        self.spec = _spec(format_id, Kind.FILE)
        self.error = error

    def start_file(self) -> ByteRecorder:
        self.md5 = hashlib.md5(usedforsecurity=False)
        return self

    def update(self, data: bytes | memoryview) -> None:
        if self.error is not None:
            raise self.error
        self.md5.update(data)

    def finish(self) -> Hash:
        return Hash.of(self.spec.id, self.md5.digest())


@pytest.fixture(scope="session")
def recorders() -> SimpleNamespace:
    """The recording formats: ``picture``, ``video`` and ``file``."""
    return SimpleNamespace(picture=PictureRecorder, video=VideoRecorder, file=ByteRecorder)


@pytest.fixture(scope="session")
def make_pixels() -> Callable[..., np.ndarray[Any, Any]]:
    """Make the (height, width, 3) pixels of a coloured mosaic, another one for each `step`."""

    def make(width: int = 160, height: int = 96, step: int = 0) -> np.ndarray[Any, Any]:
        mosaic = np.random.default_rng(7).integers(0, 256, (12, 20, 3), dtype=np.uint8)
        image = Image.fromarray(mosaic).resize((width, height), Image.Resampling.BICUBIC)
        return np.roll(np.asarray(image), (step * 2, step * 3), (0, 1))

    return make


@pytest.fixture(scope="session")
def make_clip(make_pixels: Callable[..., np.ndarray[Any, Any]]) -> Callable[..., Path]:
    """Encode a clip of the mosaic moving; returns its path."""

    def make(
        path: Path,
        codec: str = "mpeg4",
        container: str = "avi",
        *,
        frames: int = 40,
        size: tuple[int, int] = (160, 96),
        rate: int = 10,
        key_every: int = 10,
        pixel_format: str = "yuv420p",
        codec_options: dict[str, str] | None = None,
        options: dict[str, str] | None = None,
        metadata: dict[str, str] | None = None,
        sound: bool = False,
    ) -> Path:
        with av.open(str(path), "w", format=container, options=options or {}) as output:
            output.metadata.update(metadata or {})
            stream: Any = output.add_stream(codec, rate=rate, options=codec_options or {})
            stream.width, stream.height = size
            stream.pix_fmt, stream.gop_size = pixel_format, key_every
            if sound:
                _add_sound(output)
            for step in range(frames):
                pixels = make_pixels(*size, step)
                output.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
            output.mux(stream.encode())
        return path

    return make


@pytest.fixture
def picture(tmp_path: Path, make_pixels: Callable[..., np.ndarray[Any, Any]]) -> Path:
    """A JPEG of the mosaic, 160x96."""
    path = tmp_path / "picture.jpg"
    Image.fromarray(make_pixels()).save(path)
    return path


@pytest.fixture(scope="session")
def clip(make_clip: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty frames at ten a second; each tenth is a key frame."""
    return make_clip(tmp_path_factory.mktemp("clip") / "clip.mkv", "mpeg4", "matroska")


def _add_sound(output: Any) -> None:
    stream = output.add_stream("pcm_s16le", rate=8000, layout="mono")
    samples = np.zeros((1, 8000), dtype=np.int16)
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.sample_rate = 8000
    output.mux(stream.encode(frame))
    output.mux(stream.encode())
