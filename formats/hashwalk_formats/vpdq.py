"""vPDQ: the PDQ values of a video's frames, counted and timed as the reference does."""

from __future__ import annotations

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
from hashwalk_formats.pdq import LICENCE, MATCH_DISTANCE, PDQ, PDQ_THRESHOLD
from hashwalk_formats.pdq_core import MIN_SIDE, pdq_hash
from hashwalk_formats.pdq_downscale import luma_in_float32
from hashwalk_formats.vpdq_text import FORMS, form_of

_MAX_QUALITY = 100


class Vpdq(FrameListFormat, VideoHasher):
    """PDQ of every k-th decoded frame, with `sampling` as part of the id.

    Text forms: those of :mod:`hashwalk_formats.vpdq_text`, the lines of the C++ programs first.
    ``shares(query, known)`` gives python-threatexchange's two percentages, its ``match()`` the
    verdict, which is not the same both ways; the distance is: it takes the greater share.
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
            text_forms=tuple(FORMS),
            interchangeable_with=("ThreatExchange's C++ command vpdq-hash-video", "PyPI vpdq"),
            shape=Shape.FRAMES,
            source="facebook/ThreatExchange, vpdq/ (2022)",
            fidelity=(
                "equals the C++ command frame by frame on 8-bit video; the conversion of 10-bit "
                "video to RGB may differ, by up to 2 bits a frame"
            ),
            strong=(
                "finds parts of videos and says where; measured on 10 short clips at one frame a "
                "second: all matched after H.264 at CRF 28, and their middle halves in 6 cases, "
                "where the same frames happened to be sampled"
            ),
            weak=(
                "what PDQ misses in pictures: no cropped and no mirrored clip of the 10 matched; "
                "grows with the video's length"
            ),
            used_by=(
                "users of ThreatExchange's programs; nobody is known to exchange lists of it "
                "publicly"
            ),
            libraries=("av",),
            default=default,
        )
        super().__init__(spec, PDQ, MATCH_DISTANCE)
        self.sampling = sampling

    def start_video(self, video: VideoInfo) -> FrameSink:
        """Return a fresh sink; the video's rate, not presentation, gives the times."""
        rate = np.float32(float(video.rate))
        return FrameListSink(self.spec.id, lambda frame: [_hash_frame(frame, rate)])

    def parse(self, text: str, encoding: str | None = None) -> Hash:
        """Return the hash of a text in any form, which its structure tells.

        Raises HashParseError, also for a quality over 100.
        """
        form = FORMS.get(form_of(text) if encoding is None else encoding)
        if form is None:
            value = super().parse(text, encoding)
        else:
            try:
                value = Hash(self.spec.id, form.parse(text, lambda one: self._value(one, None)))
            except ValueError as error:
                raise HashParseError(f"not a {self.spec.id} hash ({error})") from None
        if any((part.quality or 0) > _MAX_QUALITY for part in value.parts):
            raise HashParseError(f"not a {self.spec.id} hash (a quality is over {_MAX_QUALITY})")
        return value

    def render(self, value: Hash, encoding: str | None = None) -> str:
        """Return the lines of the C++ programs, or the named text form.

        Raises UsageError for ``vpdq-json-frames`` of a hash without frame numbers.
        """
        form = FORMS.get(encoding or "")
        if form is None:
            return super().render(value, encoding)
        self.check_own(value)
        return form.render(value.parts, self.render_part)


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
