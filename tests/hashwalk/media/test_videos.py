"""Videos: what is read of them, which frames come out, what is refused, and why."""

from __future__ import annotations

import io
import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from hashwalk.errors import (
    MediaError,
    TooLargeError,
    TruncatedError,
    UnreadableError,
    UnsupportedError,
)
from hashwalk.hashing import hash_file
from hashwalk.media.limits import DEFAULT_LIMITS, Limits
from hashwalk.media.sniff import HEAD_BYTES, sniff
from hashwalk.media.videos import NoVideoError, OpenVideo

MakeClip = Callable[..., Path]
Seen = tuple[int | None, int | None, float, bytes]

QUIET = {"x265-params": "log-level=none:open-gop=1"}
KEY_FRAME_CODECS = {
    "h264": ("libx264", "matroska", {}),
    "h264 in open groups": ("libx264", "mpegts", {"x264-params": "open-gop=1:bframes=3"}),
    "h264 refreshed in slices": ("libx264", "mp4", {"x264-params": "intra-refresh=1"}),
    "h264 in an avi": ("libx264", "avi", {"x264-params": "bframes=3"}),
    "interlaced h264": ("libx264", "mp4", {"x264-params": "tff=1"}),
    "raw h264": ("libx264", "h264", {}),
    "hevc in open groups": ("libx265", "mpegts", QUIET),
    "hevc in open groups, in an mp4": ("libx265", "mp4", QUIET),
    "vp8": ("libvpx", "webm", {}),
    "vp9": ("libvpx-vp9", "webm", {"deadline": "realtime", "cpu-used": "8"}),
    "mpeg4": ("mpeg4", "avi", {}),
    "mpeg4 with b-frames": ("mpeg4", "mp4", {"bf": "2"}),
    "mpeg2": ("mpeg2video", "mpeg", {"bf": "2"}),
    "interlaced mpeg2": ("mpeg2video", "mpegts", {"flags": "+ildct+ilme"}),
    "mpeg1": ("mpeg1video", "mpeg", {"bf": "2"}),
    "h263": ("h263p", "avi", {}),
    "flv": ("flv", "flv", {}),
    "wmv": ("wmv2", "asf", {}),
    "ffv1": ("ffv1", "matroska", {}),
    "snow": ("snow", "avi", {}),
}


def open_video(content: bytes | Path) -> OpenVideo:
    data = content if isinstance(content, bytes) else content.read_bytes()
    sniffed = sniff(data[:HEAD_BYTES])
    return OpenVideo(io.BytesIO(data), len(data), sniffed.container if sniffed else None)


def watch(
    content: bytes | Path, limits: Limits = DEFAULT_LIMITS, *, key_frames_only: bool = False
) -> list[Seen]:
    """Return number, number among key frames, time and pixels of each frame."""
    with open_video(content) as video:
        return [
            (f.index, f.key_index, f.time_s, video.rgb(f).tobytes())
            for f in video.frames(limits, key_frames_only=key_frames_only)
        ]


def times(seen: list[Seen]) -> list[float]:
    return [round(time_s, 3) for _, _, time_s, _ in seen]


def test_the_header_tells_what_the_reference_clips_are(
    clip_name: str, vectors: dict[str, Any], vectors_folder: Path
) -> None:
    expected = vectors["clips"][clip_name]
    with open_video(vectors_folder / "clips" / clip_name) as video:
        info, facts = video.info, video.facts
    assert (info.width, info.height) == (expected["width"], expected["height"])
    assert (info.codec, info.pixel_format) == (expected["codec_name"], expected["pix_fmt"])
    assert info.average_rate == Fraction(expected["avg_frame_rate"])
    assert info.duration_s == pytest.approx(float(expected["duration"]), abs=0.002)
    assert (facts.type, facts.width, facts.codec) == ("video", info.width, info.codec)
    assert facts.decoder == "PyAV"
    assert av.__version__ in (facts.decoder_version or "")


