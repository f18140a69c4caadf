"""The frames of an open video, one after the other, and the proof that none is missing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hashwalk.errors import TruncatedError
from hashwalk.media.clock import FrameClock
from hashwalk.media.limits import Limits

_SKIPPING_DECODERS = frozenset(
    {"h264", "hevc", "vp8", "av1", "mpeg4", "mpeg1video", "mpeg2video", "h263", "flv1"}
)
"""Codecs whose decoders skip what is no key frame and give the same key frames."""
_REORDERING = frozenset({"h264", "hevc"})
"""Those of them that may lose open key frames where what they refer to was skipped."""
_SKIPPABLE_PACKETS = frozenset({"vp9"})
"""Codecs whose decoders skip nothing, but whose key packets can be decoded by themselves."""
_JOINED_MIDWAY = frozenset({"mpegts", "mpeg", "h264", "hevc", "vvc", "m4v", "mpegvideo", "h263"})
"""Containers that may begin between two key frames, so that the first frames are lost."""
_PROGRESSIVE = frozenset({0, 1})
"""Field orders: unknown and progressive."""
_BT2020, _BT2020_CONSTANT_LUMINANCE = 9, 10
"""Numbers of colour spaces: FFmpeg's programs convert both alike, its library refuses one."""
_RESTART_SECONDS = 1
"""How far time has to go back to count as a new start."""
_LOST_SECONDS = 2.0
_LOST_SHARE = 0.1


@dataclass(slots=True, eq=False)
class DecodedFrame:
    """A decoded frame whose pixels were not converted yet, nor its time told exactly.

    `index` counts all decoded frames, or is None when frames between key frames were skipped;
    `key_index` counts the key frames, or is None for another frame. `time_s` is the time of
    presentation in seconds after the stream's start. `number` counts the frames that were given.
    """

    image: VideoFrame
    index: int | None
    key_index: int | None
    time_s: float
    number: int
    clock: FrameClock

    @property
    def time(self) -> Fraction:
        """The exact time of Frame, which takes longer to tell."""
        return self.clock.time(self.image, self.number)

    @property
    def duration(self) -> Fraction | None:
        """The duration of Frame."""
        return self.clock.duration(self.image)


