"""Hashes of videos that are lists of frame hashes: how they are made, compared and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hashwalk.distances import Distance, Hamming
from hashwalk.errors import HashParseError, MediaError, UnreadableError, UnsupportedError
from hashwalk.format import Format, FormatSpec, Hash, Part, Shape, Threshold
from hashwalk.searchable import FrameLists, LeastOverParts
from hashwalk.video import Frame
from hashwalk_formats.frame_text import parse_lines, render_lines

MATCHED_SHARE = 0.8
"""The share of frames that must match (python-threatexchange, vpdq: 80 % of the query)."""
LINES = "frame-lines"
"""The text form that every frame list has."""

_ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class UnmatchedFrames(Distance):
    """1 less the greater share of frames with a counterpart in the other list.

    Of two single frames: 0 if they are within `tolerance` of each other, else 1.
    """

    frame: Distance
    tolerance: float
    name: str = "unmatched frames"
    metric: bool = field(default=False)

    def __call__(self, a: bytes, b: bytes) -> float:
        """Return 0 or 1."""
        return float(self.frame(a, b) > self.tolerance)


@dataclass(frozen=True, slots=True)
class FrameShares:
    """Which share of each list's different usable values has a counterpart in the other, 0 to 1."""

    of_a: float
    of_b: float

    def match(self, *, of_a: float = MATCHED_SHARE, of_b: float = 0.0) -> bool:
        """Tell whether `a` as a query finds `b`, as python-threatexchange does with its defaults.

        At least `of_a` of the query and `of_b` of the other have a counterpart, and there is one.
        """
        return self.of_a >= of_a and self.of_b >= of_b and self.of_a > 0