def test_every_frame_of_the_reference_clips_comes_out(
    clip_name: str, vectors: dict[str, Any], vectors_folder: Path
) -> None:
    """As many as the reference counts, numbered from 0, in the order of their times."""
    with open_video(vectors_folder / "clips" / clip_name) as video:
        frames = [(f.index, f.time_s) for f in video.frames(DEFAULT_LIMITS, key_frames_only=False)]
    assert len(frames) == vectors["clips"][clip_name]["vpdq_every_frame"]["frames"]
    assert [index for index, _ in frames] == list(range(len(frames)))
    shown_at = [time_s for _, time_s in frames]
    assert shown_at[0] == 0
    assert shown_at == sorted(set(shown_at))


def test_key_frames_alone_are_those_of_a_full_decode_in_the_reference_clips(
    clip_name: str, vectors_folder: Path
) -> None:
    _check_key_frames((vectors_folder / "clips" / clip_name).read_bytes())


@pytest.mark.parametrize("name", KEY_FRAME_CODECS)
def test_key_frames_alone_are_those_of_a_full_decode_in_every_codec(
    name: str, make_clip: MakeClip, tmp_path: Path
) -> None:
    codec, container, options = KEY_FRAME_CODECS[name]
    clip = make_clip(tmp_path / "clip", codec, container, codec_options=options, rate=25)
    _check_key_frames(clip.read_bytes())


OPEN_GROUPS = [
    "b-pyramid=none",
    "b-pyramid=strict",
    "b-pyramid=normal",
    "b-pyramid=normal:bframes=8",
]


@pytest.mark.parametrize("container", ["matroska", "mp4", "mpegts"])
@pytest.mark.parametrize("key_every", [15, 20])
@pytest.mark.parametrize("order", OPEN_GROUPS)
def test_no_key_frame_of_an_open_group_is_lost_whatever_the_order_of_frames(
    order: str, key_every: int, container: str, make_clip: MakeClip, tmp_path: Path
) -> None:
    """Frames shown before a key frame may be stored behind it, and refer to those before it."""
    options = {"x264-params": f"open-gop=1:bframes=3:{order}"}
    clip = make_clip(
        tmp_path / "clip",
        "libx264",
        container,
        codec_options=options,
        rate=25,
        frames=5 * key_every - 5,
        key_every=key_every,
    )
    assert len(_check_key_frames(clip.read_bytes())) >= 5


def _check_key_frames(content: bytes) -> list[tuple[int | None, float, bytes]]:
    """Compare number among key frames, time and pixels; the other number may be unknown."""
    full = [seen[1:] for seen in watch(content) if seen[1] is not None]
    alone = [seen[1:] for seen in watch(content, key_frames_only=True)]
    assert alone == full
    assert full
    assert [key_index for key_index, _, _ in full] == list(range(len(full)))
    return full


@pytest.mark.parametrize("codec", ["libx264", "libvpx-vp9", "mpeg4"])
def test_frames_between_key_frames_are_not_even_decoded(
    codec: str, make_clip: MakeClip, tmp_path: Path
) -> None:
    """A limit on the frames decoded is passed only by a full decode."""
    container = "webm" if codec == "libvpx-vp9" else "mp4"
    clip = make_clip(tmp_path / "clip", codec, container)
    assert len(watch(clip, Limits(max_frames=4), key_frames_only=True)) == 4
    with pytest.raises(TooLargeError, match="more than 4 frames"):
        watch(clip, Limits(max_frames=4))


def test_pixels_are_as_stored_and_the_rotation_is_told(vectors_folder: Path) -> None:
    clips = vectors_folder / "clips"
    assert watch(clips / "rotated-h264-60fps.mp4") == watch(clips / "portrait-h264-60fps.mp4")
    with open_video(clips / "rotated-h264-60fps.mp4") as video:
        frame = next(video.frames(DEFAULT_LIMITS, key_frames_only=False))
        assert video.rgb(frame).shape == (640, 360, 3)
        assert (video.info.rotation, video.facts.rotation) == (90, 90)
    with open_video(clips / "portrait-h264-60fps.mp4") as video:
        next(video.frames(DEFAULT_LIMITS, key_frames_only=False))
        assert (video.info.rotation, video.facts.rotation) == (0, None)


