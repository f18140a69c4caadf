"""vPDQ: the PDQ values of a video's frames, counted and timed as the reference does."""

from __future__ import annotations

import json

import numpy as np

from hashwalk.errors import HashParseError, UnsupportedError
from hashwalk.format import FormatSpec, FrameSink, Hash, Kind, Part, Shape, VideoHasher
from hashwalk.sampling import AllFrames, EveryKth, Sampling
from hashwalk.video import Frame, VideoInfo
from hashwalk_formats.frame_list import (
    FrameListFormat,
    FrameListSink,
    UnmatchedFrames,
    share_threshold,
)
from hashwalk_formats.frame_text import parse_time, parse_whole, render_time, render_whole
from hashwalk_formats.pdq import LICENCE, MATCH_DISTANCE, PDQ, PDQ_THRESHOLD
from hashwalk_formats.pdq_core import MIN_SIDE, pdq_hash
from hashwalk_formats.pdq_downscale import luma_in_float32

TEXT = "vpdq-text"
JSON = "vpdq-json"
_MAX_QUALITY = 100


class Vpdq(FrameListFormat, VideoHasher):
    """PDQ of every k-th decoded frame, with `sampling` as part of the id.

    Text forms: ``vpdq-text``, the lines ``frame,quality,hash,timestamp`` of the C++ programs,
    and ``vpdq-json``, python-threatexchange's array of ``"hash,quality,timestamp"``, which has
    no frame numbers. Times are written in full, and read in any notation.
    """

    def __init__(self, format_id: str, summary: str, sampling: Sampling, *, default: bool) -> None:
        """Take the id, its one line of summary, which frames to hash, and whether by default."""
        spec = FormatSpec(
            id=format_id,
            summary=summary,
            kind=Kind.VIDEO,
            bits=PDQ.spec.bits,
            distance=UnmatchedFrames(PDQ.spec.distance, MATCH_DISTANCE),
            threshold=share_threshold(PDQ_THRESHOLD),
            quality_floor=PDQ.spec.quality_floor,
            licence=LICENCE,
            encodings=PDQ.spec.encodings,
            text_forms=(TEXT, JSON),
            interchangeable_with=("ThreatExchange's C++ command vpdq-hash-video", "PyPI vpdq"),
            shape=Shape.FRAMES,
            source="facebook/ThreatExchange, vpdq/ (2022)",
            fidelity=(
                "equals the C++ command frame by frame on 8-bit video; the conversion of 10-bit "
                "video to RGB may differ, by up to 2 bits a frame"
            ),
            libraries=("av",),
            default=default,
        )
        super().__init__(spec, PDQ, MATCH_DISTANCE)
        self.sampling = sampling

    def start_video(self, video: VideoInfo) -> FrameSink:
        """Return a fresh sink; the video's rate, not presentation, gives the times."""
        rate = np.float32(float(video.rate))
        return FrameListSink(self.spec.id, lambda frame: _hash_frame(frame, rate))

    def parse(self, text: str, encoding: str | None = None) -> Hash:
        """Return the hash of either text form, told apart by the leading bracket.

        Raises HashParseError, also for a quality over 100.
        """
        if encoding == JSON or (encoding is None and text.lstrip().startswith("[")):
            value = self._parse_json(text)
        else:
            value = super().parse(text, encoding)
        if any((part.quality or 0) > _MAX_QUALITY for part in value.parts):
            raise HashParseError(f"not a {self.spec.id} hash (a quality is over {_MAX_QUALITY})")
        return value

    def render(self, value: Hash, encoding: str | None = None) -> str:
        """Return the lines of the C++ programs, or the named text form."""
        if encoding != JSON:
            return super().render(value, encoding)
        self.check_own(value)
        return json.dumps([self._json_item(part) for part in value.parts])

    def _json_item(self, part: Part) -> str:
        value = self.render_part(part.value)
        return f"{value},{render_whole(part.quality)},{render_time(part.time_s)}"

    def _parse_json(self, text: str) -> Hash:
        try:
            parts = tuple(self._parse_item(item) for item in _json_array(text))
        except ValueError as error:
            raise HashParseError(f"not a {self.spec.id} hash ({error})") from None
        return Hash(self.spec.id, parts)

    def _parse_item(self, item: object) -> Part:
        fields = item.split(",") if isinstance(item, str) else []
        if len(fields) != 3:
            raise ValueError("expected hash, quality and time, joined by commas, for each frame")
        value, quality, time_s = fields
        return Part(self._value(value, None), parse_whole(quality, "a quality"), parse_time(time_s))


def _json_array(text: str) -> list[object]:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("expected a JSON array of frames, got something that is no JSON") from None
    if not isinstance(items, list) or not items:
        raise ValueError("expected a JSON array of at least one frame")
    return items


def _hash_frame(frame: Frame, rate: np.float32) -> Part:
    if min(frame.picture.width, frame.picture.height) < MIN_SIDE:
        raise UnsupportedError(f"vPDQ needs frames of at least {MIN_SIDE}x{MIN_SIDE} pixels")
    found = pdq_hash(frame.picture, luma_in_float32)
    time_s = float(np.float32(frame.index) / rate)
    return Part(found.value, found.quality, time_s, frame.index)


VPDQ = Vpdq(
    "vpdq", "PDQ of about one frame a second, as vPDQ counts them", EveryKth(1.0), default=True
)
VPDQ_ALL = Vpdq("vpdq-all", "PDQ of every frame", AllFrames(), default=False)
