"""What a hash is, what a format declares, and what a format may be able to do.

A format is an object with a :class:`FormatSpec` that can parse, render and compare its hashes.
Whether it can also *compute* them is a capability, a base class beside :class:`Format`:
:class:`FileHasher`, :class:`PictureHasher`, :class:`VideoHasher` or :class:`PathHasher`. A format
with none of them (a proprietary one) is carried and compared, never computed.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hashwalk.distances import Distance, Equality
from hashwalk.encodings import Encoding
from hashwalk.errors import FormatMismatchError, HashParseError, HashwalkError

if TYPE_CHECKING:
    from hashwalk.picture import Picture
    from hashwalk.sampling import Sampling
    from hashwalk.video import Frame, VideoInfo

FORMAT_ID = re.compile(r"[a-z0-9]+(?:[-_.:@][a-z0-9]+)*")
"""What an id of a format looks like: lower-case words joined by - _ . : @."""


class Kind(StrEnum):
    """What a format hashes."""

    FILE = "file"
    PICTURE = "picture"
    VIDEO = "video"


class Shape(StrEnum):
    """How many values one hash has."""

    WHOLE = "whole"
    """One value for the whole file."""
    SEGMENTS = "segments"
    """Several values that belong together, without a time."""
    FRAMES = "frames"
    """One value a sampled frame, each with its time."""


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a hash, with what is known of it.

    `value` is the packed value, most significant bit first; `quality` the format's own measure,
    or None where the format has none or it was not handed down; `time_s` the frame's time in
    seconds and `index` its number among the decoded frames (among the key frames, for a format
    that sees those alone), for frame lists.
    """

    value: bytes
    quality: int | None = None
    time_s: float | None = None
    index: int | None = None

    def __repr__(self) -> str:
        """Show the value's first digits at most: whole values do not belong in logs."""
        start = self.value[:2].hex() if len(self.value) >= 8 else ""
        extra = "" if self.quality is None else f", quality={self.quality}"
        time = "" if self.time_s is None else f", time_s={self.time_s:g}"
        return f"Part({start}…, {len(self.value)} bytes{extra}{time})"


@dataclass(frozen=True, slots=True, repr=False)
class Hash:
    """A hash that knows its format; immutable, hashable and picklable.

    A hash of a whole file has one part; a frame list or a set of segments has any number.
    """

    format: str
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, format_id: str, value: bytes, quality: int | None = None) -> Hash:
        """Return the hash of `format_id` that has the single value `value`."""
        return cls(format_id, (Part(value, quality),))

    @property
    def value(self) -> bytes:
        """The packed value of a hash that has exactly one part."""
        return self._only_part().value

    @property
    def quality(self) -> int | None:
        """The quality of a hash that has exactly one part."""
        return self._only_part().quality

    def __repr__(self) -> str:
        """Show format and shortened values."""
        shown = ", ".join(map(repr, self.parts[:2])) + (", …" if len(self.parts) > 2 else "")
        return f"Hash({self.format!r}, {len(self.parts)} part(s): {shown})"

    def _only_part(self) -> Part:
        if len(self.parts) != 1:
            raise FormatMismatchError(
                f"a {self.format} hash with {len(self.parts)} parts has no single value: "
                "use its parts"
            )
        return self.parts[0]


@dataclass(frozen=True, slots=True)
class Threshold:
    """The largest distance that counts as a match, and who published it."""

    value: float
    source: str