def test_pixels_are_those_that_pyav_converts(vectors_folder: Path) -> None:
    """Also of ten bits, of colours at full resolution, and at an odd place in the stream."""
    for name in ("tenbit-av1-30fps.mp4", "oddsize-h264-24fps.mkv", "chart-vp9-25fps.webm"):
        path = vectors_folder / "clips" / name
        seen = watch(path)
        with av.open(str(path)) as container:
            for number, frame in enumerate(container.decode(video=0)):
                if number in (0, 37):
                    assert seen[number][3] == frame.to_ndarray(format="rgb24").tobytes()


def write_bt2020(path: Path, space: int) -> Path:
    """Encode coloured frames that say the number of their colour space."""
    pixels = np.random.default_rng(7).integers(0, 256, (8, 12, 3), dtype=np.uint8)
    with av.open(str(path), "w") as output:
        stream: Any = output.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 192, 128, "yuv420p"
        stream.codec_context.colorspace = space
        for step in range(4):
            frame = av.VideoFrame.from_ndarray(
                np.roll(pixels, step, 1).repeat(16, 0).repeat(16, 1), "rgb24"
            ).reformat(format="yuv420p")
            frame.colorspace = space
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


def test_constant_luminance_is_converted_as_the_rest_of_bt2020(tmp_path: Path) -> None:
    clips = [write_bt2020(tmp_path / f"{space}.mp4", space) for space in (9, 10, 1)]
    with av.open(str(clips[1])) as container:
        assert int(next(container.decode(video=0)).colorspace) == 10
    bt2020, constant_luminance, bt709 = map(watch, clips)
    assert constant_luminance == bt2020 != bt709
    of_bt2020, of_constant = (hash_file(clip, ["vpdq", "tmk-pdqf"]) for clip in clips[:2])
    assert not of_constant.failures
    assert of_constant.hashes == of_bt2020.hashes


def test_odd_sizes_keep_their_last_row_and_column(make_clip: MakeClip, tmp_path: Path) -> None:
    clip = make_clip(
        tmp_path / "clip", "ffv1", "matroska", size=(161, 97), pixel_format="bgr0", frames=3
    )
    with open_video(clip) as video:
        frames = video.frames(DEFAULT_LIMITS, key_frames_only=False)
        assert [video.rgb(f).shape for f in frames] == [(97, 161, 3)] * 3


def test_times_count_from_the_start_of_the_stream(make_clip: MakeClip, tmp_path: Path) -> None:
    """A transport stream begins anywhere; its first frame is at 0."""
    clip = make_clip(tmp_path / "clip", "mpeg2video", "mpegts", rate=25)
    with av.open(str(clip)) as container:
        assert container.streams.video[0].start_time
    assert times(watch(clip)) == [round(i / 25, 3) for i in range(40)]


def test_frames_without_times_are_counted(make_clip: MakeClip, tmp_path: Path) -> None:
    """A raw stream has neither times nor a duration; a frame's time is its number / rate."""
    clip = make_clip(tmp_path / "clip", "libx264", "h264", rate=25)
    with open_video(clip) as video:
        assert video.info.duration_s is None
    assert times(watch(clip)) == [round(i / 25, 3) for i in range(40)]


def write_late(path: Path, container: str) -> Path:
    """Write a clip whose video starts 0.4 s after its sound."""
    with av.open(str(path), "w", format=container) as output:
        video: Any = output.add_stream("mpeg4", rate=10)
        video.width, video.height = 64, 48
        sound: Any = output.add_stream("mp2", rate=48000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 48000), np.int16), "s16", "mono")
        silence.sample_rate, silence.pts = 48000, 0
        output.mux(sound.encode(silence))
        output.mux(sound.encode())
        for step in range(8):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 9 * step, np.uint8), "rgb24")
            frame.pts, frame.time_base = 4 + step, Fraction(1, 10)
            output.mux(video.encode(frame))
        output.mux(video.encode())
    return path


