"""Video formats at work on one video: each sees the frames it wants, converted at most once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from hashwalk.errors import MediaError
from hashwalk.format import AnotherPassError, FrameSink, VideoHasher
from hashwalk.media.frames import DecodedFrame
from hashwalk.media.limits import Limits
from hashwalk.media.videos import OpenVideo
from hashwalk.picture import Picture
from hashwalk.sampling import Selector
from hashwalk.tally import Blaming, Tally
from hashwalk.video import Frame, VideoInfo

_PIXELS_AHEAD = 400_000
"""How many pixels of frames are decoded before formats see them: what caches hold besides."""


@dataclass(frozen=True, slots=True)
class _Viewer:
    """One format: its sink, the rule that picks its frames, and who is to blame for a failure.

    Entering `blaming` for each frame would take longer than deciding whether it is wanted, so it
    is only entered once something was raised.

    A sampling of key frames alone counts key frames alone, so that a frame has the same number
    whether or not the frames between were decoded for other formats.
    """

    format_id: str
    hasher: VideoHasher
    sink: FrameSink
    selector: Selector
    counts_keys: bool
    blaming: Blaming

    def wants(self, frame: DecodedFrame) -> bool:
        """Tell whether the format wants to see the frame."""
        key_index = frame.key_index
        index = key_index if self.counts_keys else frame.index
        return index is not None and self.selector(index, frame.time_s, key_index is not None)

    def index_of(self, frame: DecodedFrame) -> int | None:
        """Return the number that the format knows the frame by, if any."""
        return frame.key_index if self.counts_keys else frame.index


def show(
    video: OpenVideo, hashers: Mapping[str, VideoHasher], limits: Limits, tally: Tally
) -> None:
    """Feed the frames of `video` to the formats, and tally the hashes they finish with.

    A format that fails is dropped and the others go on. The video is decoded once more for
    those that raise AnotherPassError, and where it breaks off for those that see key frames
    alone: what they need may all be there, and they get what they would get by themselves.
    Raises MediaError when the video cannot be decoded to its end for any of them.
    """
    of_keys = {i: hasher for i, hasher in hashers.items() if hasher.sampling.key_frames_only}
    try:
        _show(video, hashers, limits, tally, key_frames_only=len(of_keys) == len(hashers))
    except MediaError as error:
        if not 0 < len(of_keys) < len(hashers):
            raise
        try:
            _show(video, of_keys, limits, tally, key_frames_only=True)
        except MediaError:
            raise error from None
        for format_id in hashers:
            if format_id not in of_keys | tally.failed | tally.hashes:
                tally.fail(error, format_id)


def _show(
    video: OpenVideo,
    hashers: Mapping[str, VideoHasher],
    limits: Limits,
    tally: Tally,
    *,
    key_frames_only: bool,
) -> None:
    frames = video.frames(limits, key_frames_only=key_frames_only)
    first = next(frames, None)
    viewers = _start(hashers, video.info, tally)
    _show_all(video, chain(() if first is None else (first,), frames), viewers, tally)
    again = _finish(viewers, video.info, tally)
    if again:
        _show_all(video, video.frames(limits, key_frames_only=False), again, tally)
        _finish(again, video.info, tally, last=True)


def _start(hashers: Mapping[str, VideoHasher], info: VideoInfo, tally: Tally) -> list[_Viewer]:
    viewers = []
    for format_id, hasher in hashers.items():
        with tally.blaming(format_id):
            selector = hasher.sampling.selector(info.rate)
            sink, counts_keys = hasher.start_video(info), hasher.sampling.key_frames_only
            blaming = tally.blaming(format_id)
            viewers.append(_Viewer(format_id, hasher, sink, selector, counts_keys, blaming))
    return viewers


def _show_all(
    video: OpenVideo, frames: Iterable[DecodedFrame], viewers: Sequence[_Viewer], tally: Tally
) -> None:
    for frame in _ahead(frames):
        wanting = []
        for viewer in viewers:
            if viewer.format_id not in tally.failed:
                try:
                    if viewer.wants(frame):
                        wanting.append(viewer)
                except Exception:
                    with viewer.blaming:
                        raise
        if wanting:
            _show_frame(video, frame, wanting)


def _ahead(frames: Iterable[DecodedFrame]) -> Iterator[DecodedFrame]:
    """Yield the frames, of small ones several that were decoded one after the other.

    A decoder takes what formats need out of the processor's caches, and they what it needs. All
    frames before a damaged one are yielded before its error is raised.
    """
    held: list[DecodedFrame] = []
    pixels = 0
    try:
        for frame in frames:
            held.append(frame)
            pixels += frame.image.width * frame.image.height
            if pixels >= _PIXELS_AHEAD:
                yield from held
                held.clear()
                pixels = 0
    except Exception:
        yield from held
        raise
    yield from held


def _finish(
    viewers: Sequence[_Viewer], info: VideoInfo, tally: Tally, *, last: bool = False
) -> list[_Viewer]:
    """Tally the hashes; return viewers for the formats that have to see the frames once more."""
    again = []
    for viewer in viewers:
        if viewer.format_id not in tally.failed:
            with viewer.blaming:
                try:
                    tally.hashes[viewer.format_id] = viewer.sink.finish()
                except AnotherPassError as request:
                    if last:
                        raise
                    selector = viewer.hasher.sampling.selector(info.rate)
                    again.append(replace(viewer, sink=request.sink, selector=selector))
    return again


def _show_frame(video: OpenVideo, frame: DecodedFrame, viewers: Sequence[_Viewer]) -> None:
    convert = _Conversion(video, frame, viewers)
    time, duration, key = frame.time, frame.duration, frame.key_index is not None
    shown: Frame | None = None
    for viewer in viewers:
        index = viewer.index_of(frame)
        if index is not None:
            if shown is None or shown.index != index:
                shown = Frame(frame.image, index, time, frame.time_s, duration, key, convert)
            try:
                viewer.sink.update(shown)
            except Exception:
                with viewer.blaming:
                    raise


class _Conversion:
    """Gives the picture of a frame, converted at the first call, for all who see the frame."""

    __slots__ = ("_frame", "_picture", "_video", "_viewers")

    def __init__(self, video: OpenVideo, frame: DecodedFrame, viewers: Sequence[_Viewer]) -> None:
        self._video, self._frame, self._viewers = video, frame, viewers
        self._picture: Picture | None = None

    def __call__(self) -> Picture:
        if self._picture is None:
            sizes = frozenset(size for v in self._viewers for size in v.hasher.grey_sizes)
            self._picture = Picture.from_rgb(self._video.rgb(self._frame), sizes)
        return self._picture
