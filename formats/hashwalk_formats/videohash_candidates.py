"""The JPEG pictures under every crop that may yet win, within a bound on memory."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import NamedTuple

from av.video.frame import VideoFrame

from hashwalk.video import Frame, VideoInfo
from hashwalk_formats.constant_rate import ConstantRate
from hashwalk_formats.videohash_jpegs import Jpegs
from hashwalk_formats.videohash_planes import Crop

_FRAMES_A_SECOND = 1
_MOST_BYTES = 64 << 20
_MOST_CANDIDATES = 4


class _Counts(NamedTuple):
    """How often a frame is written where there is no crop, and where there is one."""

    uncropped: int
    cropped: int


class Candidates:
    """Holds the first written frames until a few crops are chosen, and makes their pictures.

    A picture takes about 6 KB, a few of them ten times as much for a while; held frames take
    64 MiB, and one frame more, at most.
    """

    def __init__(self, video: VideoInfo) -> None:
        """Start without candidates, holding frames."""
        self._uncropped = ConstantRate(_FRAMES_A_SECOND, video)
        # A crop filter forgets how long the container says that frames are shown.
        self._cropped = self._uncropped
        self._last: VideoFrame | None = None
        self._held: list[tuple[VideoFrame, _Counts]] | None = []
        self._bytes = 0
        self._jpegs: dict[Crop | None, Jpegs] = {}

    @property
    def is_full(self) -> bool:
        """Whether no more frames may be held."""
        return self._held is not None and self._bytes > _MOST_BYTES

    def update(self, frame: Frame) -> None:
        """Write the frame before and this one as often as a frame a second demands."""
        if self._cropped is self._uncropped and self._uncropped.heeds(frame.duration):
            self._cropped = deepcopy(self._uncropped)
        uncropped = cropped = self._uncropped.copies(frame.time, frame.duration)
        if self._cropped is not self._uncropped:
            cropped = self._cropped.copies(frame.time, None)
        if uncropped.before or cropped.before:
            self._write_last(_Counts(uncropped.before, cropped.before))
        self._last = frame.native
        if uncropped.here or cropped.here:
            self._write_last(_Counts(uncropped.here, cropped.here))

    def choose(self, crops: Sequence[Crop | None]) -> None:
        """Go on with the first few of these crops alone, and let held frames go.

        A crop that was not chosen when frames were let go cannot be chosen later.
        """
        if self._held is None:
            self._jpegs = {crop: jpegs for crop, jpegs in self._jpegs.items() if crop in crops}
            return
        self._jpegs = {crop: Jpegs(crop) for crop in crops[:_MOST_CANDIDATES]}
        held, self._held = self._held, None
        for frame, counts in held:
            self._write(frame, counts)

    def finish(self, crop: Crop | None) -> list[bytes] | None:
        """Return the pictures under a crop, None where it was not chosen in time."""
        self._write_last(_Counts(self._uncropped.flush(), self._cropped.flush()))
        self.choose([crop])
        return self._jpegs[crop].finish() if crop in self._jpegs else None

    def _write_last(self, counts: _Counts) -> None:
        if self._last is not None and any(counts):
            self._write(self._last, counts)

    def _write(self, frame: VideoFrame, counts: _Counts) -> None:
        for crop, jpegs in self._jpegs.items():
            jpegs.add(frame, counts.uncropped if crop is None else counts.cropped)
        if self._held is not None:
            if not self._held or frame is not self._held[-1][0]:
                self._bytes += sum(plane.buffer_size for plane in frame.planes)
            self._held.append((frame, counts))