@pytest.mark.parametrize(("container", "start"), [("mp4", Fraction(4, 10)), ("mpegts", 0)])
def test_exact_times_count_from_where_ffmpeg_s_programs_count(
    container: str, start: Fraction, tmp_path: Path
) -> None:
    """From the first sound on, but not in a container whose times may jump."""
    with open_video(write_late(tmp_path / "clip", container)) as video:
        frames = list(video.frames(DEFAULT_LIMITS, key_frames_only=False))
        assert video.info.streams == 2
    assert [f.time for f in frames] == [start + Fraction(n, 10) for n in range(8)]
    assert [round(f.time_s, 3) for f in frames] == [n / 10 for n in range(8)]
    assert {f.duration for f in frames} == {Fraction(1, 10)}


def test_frames_without_times_last_one_over_the_rate(make_clip: MakeClip, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip", "libx264", "h264", rate=25)
    with open_video(clip) as video:
        assert video.info.guessed_rate == 25
        frames = list(video.frames(DEFAULT_LIMITS, key_frames_only=False))
    assert [(f.time, f.duration) for f in frames] == [
        (Fraction(n, 25), Fraction(1, 25)) for n in range(40)
    ]


def test_time_goes_on_where_two_recordings_were_joined(make_clip: MakeClip, tmp_path: Path) -> None:
    """The second one's times begin anew; full or by key frames alone, they are the same."""
    clip = make_clip(tmp_path / "clip", "mpeg2video", "mpegts", rate=25).read_bytes()
    joined = watch(clip + clip)
    assert times(joined) == [round(i / 25, 3) for i in range(80)]
    _check_key_frames(clip + clip)


def test_a_varying_rate_keeps_its_times(vectors_folder: Path) -> None:
    shown_at = times(watch(vectors_folder / "clips" / "variable-rate-h264.mkv"))
    steps = {round(b - a, 2) for a, b in itertools.pairwise(shown_at)}
    assert len(steps) > 1


def test_metadata_that_is_not_utf8_does_no_harm(make_clip: MakeClip, tmp_path: Path) -> None:
    title = {"title": "caption-of-the-clip"}
    clip = make_clip(tmp_path / "clip", "mpeg4", "3gp", metadata=title).read_bytes()
    assert b"caption-of-the-clip" in clip
    broken = clip.replace(b"caption-of-the-clip", b"\xff\xfe\xe9 not in UTF-8 \x80")
    assert len(watch(broken)) == 40


def test_frames_that_change_size_come_at_their_own_size(
    make_clip: MakeClip, tmp_path: Path
) -> None:
    """What the header told of the size stands."""
    small = make_clip(tmp_path / "small", "mpeg2video", "mpegts", size=(160, 96)).read_bytes()
    large = make_clip(tmp_path / "large", "mpeg2video", "mpegts", size=(320, 192)).read_bytes()
    with open_video(small + large) as video:
        frames = video.frames(DEFAULT_LIMITS, key_frames_only=False)
        shapes = [video.rgb(frame).shape for frame in frames]
        assert shapes == sorted(shapes)
        assert shapes.count((96, 160, 3)) >= 39
        assert shapes.count((192, 320, 3)) == 40
        assert (video.facts.width, video.facts.height) == (160, 96)
    with pytest.raises(TooLargeError, match="320 x 192"):
        watch(small + large, Limits(max_pixels=160 * 96))


def test_too_large_frames_are_refused_before_decoding(make_clip: MakeClip, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip", "mpeg4", "mp4")
    with open_video(clip) as video, pytest.raises(TooLargeError, match="over the limit of 15359"):
        next(video.frames(Limits(max_pixels=15359), key_frames_only=False))


def test_a_cover_picture_is_not_the_video(make_clip: MakeClip, tmp_path: Path) -> None:
    """The video is the first stream of pictures that is no cover."""
    path = tmp_path / "song.mp4"
    cover = io.BytesIO()
    Image.new("RGB", (48, 48), "red").save(cover, "JPEG")
    _mux_with_cover(path, cover.getvalue(), make_clip(tmp_path / "clip", "mpeg4", "mp4"))
    with open_video(path) as video:
        assert (video.info.width, video.info.codec) == (160, "mpeg4")
    _mux_with_cover(path, cover.getvalue(), None)
    with pytest.raises(NoVideoError, match="no video stream"):
        open_video(path)


def _mux_with_cover(path: Path, cover: bytes, clip: Path | None) -> None:
    """Write an MP4 of a cover and, behind it, the stream of `clip` or sound."""
    with av.open(str(path), "w", format="mp4") as output:
        picture: Any = output.add_stream("mjpeg", rate=1)
        picture.width = picture.height = 48
        picture.pix_fmt = "yuvj420p"
        picture.disposition = av.stream.Disposition.attached_pic
        if clip is None:
            sound: Any = output.add_stream("aac", rate=8000, layout="mono")
        else:
            source = av.open(str(clip))
            video: Any = output.add_stream_from_template(source.streams.video[0])
        output.start_encoding()
        packet = av.Packet(cover)
        packet.stream, packet.pts, packet.dts, packet.is_keyframe = picture, 0, 0, True
        packet.time_base = Fraction(1, 1)
        output.mux(packet)
        if clip is None:
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
            )
            frame.sample_rate = 8000
            output.mux([*sound.encode(frame), *sound.encode()])
        else:
            for packet in source.demux(source.streams.video[0]):
                if packet.dts is not None:
                    packet.stream = video
                    output.mux(packet)
            source.close()


@pytest.mark.parametrize("container", ["wav", "matroska", "mp3"])
def test_sound_alone_is_no_video(container: str, tmp_path: Path) -> None:
    path = tmp_path / "sound"
    codec = "libmp3lame" if container == "mp3" else "pcm_s16le"
    with av.open(str(path), "w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=8000, layout="mono")
        sample_format = "s16p" if container == "mp3" else "s16"
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 8000), np.int16), format=sample_format, layout="mono"
        )
        frame.sample_rate = 8000
        output.mux([*stream.encode(frame), *stream.encode()])
    with pytest.raises(NoVideoError):
        open_video(path)


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{clip}\n#EXT-X-ENDLIST\n",
    "hls in order of bytes": (
        "#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n"
        "#EXT-X-BYTERANGE:900000@0\nfile://{clip}\n#EXT-X-ENDLIST\n"
    ),
    "concat": "ffconcat version 1.0\nfile '{clip}'\n",
    "dash": (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT4S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">'
        '<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">'
        "<BaseURL>{clip}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    ),
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    "subtitles": "1\n00:00:01,000 --> 00:00:02,000\nHello\n",
    "text": "Nothing but words. " * 400,
}


