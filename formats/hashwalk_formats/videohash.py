"""videohash: 64 bits of a collage of one frame a second, without black bars."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from hashwalk.distances import Hamming
from hashwalk.encodings import Encoding, Hex
from hashwalk.errors import UnsupportedError
from hashwalk.format import (
    AnotherPassError,
    Format,
    FormatSpec,
    FrameSink,
    Hash,
    Kind,
    Threshold,
    VideoHasher,
)
from hashwalk.sampling import AllFrames
from hashwalk.video import Frame, VideoInfo
from hashwalk_formats.videohash_candidates import Candidates
from hashwalk_formats.videohash_collage import bits_of_pictures
from hashwalk_formats.videohash_crop import CropVote
from hashwalk_formats.videohash_planes import Crop

_BITS = 64


@dataclass(frozen=True, slots=True)
class PrefixedNumber(Encoding):
    """A 64-bit number with Python's prefix, whose leading zeros may have been lost.

    `base` is 16 (``0x``, written without leading zeros, as the package does) or 2 (``0b``,
    written with all 64 digits).
    """

    base: int
    name: str

    def parse(self, text: str) -> bytes:
        """Read the prefix and digits of either case, of no more than 64 bits."""
        pattern = r"0x[0-9a-f]{1,16}" if self.base == 16 else r"0b[01]{1,64}"
        if not re.fullmatch(pattern, text.strip().lower()):
            prefix = pattern[:2]
            raise ValueError(f"expected {prefix} and the digits of a number of {_BITS} bits")
        return int(text.strip(), self.base).to_bytes(_BITS // 8, "big")

    def render(self, value: bytes) -> str:
        """Write the number with its prefix."""
        number = int.from_bytes(value, "big")
        return f"{number:#x}" if self.base == 16 else f"0b{number:0{_BITS}b}"


class Videohash(Format, VideoHasher):
    """The hash of the Python package videohash, without a program, a shell or files.

    Where the first bright parts of a very large video do not tell its black bars, the video is
    decoded twice. Memory grows with the length: by 45 KB a second in ten minutes of video, frames
    that wait for their crop (64 MiB at most) included.
    """

    spec = FormatSpec(
        id="videohash",
        summary="Wavelets and colours of a collage of one frame a second, without black bars",
        kind=Kind.VIDEO,
        bits=_BITS,
        distance=Hamming(),
        threshold=Threshold(10, "akamhy/videohash 3.0.1, is_similar"),
        licence="MIT",
        encodings=(Hex(_BITS), PrefixedNumber(16, "0x"), PrefixedNumber(2, "0b")),
        interchangeable_with=("PyPI videohash 3.0.1 with FFmpeg 5.1",),
        source="https://github.com/akamhy/videohash",
        fidelity=(
            "equals PyPI videohash 3.0.1 (Pillow's removed name ANTIALIAS restored, FFmpeg 5.1) "
            "on 13 of 13 reference clips; colours of RGB video may be rounded otherwise"
        ),
        strong=(
            "64 bits for a video of any length; sees no black bars; measured on 10 short clips: "
            "9 matched after a crop, 8 after H.264 at CRF 28, 6 mirrored"
        ),
        weak="finds no part of a video (0 of 10 middle halves); a few colours may turn many bits",
        used_by=(
            "users of the Python package videohash; nobody is known to exchange lists of it "
            "publicly"
        ),
        libraries=("av", "Pillow", "numpy", "PyWavelets"),
    )
    sampling = AllFrames()

    def start_video(self, video: VideoInfo) -> FrameSink:
        """Return a fresh sink that finds the crop by itself."""
        return _Sink(video)


class _Sink:
    """Looks for black bars, and writes one frame a second under the crops that may win."""

    def __init__(self, video: VideoInfo) -> None:
        self._video = video
        self._vote = CropVote(video.duration_s)
        self._candidates = Candidates(video)
        self._tick: Fraction | None = None

    def update(self, frame: Frame) -> None:
        """Take the next frame; raises UnsupportedError where frames have no times."""
        self._tick = tick = self._tick or frame.native.time_base
        if frame.native.pts is None or tick is None:
            raise UnsupportedError("videohash goes by time, and the video's frames have none")
        settled = self._vote.update(frame.time, tick, frame.native) and self._vote.is_closed()
        if settled or self._candidates.is_full:
            self._candidates.choose(self._vote.candidates() or [None])
        self._candidates.update(frame)

    def finish(self) -> Hash:
        """Return the hash; raises AnotherPassError where a late crop won."""
        crop = self._vote.winner()
        pictures = self._candidates.finish(crop)
        if pictures is None:
            raise AnotherPassError(_SecondSink(self._video, crop))
        return _hash_of(pictures)


class _SecondSink:
    """Writes one frame a second under a crop that is known."""

    def __init__(self, video: VideoInfo, crop: Crop | None) -> None:
        self._crop = crop
        self._candidates = Candidates(video)
        self._candidates.choose([crop])

    def update(self, frame: Frame) -> None:
        """Take the next frame."""
        self._candidates.update(frame)

    def finish(self) -> Hash:
        """Return the hash."""
        return _hash_of(self._candidates.finish(self._crop) or [])


def _hash_of(pictures: list[bytes]) -> Hash:
    if not pictures:
        raise UnsupportedError("the times of the video's frames leave videohash no frame")
    return Hash.of(Videohash.spec.id, bits_of_pictures(pictures))


VIDEOHASH = Videohash()
