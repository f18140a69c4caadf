"""The same encoded frames in another file: another container, no sound, other sound."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms.contract import Made, Medium
from hashwalk_bench.transforms.declaration import Task, Transform, choice
from hashwalk_bench.transforms.video_reading import open_packets

_CONTAINERS = {
    "mkv": "pcm_s16le",
    "mov": "pcm_s16le",
    "avi": "pcm_s16le",
    "ts": "mp2",
    "mp4": "aac",
}
"""The endings of the containers, and how made sound is encoded in each."""
_LIKE = {"mov": "mov", "h264": "mov", "hevc": "mov", "mpegts": "ts", "avi": "avi"}
"""Which container keeps the times of one that was read; Matroska does so for all others."""
_SAMPLES_A_SECOND = 48_000
_SAMPLES_A_NOTE = 24_000


def _copy(task: Task) -> Made:
    """Copy the bytes: no hash may change."""
    path = task.target(task.subject.path.suffix)
    path.write_bytes(task.subject.path.read_bytes())
    return Made(path)


def _remux(task: Task) -> Made:
    """Copy the packets of the video and of all sound into another container."""
    with open_packets(task.subject.path) as (source, video):
        path = task.target(f".{task.values['container']}")
        _copy_packets(source, (video, *source.streams.audio), path)
    return Made(path)


def _sound_removed(task: Task) -> Made:
    """Copy the packets of the video alone into a container like the source's.

    Where the video starts after the sound, formats that count from the first of both are told
    other times: TMK+PDQF may change in its last digits.
    """
    with open_packets(task.subject.path) as (source, video):
        if not source.streams.audio:
            raise TransformError("the video has no sound to remove")
        path = task.target(f".{_like(source)}")
        _copy_packets(source, (video,), path)
    return Made(path)


def _sound_replaced(task: Task) -> Made:
    """Copy the packets of the video, with drawn notes beside it, as long as the video.

    Each half second chance has another note.
    """
    seconds = task.subject.clip.seconds
    with open_packets(task.subject.path) as (source, video):
        ending = _like(source)
        path = task.target(f".{ending}")
        with _output(path) as target:
            copied = target.add_stream_from_template(video)
            added = target.add_stream(_CONTAINERS[ending], rate=_SAMPLES_A_SECOND)
            sound = cast("AudioStream", added)
            sound.codec_context.layout = "mono"
            for packet in _timed_packets(source, (video,)):
                packet.stream = copied
                target.mux(packet)
            for note in _notes(seconds, task.random):
                target.mux(sound.encode(note))
            target.mux(sound.encode())
    _check_readable(path)
    return Made(path)


def _copy_packets(
    source: InputContainer, streams: Sequence[VideoStream | AudioStream], path: Path
) -> None:
    with _output(path) as target:
        copies = {s.index: target.add_stream_from_template(s) for s in streams}
        for packet in _timed_packets(source, streams):
            packet.stream = copies[packet.stream.index]
            target.mux(packet)
    _check_readable(path)


@contextmanager
def _output(path: Path) -> Generator[OutputContainer]:
    """Give a container to write; raises TransformError where it refuses what it is given."""
    try:
        with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
            yield container
    except (FFmpegError, ValueError) as error:
        path.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise TransformError(
            f"the container {path.suffix[1:]} refuses the streams: {reason}"
        ) from error


def _check_readable(path: Path) -> None:
    """Raise TransformError where a container took packets, but not all that their decoder needs."""
    try:
        with open_packets(path) as (container, video):
            next(container.decode(video))
    except (TransformError, StopIteration) as error:
        path.unlink()
        raise TransformError(
            f"the container {path.suffix[1:]} loses the codec's headers"
        ) from error


def _timed_packets(
    source: InputContainer, streams: Sequence[VideoStream | AudioStream]
) -> Iterator[Packet[Stream]]:
    """Yield the packets, time starting at zero.

    Those without times get those of their number, if they are in order.
    """
    count, start = 0, Fraction(source.start_time or 0, 1_000_000)
    for packet in source.demux(*streams):
        if not packet.size:
            continue
        _shift(packet, start)
        if isinstance(packet.stream, VideoStream):
            _give_times(packet, packet.stream, count)
            count += 1
        yield packet


def _shift(packet: Packet[Stream], start: Fraction) -> None:
    if packet.time_base:
        ticks = round(start / packet.time_base)
        packet.pts = None if packet.pts is None else packet.pts - ticks
        packet.dts = None if packet.dts is None else packet.dts - ticks


def _give_times(packet: Packet[Stream], stream: VideoStream, number: int) -> None:
    """Say when the packet's frame is shown, where the container did not."""
    if packet.pts is not None:
        return
    if stream.codec_context.has_b_frames:
        raise TransformError("the container does not say when its frames are shown")
    if packet.dts is None:
        rate = stream.average_rate or stream.base_rate or Fraction(25)
        packet.time_base = 1 / rate
        packet.dts, packet.duration = number, 1
    packet.pts = packet.dts


def _like(source: InputContainer) -> str:
    return _LIKE.get(source.format.name.partition(",")[0], "mkv")


def _notes(seconds: Fraction, random: np.random.Generator) -> Iterator[AudioFrame]:
    for start in range(0, int(seconds * _SAMPLES_A_SECOND), _SAMPLES_A_NOTE):
        hertz = 220 * 2 ** (int(random.integers(0, 24)) / 12)
        phase = 2 * np.pi * hertz * np.arange(_SAMPLES_A_NOTE) / _SAMPLES_A_SECOND
        samples = (np.sin(phase) * 8000).astype(np.int16)[np.newaxis]
        note = AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        note.sample_rate, note.pts = _SAMPLES_A_SECOND, start
        yield note


TRANSFORMS = (
    Transform(
        name="copy",
        medium=Medium.VIDEO,
        family="container",
        library="none",
        words="copy of the bytes",
        make=_copy,
    ),
    Transform(
        name="remux",
        medium=Medium.VIDEO,
        family="container",
        library="PyAV",
        words="the same packets in {container}",
        make=_remux,
        takes=(choice("container", *_CONTAINERS, default="mkv"),),
    ),
    Transform(
        name="sound_removed",
        medium=Medium.VIDEO,
        family="container",
        library="PyAV",
        words="sound removed",
        make=_sound_removed,
    ),
    Transform(
        name="sound_replaced",
        medium=Medium.VIDEO,
        family="container",
        library="PyAV",
        words="sound replaced by notes",
        make=_sound_replaced,
    ),
)