@pytest.mark.parametrize("kind", PLAYLISTS)
def test_no_file_makes_another_one_open(
    kind: str, make_clip: MakeClip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Playlists and manifests that point at a local video are not media, whatever the name."""
    clip = make_clip(tmp_path / "clip.ts", "mpeg2video", "mpegts")
    monkeypatch.chdir(tmp_path)
    for name in ("list.m3u8", "list.ffconcat", "list.mpd", "list.mp4"):
        path = tmp_path / name
        path.write_text(PLAYLISTS[kind].format(clip=clip))
        with pytest.raises(NoVideoError), path.open("rb") as file:
            OpenVideo(file, path.stat().st_size, None)


CUT_CONTAINERS = {
    "mp4": ("mpeg4", "mp4", {}),
    "mp4 that starts with its index": ("mpeg4", "mp4", {"movflags": "faststart"}),
    "mp4 in fragments": ("mpeg4", "mp4", {"movflags": "frag_keyframe+empty_moov"}),
    "mov": ("mpeg4", "mov", {}),
    "matroska": ("mpeg4", "matroska", {}),
    "matroska as it is streamed": ("mpeg4", "matroska", {"live": "1"}),
    "webm": ("libvpx", "webm", {}),
    "webm of vp9": ("libvpx-vp9", "webm", {}),
    "avi": ("mpeg4", "avi", {}),
    "asf": ("wmv2", "asf", {}),
    "ivf": ("libvpx", "ivf", {}),
    "mxf": ("mpeg2video", "mxf", {}),
    "flv": ("flv", "flv", {}),
    "ogg": ("libvpx", "ogg", {}),
}


@pytest.mark.parametrize("keys", [False, True], ids=["all frames", "key frames"])
@pytest.mark.parametrize("kind", CUT_CONTAINERS)
def test_a_video_cut_off_is_said_to_break_off(
    kind: str, keys: bool, make_clip: MakeClip, tmp_path: Path
) -> None:
    codec, container, options = CUT_CONTAINERS[kind]
    speed = {"deadline": "realtime", "cpu-used": "8"} if codec == "libvpx-vp9" else {}
    clip = make_clip(
        tmp_path / "clip",
        codec,
        container,
        options=options,
        codec_options=speed,
        frames=80,
        rate=25,
    ).read_bytes()
    assert watch(clip, key_frames_only=keys)
    for share in (0.92, 0.85, 0.6, 0.4, 0.03):
        with pytest.raises(TruncatedError, match="breaks off"):
            watch(clip[: int(len(clip) * share)], key_frames_only=keys)


@pytest.mark.parametrize("lost", [200, 700])
def test_half_an_index_in_front_of_no_stream_is_a_video_cut_off(
    lost: int, make_clip: MakeClip, tmp_path: Path
) -> None:
    """What an MP4 tells of its streams stands at its end, and may be lost in part."""
    clip = make_clip(tmp_path / "clip", "mpeg4", "mov", frames=4).read_bytes()
    place = clip.index(b"moov") - 4
    with pytest.raises(TruncatedError, match="breaks off"):
        watch(clip[: max(place + 16, len(clip) - lost)])


@pytest.mark.parametrize("keys", [False, True], ids=["all frames", "key frames"])
def test_half_of_the_last_frame_is_a_video_cut_off(
    keys: bool, make_clip: MakeClip, tmp_path: Path
) -> None:
    """Also where that frame is not decoded, and the container counts it as there."""
    clip = make_clip(tmp_path / "clip", "mpeg4", "avi", frames=39).read_bytes()
    with pytest.raises(TruncatedError, match="breaks off"):
        watch(clip[: clip.rindex(b"idx1") - 20], key_frames_only=keys)


def test_it_is_said_how_far_a_broken_video_got(make_clip: MakeClip, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip", "ffv1", "matroska", rate=10, key_every=1).read_bytes()
    with pytest.raises(TruncatedError, match=r"breaks off after 2\.\d s, 2\d frames"):
        watch(clip[: len(clip) * 6 // 10])


@pytest.mark.parametrize(
    ("key_every", "got"),
    [(10, r"after [12]\.0 s, [23] key frames"), (40, "after 0.0 s, 1 key frame")],
)
def test_of_key_frames_it_is_said_how_many_there_were(
    key_every: int, got: str, make_clip: MakeClip, tmp_path: Path
) -> None:
    """Nothing is known of the frames between, which are not decoded."""
    clip = make_clip(tmp_path / "clip", "mpeg4", "matroska", key_every=key_every).read_bytes()
    with pytest.raises(TruncatedError, match=f"{got}$"):
        watch(clip[: len(clip) * 6 // 10], key_frames_only=True)


def test_a_video_that_is_damaged_in_the_middle_breaks_off_there(
    make_clip: MakeClip, tmp_path: Path
) -> None:
    clip = bytearray(make_clip(tmp_path / "clip", "libx264", "mp4").read_bytes())
    place = clip.index(b"mdat") + (len(clip) - clip.index(b"mdat")) // 2
    clip[place : place + 600] = os.urandom(600)
    with pytest.raises(TruncatedError, match=r"breaks off after \d"):
        watch(bytes(clip))


def test_lengths_that_are_none_are_damage_and_no_lack_of_memory(
    make_clip: MakeClip, tmp_path: Path
) -> None:
    """FFmpeg lacks memory for them, it says."""
    clip = make_clip(tmp_path / "clip", "libvpx", "ivf", frames=8).read_bytes()
    second = 32 + 12 + int.from_bytes(clip[32:36], "little")
    for length in (b"\0\0\0\0", b"\0\0\0\x80"):
        with pytest.raises(TruncatedError, match="breaks off"):
            watch(clip[:second] + length + clip[second + 4 :])


def test_a_video_whose_sound_is_longer_is_whole(make_clip: MakeClip, tmp_path: Path) -> None:
    """Five frames, one second of sound: nothing is missing."""
    clip = make_clip(tmp_path / "clip", "mpeg4", "matroska", frames=5, rate=25, sound=True)
    assert len(watch(clip)) == 5


def test_a_stream_that_is_joined_midway_starts_at_its_first_key_frame(
    make_clip: MakeClip, tmp_path: Path
) -> None:
    """What a receiver missed of a transport stream is not damage."""
    clip = make_clip(tmp_path / "clip", "libx264", "mpegts").read_bytes()
    packets = [clip[i : i + 188] for i in range(0, len(clip), 188)]
    tables, rest = packets[:3], packets[3:]
    seen = watch(b"".join(tables + rest[len(rest) // 3 :]))
    assert 20 <= len(seen) < 40
    assert seen[0][:2] == (0, 0)


@pytest.mark.parametrize("container", ["mp4", "avi", "matroska", "flv"])
def test_a_header_without_frames_is_unreadable_or_cut(
    container: str, make_clip: MakeClip, tmp_path: Path
) -> None:
    codec = "flv" if container == "flv" else "mpeg4"
    clip = make_clip(tmp_path / "clip", codec, container).read_bytes()
    with pytest.raises((UnreadableError, TruncatedError)):
        watch(clip[:300])


def test_a_codec_without_a_decoder_is_unsupported(make_clip: MakeClip, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip", "ffv1", "matroska").read_bytes()
    assert b"V_FFV1" in clip
    with pytest.raises(UnsupportedError, match="no decoder"):
        watch(clip.replace(b"V_FFV1", b"V_NONE"))


def test_zeros_and_noise_are_no_video() -> None:
    for content in (bytes(200_000), np.random.default_rng(3).bytes(200_000)):
        with pytest.raises(MediaError):
            watch(content)


MEASURE = """
import resource, sys
from pathlib import Path
from hashwalk.hashing import hash_file
from hashwalk.media.limits import DEFAULT_LIMITS
from hashwalk.media.videos import OpenVideo
path = Path(sys.argv[1])
with path.open("rb") as file, OpenVideo(file, path.stat().st_size, "avi") as video:
    count = sum(video.rgb(f).any() for f in video.frames(DEFAULT_LIMITS, key_frames_only=False))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_length(make_clip: MakeClip, tmp_path: Path) -> None:
    """720 frames more, of 230 kB each, cost less than 8 MB."""
    used = {}
    for frames in (30, 750):
        clip = make_clip(tmp_path / str(frames), frames=frames, size=(320, 240))
        ran = subprocess.run(
            [sys.executable, "-c", MEASURE, str(clip)], capture_output=True, text=True, check=True
        )
        count, kibibytes = map(int, ran.stdout.split())
        assert count == frames
        used[frames] = kibibytes
    assert used[750] - used[30] < 8 * 1024