@dataclass(frozen=True, slots=True)
class QualityFloor:
    """The quality below which a hash is not to be matched, and who published it."""

    value: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatSpec:
    """Everything that is known of a format before it sees a file.

    `id` is a promise: two formats share it if, and only if, their hashes are interchangeable;
    parameters and dialects are part of it. `version` changes when any output bit changes.
    `bits` is the width of one value, None when it varies. `encodings` are the text forms of
    one value, the canonical one first; `text_forms` names those that exist of whole frame lists
    only. `interchangeable_with` names the implementations whose hashes are the same,
    `libraries` the distributions whose version can change an output. `fidelity` says how near
    the output is to the reference, as measured; `strong` and `weak` which copies the format finds
    and which it misses or confuses; `used_by` who is publicly known to use it. All four are a
    sentence or two, and empty where nothing is said.
    `default` says whether a re-hash computes the format without being asked for it by name;
    `to_compute` what it takes to compute a format that may be carried only.
    """

    id: str
    summary: str
    kind: Kind
    bits: int | None
    distance: Distance = field(default_factory=Equality)
    threshold: Threshold | None
    quality_floor: QualityFloor | None = None
    licence: str
    encodings: tuple[Encoding, ...]
    text_forms: tuple[str, ...] = ()
    interchangeable_with: tuple[str, ...] = ()
    shape: Shape = Shape.WHOLE
    source: str
    fidelity: str = ""
    strong: str = ""
    weak: str = ""
    used_by: str = ""
    libraries: tuple[str, ...] = ()
    version: int = 1
    default: bool = True
    to_compute: str = ""

    @property
    def value_bytes(self) -> int | None:
        """The length of one packed value in bytes, None when it varies."""
        return None if self.bits is None else (self.bits + 7) // 8


@dataclass(frozen=True, slots=True)
class Comparison:
    """The distance of two hashes and what the published threshold makes of it.

    `match` is None where no verdict can be given: the format has no threshold, or `reason`
    says why a hash may not be matched (its quality is under the floor).
    """

    distance: float
    threshold: float | None
    match: bool | None
    reason: str = ""


class Format(ABC):
    """A hash format: parses, renders and compares its hashes.

    Subclasses set ``spec``. Formats are stateless and safe to share between threads.
    """

    spec: FormatSpec

    def parse_part(self, text: str, encoding: str | None = None) -> bytes:
        """Return the packed value that `text` stands for.

        Without `encoding` each of the format's encodings is tried, the canonical one first.
        Raises HashParseError, whose message never repeats the text.
        """
        reasons: list[str] = []
        for candidate in self._encodings(encoding):
            try:
                return candidate.parse(text)
            except ValueError as error:
                reasons.append(f"as {candidate.name}: {error}")
        raise HashParseError(f"not a {self.spec.id} hash ({'; '.join(reasons)})")

    def render_part(self, value: bytes, encoding: str | None = None) -> str:
        """Return the text of a packed value, in the canonical or the named encoding."""
        return self._encodings(encoding)[0].render(value)

    def parse(self, text: str, encoding: str | None = None) -> Hash:
        """Return the hash that `text` stands for; raises HashParseError."""
        return Hash.of(self.spec.id, self.parse_part(text, encoding))

    def render(self, value: Hash, encoding: str | None = None) -> str:
        """Return the text of a hash; raises FormatMismatchError for another format's."""
        self.check_own(value)
        return self.render_part(value.value, encoding)

    def distance(self, a: Hash, b: Hash) -> float:
        """Return the distance of two hashes; raises FormatMismatchError for another format's."""
        self.check_own(a)
        self.check_own(b)
        return self.distance_of_own(a, b)

    def distance_of_own(self, a: Hash, b: Hash) -> float:
        """Return the distance of two hashes that are known to be of this format."""
        return self.spec.distance(a.value, b.value)

    def compare(self, a: Hash, b: Hash) -> Comparison:
        """Return distance and verdict; quality under the floor gives no verdict."""
        distance = self.distance(a, b)
        threshold = self.spec.threshold
        if threshold is None:
            return Comparison(distance, None, None, "the format has no published threshold")
        reason = self.below_floor(a) or self.below_floor(b)
        match = None if reason else distance <= threshold.value
        return Comparison(distance, threshold.value, match, reason)

    def check_own(self, value: Hash) -> None:
        """Raise FormatMismatchError unless `value` is a hash of this format and of its size."""
        if value.format != self.spec.id:
            raise FormatMismatchError(
                f"a {value.format} hash was given to {self.spec.id}: "
                "hashes of two formats cannot be compared or converted without the media"
            )
        size = self.spec.value_bytes
        if size is not None and any(len(part.value) != size for part in value.parts):
            raise FormatMismatchError(f"a value of a {self.spec.id} hash is not {size} bytes long")

    def _encodings(self, name: str | None) -> Sequence[Encoding]:
        if name is None:
            return self.spec.encodings
        chosen = [e for e in self.spec.encodings if e.name == name]
        if not chosen:
            known = ", ".join(e.name for e in self.spec.encodings)
            raise HashParseError(f"{self.spec.id} has no encoding {name!r}; it has {known}")
        return chosen

    def below_floor(self, value: Hash) -> str:
        """Return why a hash may not be matched, nothing if its quality suffices or is not known."""
        floor = self.spec.quality_floor
        known = [p.quality for p in value.parts if p.quality is not None]
        if floor is None or not known or max(known) >= floor.value:
            return ""
        return f"quality {max(known)} is under the floor of {floor.value}"