class FrameListFormat(Format, FrameLists):
    """A list of values of a picture format, those of each sampled frame.

    Frames under the quality floor take no part in comparisons, and a value that several frames
    have counts once, as python-threatexchange counts. A value has a counterpart if a usable one of
    the other list is within `tolerance`, by the picture format's own distance.
    """

    def __init__(self, spec: FormatSpec, frame: Format, tolerance: float) -> None:
        """Take the spec, the picture format of the frames, and the distance that matches."""
        self.spec = spec
        self.frame = frame
        self.tolerance = tolerance

    def parse_part(self, text: str, encoding: str | None = None) -> bytes:
        """Return the value of one frame, as the picture format reads it."""
        return self.frame.parse_part(text, encoding)

    def render_part(self, value: bytes, encoding: str | None = None) -> str:
        """Return the text of one frame's value, as the picture format writes it."""
        return self.frame.render_part(value, encoding)

    def parse(self, text: str, encoding: str | None = None) -> Hash:
        """Return the hash of lines ``index,quality,value,time``; raises HashParseError.

        `encoding` is the one of the values, or the name of the text form.
        """
        of_values = None if encoding in self.spec.text_forms else encoding
        self._encodings(of_values)
        try:
            parts = parse_lines(
                text,
                lambda value: self._value(value, of_values),
                several=self.frame.spec.shape is Shape.SEGMENTS,
            )
        except ValueError as error:
            raise HashParseError(f"not a {self.spec.id} hash ({error})") from None
        return Hash(self.spec.id, parts)

    def render(self, value: Hash, encoding: str | None = None) -> str:
        """Return a line a value, which is in the canonical or the named encoding."""
        self.check_own(value)
        of_values = None if encoding in self.spec.text_forms else encoding
        self._encodings(of_values)
        return render_lines(value.parts, lambda v: self.render_part(v, of_values))

    def shares(self, a: Hash, b: Hash) -> FrameShares:
        """Return the shares of matched frames; 0 and 0 if either list has no usable frame.

        Raises FormatMismatchError for another format's hash.
        """
        self.check_own(a)
        self.check_own(b)
        of_a, of_b = self._usable(a), self._usable(b)
        if not of_a or not of_b:
            return FrameShares(0.0, 0.0)
        near_a, near_b = self._matched(of_a, of_b)
        return FrameShares(float(near_a.mean()), float(near_b.mean()))

    def distance_of_own(self, a: Hash, b: Hash) -> float:
        """Return 1 less the greater share; without usable frames 0 if all values are equal."""
        if not self._usable(a) or not self._usable(b):
            return float([p.value for p in a.parts] != [p.value for p in b.parts])
        shares = self.shares(a, b)
        return 1 - max(shares.of_a, shares.of_b)

    def _value(self, text: str, encoding: str | None) -> bytes:
        try:
            return self.parse_part(text, encoding)
        except HashParseError as error:
            raise ValueError(str(error)) from None

    def usable_parts(self, value: Hash) -> list[Part]:
        """Return the frames that are good enough."""
        floor = self.spec.quality_floor
        lowest = 0 if floor is None else floor.value
        return [p for p in value.parts if p.quality is None or p.quality >= lowest]

    def _usable(self, value: Hash) -> list[bytes]:
        """Return the different values that are good enough, each once."""
        return list(dict.fromkeys(part.value for part in self.usable_parts(value)))

    def _matched(
        self, a: Sequence[bytes], b: Sequence[bytes]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell which values of `a` are near one of `b`, and which of `b` are near one of `a`."""
        if self._counts_bits():
            return _near_by_bits(_signs(a), _signs(b), self.tolerance)
        return self._near_one_by_one(a, b)

    def _counts_bits(self) -> bool:
        if self.frame.spec.bits is None or isinstance(self.frame, LeastOverParts):
            return self.frame.spec.bits is not None
        own_distance = type(self.frame).distance_of_own is not Format.distance_of_own
        return type(self.frame.spec.distance) is Hamming and not own_distance

    def _near_one_by_one(
        self, a: Sequence[bytes], b: Sequence[bytes]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        frame, name = self.frame, self.frame.spec.id
        of_a, of_b = [Hash.of(name, v) for v in a], [Hash.of(name, v) for v in b]
        near_a, near_b = np.zeros(len(a), np.bool_), np.zeros(len(b), np.bool_)
        for row, x in enumerate(of_a):
            near = [frame.distance_of_own(x, y) <= self.tolerance for y in of_b]
            near_a[row] = any(near)
            near_b |= near
        return near_a, near_b


class FrameListSink:
    """Hashes each frame it is fed; a frame that cannot be hashed is left out of the list."""

    def __init__(self, format_id: str, hash_frame: Callable[[Frame], Iterable[Part]]) -> None:
        """Take the format's id and what gives a frame's values (and may raise MediaError)."""
        self._format = format_id
        self._hash_frame = hash_frame
        self._parts: list[Part] = []
        self._first_error: MediaError | None = None

    def update(self, frame: Frame) -> None:
        """Hash the next frame."""
        try:
            self._parts.extend(self._hash_frame(frame))
        except MediaError as error:
            self._first_error = self._first_error or error

    def finish(self) -> Hash:
        """Return the list; raises UnreadableError or UnsupportedError if it would be empty."""
        if self._parts:
            return Hash(self._format, tuple(self._parts))
        if self._first_error:
            raise UnsupportedError(f"no frame can be hashed: {self._first_error}")
        raise UnreadableError("no frame of the video could be decoded")


def share_threshold(per_frame: Threshold) -> Threshold:
    """Return the threshold of a frame list whose frames match at the threshold `per_frame`."""
    return Threshold(
        round(1 - MATCHED_SHARE, 9),
        f"python-threatexchange, vpdq: {MATCHED_SHARE:.0%} of the different frames of either, "
        f"each within {per_frame.value:g} ({per_frame.source})",
    )


def _signs(values: Sequence[bytes]) -> NDArray[np.float32]:
    """Return the bits of each value as a row of +1 and -1."""
    packed = np.frombuffer(b"".join(values), np.uint8).reshape(len(values), -1)
    return np.unpackbits(packed, axis=1).astype(np.float32) * 2 - 1


def _near_by_bits(
    a: NDArray[np.float32], b: NDArray[np.float32], tolerance: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which rows differ in at most `tolerance` signs: those products say how many agree."""
    enough = a.shape[1] - 2 * tolerance
    near_a, near_b = np.zeros(len(a), np.bool_), np.zeros(len(b), np.bool_)
    for start in range(0, len(a), _ROWS_AT_ONCE):
        near = a[start : start + _ROWS_AT_ONCE] @ b.T >= enough
        near_a[start : start + _ROWS_AT_ONCE] = near.any(axis=1)
        near_b |= near.any(axis=0)
    return near_a, near_b
