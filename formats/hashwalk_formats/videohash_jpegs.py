"""The 144x144 JPEG pictures that the reference has the ``ffmpeg`` program write."""

from __future__ import annotations

from fractions import Fraction

from av.codec.codec import find_best_pix_fmt_of_list
from av.codec.context import CodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from hashwalk.errors import UnsupportedError
from hashwalk.media.videos import ONE_THREAD
from hashwalk_formats.videohash_planes import Crop, Cut, depth_of, plane_samples, upright_cut
from hashwalk_formats.videohash_scaling import MAX_DEPTH, full_range_plane

SIDE = 144
_AT_ONCE = 16
_FORMATS = ("yuvj420p", "yuvj422p", "yuvj444p")


class Jpegs:
    """Makes the pictures under one crop; the encoder's rate control goes from one to the next.

    Several are encoded at once: what an encoder needs is not in the processor's caches after a
    second of video was decoded.
    """

    def __init__(self, crop: Crop | None) -> None:
        """Take the part of the upright frames that is scaled, or None for all of it."""
        self.crop = crop
        self._pictures: list[bytes] = []
        self._scaled: list[tuple[VideoFrame, int]] = []
        self._encoder: VideoCodecContext | None = None
        self._converter = VideoReformatter()

    def add(self, frame: VideoFrame, count: int) -> None:
        """Add the picture of a frame `count` times.

        Raises UnsupportedError for a crop without area, with which the reference fails.
        """
        if not count:
            return
        if self.crop is not None and 0 in self.crop[:2]:
            raise UnsupportedError("the bright part is too small: videohash cannot crop to it")
        self._scaled.append((_scaled(upright_cut(frame, self.crop), self._converter), count))
        if len(self._scaled) == _AT_ONCE:
            self._encode()

    def finish(self) -> list[bytes]:
        """Return all pictures."""
        self._encode()
        return self._pictures

    def _encode(self) -> None:
        for small, count in self._scaled:
            small.time_base = Fraction(1)
            self._encoder = encoder = self._encoder or _encoder(small.format.name)
            for _ in range(count):
                small.pts = len(self._pictures)
                self._pictures.append(b"".join(bytes(packet) for packet in encoder.encode(small)))
        self._scaled.clear()


def _scaled(cut: Cut, converter: VideoReformatter) -> VideoFrame:
    """Return the part in 144x144 and full range, in the nearest format of JPEG."""
    best, _ = find_best_pix_fmt_of_list(_FORMATS, cut.frame.format)
    if best is None:
        raise UnsupportedError(f"no JPEG can be made of the format {cut.frame.format.name}")
    if not _is_limited_video(cut.frame):
        return converter.reformat(
            cut.copied(), SIDE, SIDE, best.name, interpolation=Interpolation.BICUBIC, **ONE_THREAD
        )
    small = VideoFrame(SIDE, SIDE, best.name)
    small.color_range = ColorRange.JPEG
    for index, plane in enumerate(small.planes):
        plane_samples(small, index)[:, :, 0] = full_range_plane(
            cut.planes[index][:, :, 0],
            (plane.height, plane.width),
            depth=depth_of(cut.frame),
            index=index,
            exact_rows=2 * plane.height // SIDE,
        )
    return small


def _is_limited_video(frame: VideoFrame) -> bool:
    full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    video = not frame.format.is_rgb and len(frame.planes) >= 3 and depth_of(frame) <= MAX_DEPTH
    return video and not full


def _encoder(pixel_format: str) -> VideoCodecContext:
    encoder = CodecContext.create("mjpeg", "w")
    encoder.width = encoder.height = SIDE
    encoder.pix_fmt = pixel_format
    encoder.color_range = ColorRange.JPEG
    encoder.time_base = encoder.framerate = Fraction(1)
    encoder.thread_count = 1
    return encoder
