"""Any picture format over the frames of a video: one every so many seconds, or the key frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from hashwalk.errors import UnknownFormatError
from hashwalk.format import (
    Format,
    FormatFamily,
    FormatSpec,
    FrameSink,
    Kind,
    Part,
    PictureHasher,
    Shape,
    VideoHasher,
)
from hashwalk.sampling import AtInterval, KeyFrames, Sampling
from hashwalk.video import Frame, VideoInfo
from hashwalk_formats.frame_list import (
    LINES,
    FrameListFormat,
    FrameListSink,
    UnmatchedFrames,
    share_threshold,
)

SHORTEST = Decimal("0.001")
LONGEST = Decimal(86_400)
_STRONG_AT_INTERVALS = "finds parts of videos and says where, whatever the rate of their frames"
_WEAK_AT_INTERVALS = "grows with the video's length, and every frame has to be decoded"
_STRONG_AT_KEY_FRAMES = "quick, since only key frames are decoded, and a list of few values"
_WEAK_AT_KEY_FRAMES = "an encoder sets key frames as it likes, so that a copy may share few of them"


class Framewise(FrameListFormat, VideoHasher):
    """The values of a picture format of the frames that a sampling picks.

    Frames that the picture format cannot hash are left out; times are presentation times. All
    values that the picture format gives for a frame are in the list, with its time. A picture
    format without a threshold gives none here: its frames match when they are equal.
    """

    def __init__(
        self, spec: FormatSpec, frame: Format, hasher: PictureHasher, sampling: Sampling
    ) -> None:
        """Take a spec, the picture format as `frame` and as `hasher`, and which frames it sees."""
        threshold = frame.spec.threshold
        super().__init__(spec, frame, threshold.value if threshold else 0)
        self.sampling = sampling
        self.grey_sizes = hasher.grey_sizes
        self._hasher = hasher

    def start_video(self, video: VideoInfo) -> FrameSink:
        """Return a fresh sink."""
        return FrameListSink(self.spec.id, self._hash_frame)

    def _hash_frame(self, frame: Frame) -> list[Part]:
        found = self._hasher.hash_picture(frame.picture)
        return [Part(p.value, p.quality, frame.time_s, frame.index) for p in found.parts]


class AtIntervals(FormatFamily):
    """``framewise:pdq@1``: a frame at each multiple of some seconds of presentation time."""

    prefix = "framewise"
    pattern = "framewise:<picture format>@<seconds>"
    summary = "any picture format of one frame every so many seconds"
    examples = ("framewise:phash@1",)

    def make(self, rest: str, formats: Mapping[str, Format]) -> Format:
        """Return ``framewise:rest``; raises UnknownFormatError for any but the canonical id."""
        inner, at, seconds = rest.rpartition("@")
        if not at or not inner:
            raise UnknownFormatError(f"no interval or no format is given: write {self.pattern}")
        self._check_canonical(inner, seconds)
        sampling = AtInterval(float(seconds))
        traits = _Traits(f"every {seconds} s", _STRONG_AT_INTERVALS, _WEAK_AT_INTERVALS)
        return _compose(f"framewise:{rest}", inner, formats, sampling, traits)

    def _check_canonical(self, inner: str, seconds: str) -> None:
        try:
            number = Decimal(seconds)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not SHORTEST <= number <= LONGEST:
            raise UnknownFormatError(
                f"the interval of {self.pattern} is a number from {SHORTEST} to {LONGEST}"
            )
        canonical = f"{number.normalize():f}"
        if seconds != canonical:
            raise UnknownFormatError(f"write framewise:{inner}@{canonical}: one format has one id")


class AtKeyFrames(FormatFamily):
    """``keyframes:pdq``: the key frames, the only ones that need decoding."""

    prefix = "keyframes"
    pattern = "keyframes:<picture format>"
    summary = "any picture format of the key frames, which is quick: only they are decoded"
    examples = ("keyframes:pdq",)

    def make(self, rest: str, formats: Mapping[str, Format]) -> Format:
        """Return ``keyframes:rest``; raises UnknownFormatError if it is no picture format."""
        traits = _Traits("of the key frames", _STRONG_AT_KEY_FRAMES, _WEAK_AT_KEY_FRAMES)
        return _compose(f"keyframes:{rest}", rest, formats, KeyFrames(), traits)


@dataclass(frozen=True, slots=True)
class _Traits:
    """What a sampling makes of a picture format."""

    where: str
    strong: str
    weak: str


def _compose(
    format_id: str,
    inner_id: str,
    formats: Mapping[str, Format],
    sampling: Sampling,
    traits: _Traits,
) -> Framewise:
    inner = formats[inner_id]
    if not isinstance(inner, PictureHasher):
        raise UnknownFormatError(
            f"{format_id!r} cannot be made: {inner_id} does not compute hashes of pictures"
        )
    return Framewise(_spec(format_id, inner.spec, traits), inner, inner, sampling)


def _spec(format_id: str, inner: FormatSpec, traits: _Traits) -> FormatSpec:
    tolerance = inner.threshold.value if inner.threshold else 0
    return FormatSpec(
        id=format_id,
        summary=f"{inner.id} of frames, {traits.where}",
        kind=Kind.VIDEO,
        bits=inner.bits,
        distance=UnmatchedFrames(inner.distance, tolerance),
        threshold=share_threshold(inner.threshold) if inner.threshold else None,
        quality_floor=inner.quality_floor,
        licence=inner.licence,
        encodings=inner.encodings,
        text_forms=(LINES,),
        shape=Shape.FRAMES,
        source=f"hashwalk; frames: {inner.source}",
        fidelity=f"each frame as {inner.id}: {inner.fidelity}" if inner.fidelity else "",
        strong=traits.strong + (f"; each frame: {inner.strong}" if inner.strong else ""),
        weak=traits.weak + (f"; each frame: {inner.weak}" if inner.weak else ""),
        used_by="nobody is known to exchange it publicly"
        + (f"; of pictures, {inner.id}: {inner.used_by}" if inner.used_by else ""),
        libraries=tuple(dict.fromkeys((*inner.libraries, "av"))),
        version=inner.version,
    )


FRAMEWISE = AtIntervals()
KEYFRAMES = AtKeyFrames()