class FrameReader:
    """Decodes the frames of one stream once, with one thread."""

    def __init__(
        self, container: InputContainer, stream: VideoStream, rate: Fraction, limits: Limits
    ) -> None:
        """Take a container that was opened and not read yet."""
        self._container, self._stream, self._rate = container, stream, rate
        self._limits = limits
        self._frames = self._keys = self._packets = 0
        self._is_cut = self._skips = False
        self._time_s = 0.0
        self._ends: dict[int, int] = {}
        self._last_dts: int | None = None
        self._shift = 0
        self._clock = FrameClock(container, stream, rate)
        self._start_s = (container.start_time or 0) / 1e6
        bases = {s.index: s.time_base for s in container.streams}
        self._bases = {i: base.as_integer_ratio() for i, base in bases.items() if base}

    def read(self, *, key_frames_only: bool) -> Iterator[DecodedFrame]:
        """Yield the frames, or only the key frames, in order of presentation.

        Frames between key frames are not even decoded where that changes no key frame.
        Raises TooLargeError; TruncatedError, saying how far it got, at the first damaged
        frame.
        """
        self._skips = skip = key_frames_only and self._can_skip()
        context = self._stream.codec_context
        context.thread_count = 1
        context.skip_frame = "NONKEY" if skip else "DEFAULT"
        for image in self._images(skip=skip):
            frame = self._frame(image, skip=skip)
            if frame.key_index is not None or not key_frames_only:
                yield frame

    @property
    def has_frames(self) -> bool:
        """Whether a frame came out."""
        return self._frames > 0

    @property
    def may_miss_samples(self) -> bool:
        """Whether the container does not say that it gave all its frames, each of them whole."""
        return self._is_cut or self._packets < (self._stream.frames or math.inf)

    @property
    def lost_time(self) -> bool:
        """Whether the container is much longer than all its streams together."""
        if self._container.duration is None:
            return False
        total = self._container.duration / 1e6
        bases = self._bases
        ends = (end * bases[i][0] / bases[i][1] for i, end in self._ends.items() if i in bases)
        end_s = max(max(ends, default=0.0) - self._start_s, 0.0)
        return total - end_s > max(_LOST_SECONDS, _LOST_SHARE * total)

    def broken_off(self) -> TruncatedError:
        """Return the error that says how far decoding got."""
        noun = ("key " if self._skips else "") + ("frame" if self._frames == 1 else "frames")
        return TruncatedError(
            f"the video breaks off after {self._time_s:.1f} s, {self._frames} {noun}"
        )

    def _can_skip(self) -> bool:
        """Tell whether key frames come out the same without those between.

        Not where frames have no times of their own (they are timed by counting), nor for
        interlaced video (one field of a key frame may depend on the other).
        """
        context = self._stream.codec_context
        known = context.codec.canonical_name in _SKIPPING_DECODERS | _SKIPPABLE_PACKETS
        progressive = getattr(context, "field_order", 0) in _PROGRESSIVE
        return known and progressive and self._stream.start_time is not None

    def _images(self, *, skip: bool) -> Iterator[VideoFrame]:
        codec = self._stream.codec_context.codec.canonical_name
        drop, isolate = skip and codec in _SKIPPABLE_PACKETS, skip and codec in _REORDERING
        for packet in self._demuxed():
            self._note(packet)
            if packet.stream is self._stream:
                self._make_continuous(packet)
                flush = packet.pts is None and not packet.size
                self._packets += not flush
                self._is_cut = self._is_cut or packet.is_corrupt
                if isolate and packet.is_keyframe:
                    yield from self._decoded_alone(packet)
                elif packet.is_keyframe or flush or not drop:
                    yield from self._decoded(packet)

    def _demuxed(self) -> Iterator[Packet[Stream]]:
        packets = self._container.demux()
        while True:
            try:
                packet = next(packets, None)
            except MemoryError:
                raise
            except (FFmpegError, OSError) as error:
                raise self.broken_off() from error
            if packet is None:
                return
            yield packet

    def _decoded_alone(self, packet: Packet[Stream]) -> Iterator[VideoFrame]:
        """Decode a packet by a decoder that knows nothing of those before it."""
        for source in (None, packet, None):
            for image in self._decoded(source):
                if image.time_base is None and packet.time_base:
                    image.time_base = packet.time_base
                yield image
            if source is None:
                self._stream.codec_context.flush_buffers()

    def _decoded(self, packet: Packet[Stream] | None) -> Sequence[VideoFrame]:
        try:
            images = self._stream.decode(packet)
        except MemoryError:
            raise
        except FFmpegError as error:
            if self._frames or self._container.format.name not in _JOINED_MIDWAY:
                raise self.broken_off() from error
            return ()
        for image in images:
            if image.is_corrupt and self._frames:
                raise self.broken_off()
            if image.colorspace == _BT2020_CONSTANT_LUMINANCE:
                image.colorspace = _BT2020
        return images

    def _frame(self, image: VideoFrame, *, skip: bool) -> DecodedFrame:
        self._limits.check_size(image.width, image.height)
        self._limits.check_frames(self._frames + 1)
        number = self._frames
        self._time_s = time_s = self._clock.seconds(image, number)
        key_index = self._keys if image.key_frame else None
        self._frames += 1
        self._keys += key_index is not None
        index = None if skip else number
        return DecodedFrame(image, index, key_index, time_s, number, self._clock)

    def _make_continuous(self, packet: Packet[Stream]) -> None:
        """Let time go on where it starts again, as in recordings that were joined."""
        dts, last, shift = packet.dts, self._last_dts, self._shift
        if dts is None:
            return
        if last is not None and dts + shift < last:
            shift = self._shift = shift + self._jump(packet.stream_index, last - dts - shift)
        self._last_dts = dts + shift
        if shift:
            packet.dts = self._last_dts
            if packet.pts is not None:
                packet.pts += shift

    def _jump(self, stream_index: int, back: int) -> int:
        """Return how many ticks to add where time goes back so many."""
        base = self._bases.get(stream_index)
        if base is None or back * base[0] <= _RESTART_SECONDS * base[1]:
            return 0
        return back + round(base[1] / (self._rate * base[0]))

    def _note(self, packet: Packet[Stream]) -> None:
        """Remember the end of the packet of its stream that is presented last."""
        pts, stream = packet.pts, packet.stream_index
        if pts is not None:
            end = pts + (packet.duration or 0)
            if end > self._ends.get(stream, -1):
                self._ends[stream] = end