class FileHasher(ABC):
    """Capability: computes a hash from the bytes of a file."""

    @abstractmethod
    def start_file(self) -> ByteSink:
        """Return a fresh sink for one file."""


class PictureHasher(ABC):
    """Capability: computes a hash from one picture."""

    grey_sizes: frozenset[tuple[int, int]] = frozenset()
    """The (width, height) of the resized grey planes it will ask for, computed in one go."""

    @abstractmethod
    def hash_picture(self, picture: Picture) -> Hash:
        """Return the hash of `picture`; raises MediaError when it cannot be computed."""


class VideoHasher(ABC):
    """Capability: computes a hash from the frames of a video, one after the other."""

    sampling: Sampling
    """Which frames it wants to see."""
    grey_sizes: frozenset[tuple[int, int]] = frozenset()
    """As for pictures, of each frame it wants to see."""

    @abstractmethod
    def start_video(self, video: VideoInfo) -> FrameSink:
        """Return a fresh sink for one video."""


class PathHasher(ABC):
    """Capability: computes a hash from the path of a file, which it opens and reads by itself.

    For what cannot be handed bytes or pixels, such as another program. The kind of the format
    says which files it is given: every one, pictures, or videos; none has been decoded.
    """

    @abstractmethod
    def hash_path(self, path: Path) -> Hash:
        """Return the hash of the file at an absolute `path`; raises MediaError."""


class ByteSink(Protocol):
    """Takes the bytes of one file, in order, and gives its hash."""

    def update(self, data: bytes | memoryview) -> None:
        """Take the next bytes."""

    def finish(self) -> Hash:
        """Return the hash of all bytes taken."""


class FrameSink(Protocol):
    """Takes the sampled frames of one video, in order, and gives its hash."""

    def update(self, frame: Frame) -> None:
        """Take the next frame; only the last one taken may be kept."""

    def finish(self) -> Hash:
        """Return the hash; raises MediaError when the frames do not suffice.

        Raises AnotherPassError, once, where what a rare video showed too late has to be known
        from the first frame on.
        """


class AnotherPassError(HashwalkError):
    """The frames have to be decoded and shown once more, to `sink`."""

    def __init__(self, sink: FrameSink) -> None:
        """Take a fresh sink, which knows what the first one found out."""
        super().__init__("the video has to be decoded once more for this format")
        self.sink = sink


class FormatFamily(ABC):
    """Formats that are made on demand from the part of their id behind ``prefix:``."""

    prefix: str
    pattern: str
    """How an id looks, for people: ``framewise:<picture format>@<seconds>``."""
    summary: str
    examples: tuple[str, ...] = ()
    """Ids that a re-hash computes without being asked for by name."""

    @abstractmethod
    def make(self, rest: str, formats: Mapping[str, Format]) -> Format:
        """Return the format ``prefix:rest``; `formats` gives other formats by id.

        Raises UnknownFormatError when `rest` is malformed or names no such format.
        """
