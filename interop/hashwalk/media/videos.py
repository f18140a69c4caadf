"""Videos, demuxed and decoded by PyAV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any, BinaryIO, NoReturn, Self, cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from hashwalk.errors import MediaError, TruncatedError, UnreadableError, UnsupportedError
from hashwalk.media.demuxers import DEMUXERS
from hashwalk.media.extent import is_cut_off
from hashwalk.media.facts import Facts
from hashwalk.media.frames import DecodedFrame, FrameReader
from hashwalk.media.limits import Limits
from hashwalk.memory import memory_left
from hashwalk.video import VideoInfo

_OPTIONS = {"format_whitelist": DEMUXERS, "protocol_whitelist": "none"}
_ATTACHED_PICTURE = 0x400
"""FFmpeg's flag of a stream that is a cover picture."""
_BYTES_A_PIXEL, _BYTES_BESIDE = 64, 64 << 20
"""What decoders take at most: frames that others refer to, tables, queues."""
ONE_THREAD: dict[str, Any] = {"threads": 1} if int(av.__version__.split(".")[0]) >= 17 else {}
"""Of a conversion of pixels: several threads do not always give the same pixels.

Older versions have one thread and cannot be asked.
"""


class NoVideoError(UnsupportedError):
    """The file was understood and holds no video."""


class _Nameless:
    """A file without its name, so that FFmpeg goes by the content alone."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.read, self.tell = file.read, file.tell

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to `offset`; -1 for the impossible places that damaged indexes point to."""
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -1


class OpenVideo:
    """A video whose header was read; nothing is decoded until frames are asked for.

    ``info`` is what formats are told; its rotation is known from the first frame on.
    """

    def __init__(self, file: BinaryIO, size: int, container: str | None) -> None:
        """Open the video of `size` bytes; `container` is what its first bytes announce.

        Raises NoVideoError where there is no video, UnsupportedError where there is no
        decoder, TruncatedError or UnreadableError where the header is cut off or damaged.
        """
        self._file, self._size, self._announced = file, size, container
        self._is_read = False
        self._container = self._open()
        try:
            self._stream = self._first_stream()
        except MediaError:
            self.close()
            raise
        self._converter = VideoReformatter()
        # Decoding changes what the decoder says of the size, so it is asked before.
        self.info = self._read_info()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Free the decoder."""
        self.close()

    def close(self) -> None:
        """Free the decoder; the file stays open."""
        self._container.close()

    @property
    def facts(self) -> Facts:
        """What a cross-walk says of the video; its rotation is known from the first frame on."""
        info = self.info
        return Facts(
            type="video",
            container=self._announced or self._container.format.name.partition(",")[0],
            codec=info.codec,
            width=info.width,
            height=info.height,
            duration_s=info.duration_s,
            rotation=info.rotation or None,
            decoder="PyAV",
            decoder_version=_decoder_version(),
        )

    def frames(self, limits: Limits, *, key_frames_only: bool) -> Iterator[DecodedFrame]:
        """Yield the frames, or only the key frames, in order of presentation.

        Another call, once these frames are no longer wanted, begins at the first one again.
        Raises TooLargeError, TruncatedError (saying how far it got) or UnreadableError.
        """
        limits.check_size(self.info.width, self.info.height)
        self._rewind()
        reader = FrameReader(self._container, self._stream, self.info.rate, limits)
        try:
            for frame in reader.read(key_frames_only=key_frames_only):
                if frame.image.rotation and not self.info.rotation:
                    self.info = replace(self.info, rotation=frame.image.rotation)
                yield frame
        except MemoryError as error:
            if self._lacks_memory(self.info.width * self.info.height):
                raise
            raise reader.broken_off() from error
        if not reader.has_frames and not self._is_cut_off():
            raise UnreadableError("the video is damaged: no frame can be decoded")
        if reader.lost_time or (reader.may_miss_samples and self._is_cut_off()):
            raise reader.broken_off()

    def rgb(self, frame: DecodedFrame) -> NDArray[np.uint8]:
        """Return the (height, width, 3) pixels of a frame, at its own size, not rotated."""
        converted = self._converter.reformat(frame.image, format="rgb24", **ONE_THREAD)
        return cast("NDArray[np.uint8]", converted.to_ndarray())

    def _rewind(self) -> None:
        # A container that was read is opened afresh: seeking may not find the first frame.
        if self._is_read:
            self._container.close()
            self._container = self._open()
            self._stream = self._first_stream()
        self._is_read = True

    def _open(self) -> InputContainer:
        self._file.seek(0)
        try:
            return av.open(
                _Nameless(self._file),
                "r",
                metadata_errors="ignore",
                container_options=_OPTIONS,
                io_open=_refuse_to_open,
            )
        except (FFmpegError, OSError) as error:
            if isinstance(error, MemoryError) and self._lacks_memory():
                raise
            raise self._unopened() from error

    def _lacks_memory(self, pixels: int = 0) -> bool:
        """Tell a lack of memory from a length that is none, of which FFmpeg says the same."""
        return memory_left() < 2 * self._size + _BYTES_A_PIXEL * pixels + _BYTES_BESIDE

    def _unopened(self) -> MediaError:
        if self._announced is None:
            return NoVideoError("the content is neither a picture nor a video that is known here")
        if self._is_cut_off():
            return TruncatedError("the video breaks off before its first frame")
        return UnreadableError(f"the video is damaged: its {self._announced} header is unreadable")

    def _first_stream(self) -> VideoStream:
        for stream in self._container.streams.video:
            if stream.disposition.value & _ATTACHED_PICTURE:
                continue
            if stream.codec_context is None:
                raise UnsupportedError("there is no decoder for the video's codec")
            if self._announced or stream.codec_context.width:
                return stream
        if self._is_cut_off():
            raise TruncatedError("the file breaks off, and no video stream came before")
        raise NoVideoError("there is no video stream in the file")

    def _read_info(self) -> VideoInfo:
        context = self._stream.codec_context
        return VideoInfo(
            width=context.width,
            height=context.height,
            average_rate=self._stream.average_rate or None,
            base_rate=self._stream.base_rate or None,
            duration_s=self._duration(),
            codec=context.codec.canonical_name,
            pixel_format=context.pix_fmt or "",
            guessed_rate=self._stream.guessed_rate or None,
            streams=len(self._container.streams),
        )

    def _duration(self) -> float | None:
        stream, container = self._stream, self._container
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        return None if container.duration is None else container.duration / 1e6

    def _is_cut_off(self) -> bool:
        return self._announced is not None and is_cut_off(self._file, self._size, self._announced)


def _refuse_to_open(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise PermissionError("a video may not open other files")


def _decoder_version() -> str:
    codec_version = ".".join(map(str, av.library_versions["libavcodec"]))
    return f"{av.__version__} (libavcodec {codec_version})"
