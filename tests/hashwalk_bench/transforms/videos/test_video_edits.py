"""What each video transform does."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from hashwalk.hashing import hash_file
from hashwalk_bench.errors import TransformError
from hashwalk_bench.scenes import scene
from hashwalk_bench.transforms import Made, Medium, Subject, open_subject
from hashwalk_bench.transforms.video_reading import Clip, open_clip, rgb

Make = Callable[..., Made]
Variant = Callable[..., Clip]


def _pixels(clip: Clip) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    return np.array([rgb(frame.image) for frame in clip.frames()], np.int16)


def _packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def _distance(one: Clip, other: Clip) -> float:
    return float(np.abs(_pixels(one) - _pixels(other)).mean())


@pytest.mark.parametrize("container", ["mkv", "mp4", "mov"])
def test_remux_keeps_the_packets_and_the_times(make: Make, moving: Subject, container: str) -> None:
    """Only the file around them is another one."""
    made = make("remux", container=container)
    assert _packets(made.path) == _packets(moving.path)
    assert open_clip(made.path).starts == moving.clip.starts


def test_a_container_that_cannot_hold_the_codec_is_refused(make: Make, tmp_path: Path) -> None:
    """VP9 in a transport stream is none that can be read."""
    path = tmp_path / "source.webm"
    make("vp9", crf=40).path.rename(path)
    with pytest.raises(TransformError, match="container ts"):
        make("remux", of=open_subject(path, Medium.VIDEO), container="ts")


def test_sound_changes_no_visual_hash(make: Make, moving: Subject) -> None:
    """A clip is given sound, other sound, and none."""
    formats = ("vpdq", "tmk-pdqf")
    sounding = make("sound_replaced")
    subject = open_subject(sounding.path, Medium.VIDEO)
    silent = make("sound_removed", of=subject)
    with av.open(str(sounding.path)) as loud, av.open(str(silent.path)) as quiet:
        assert len(loud.streams.audio) == 1
        assert not quiet.streams.audio
    wanted = hash_file(moving.path, formats).hashes
    assert len(wanted) == 2
    assert hash_file(sounding.path, formats).hashes == wanted
    assert hash_file(silent.path, formats).hashes == wanted


@pytest.mark.parametrize(
    ("name", "codec"), [("h264", "h264"), ("h265", "hevc"), ("vp9", "vp9"), ("av1", "av1")]
)
def test_codecs_write_what_they_say_and_lose_more_at_a_higher_crf(
    make: Make, moving: Subject, name: str, codec: str
) -> None:
    """The frames stay recognisable."""
    fine, coarse = (make(name, crf=crf).path for crf in (20, 50))
    with av.open(str(fine)) as container:
        context = container.streams.video[0].codec_context
        assert context.codec.canonical_name == codec
    assert coarse.stat().st_size < fine.stat().st_size
    losses = [_distance(open_clip(path), moving.clip) for path in (fine, coarse)]
    assert losses[0] < losses[1] < 40


@pytest.mark.parametrize("codec", ["h264", "h265", "av1"])
def test_ten_bits_are_ten_bits(make: Make, codec: str) -> None:
    """The pixel format says so."""
    with av.open(str(make("ten_bits", codec=codec).path)) as container:
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p10le"


def test_lossless_changes_no_pixel(variant: Variant, moving: Subject) -> None:
    """The decoded frames are stored as they are."""
    assert np.array_equal(_pixels(variant("lossless")), _pixels(moving.clip))


def test_a_gif_has_few_frames_and_colours(make: Make, variant: Variant) -> None:
    """Ten frames a second; the GIF itself is a picture to hashwalk."""
    assert len(variant("gif", rate=10.0).starts) == 10
    made = make("gif", rate=10.0, stored="gif")
    assert made.path.read_bytes().startswith(b"GIF89a")
    with av.open(str(made.path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 10
    assert all(len(np.unique(frame.reshape(-1, 3), axis=0)) <= 256 for frame in frames)


def test_scale_keeps_the_shape(variant: Variant) -> None:
    """96 x 64 becomes 48 x 32, and what has the size already is refused."""
    small = variant("scale", lines=32)
    assert (small.width, small.height) == (48, 32)
    with pytest.raises(TransformError, match="64 lines already"):
        variant("scale", lines=64)


def test_anamorphic_pixels_make_up_for_the_width(variant: Variant) -> None:
    """Three quarters as wide, of pixels four thirds as wide."""
    narrow = variant("anamorphic", squeeze=0.75)
    assert (narrow.width, narrow.aspect) == (72, Fraction(4, 3))


def test_the_rotation_flag_is_all_that_turns(variant: Variant, moving: Subject) -> None:
    """The display matrix says 90 degrees; the pixels are those of the source."""
    flagged = variant("rotation_flag", degrees="90")
    assert (flagged.width, flagged.height, flagged.rotation) == (96, 64, 90)
    assert _distance(flagged, moving.clip) < 8


def test_what_is_stored_turned_is_turned_back(variant: Variant, moving: Subject) -> None:
    """Turned counter-clockwise by what the display matrix says, the frames are the source's."""
    turned = variant("stored_turned", degrees="90")
    assert (turned.width, turned.height) == (64, 96)
    upright = np.rot90(_pixels(turned), turned.rotation // 90, axes=(1, 2))
    assert np.abs(upright - _pixels(moving.clip)).mean() < 8


@pytest.mark.parametrize(("rate", "frames"), [(10.0, 10), (5.0, 5), (40.0, 40)])
def test_frame_rate_keeps_the_length(variant: Variant, rate: float, frames: int) -> None:
    """Frames are left out or repeated."""
    made = variant("frame_rate", rate=rate)
    assert (len(made.starts), float(made.rate), int(made.seconds)) == (frames, rate, 1)


def test_a_variable_rate_is_uneven(variant: Variant) -> None:
    """The frames that are left are in order and of many lengths."""
    made = variant("variable_rate", share=0.2)
    gaps = {later - earlier for earlier, later in pairwise(made.starts)}
    assert not made.steady
    assert len(gaps) > 5
    assert min(gaps) > 0


def test_dropped_and_doubled_frames_change_their_number_alone(variant: Variant) -> None:
    """The video lasts as long as before, up to a frame."""
    fewer, more = variant("dropped_frames", share=0.5), variant("doubled_frames", share=1.0)
    assert len(fewer.starts) < 17
    assert len(more.starts) == 40
    assert float(fewer.starts[-1]) < 1
    assert more.seconds == 1


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.25, 2.0])
def test_speed_divides_the_length(make: Make, factor: float) -> None:
    """Twice the speed is half the time, at the same rate; the span says so."""
    made = make("speed", factor=factor)
    clip = open_clip(made.path)
    assert clip.rate == 20
    assert float(clip.seconds) == pytest.approx(1 / factor, abs=0.05)
    assert made.span is not None
    assert made.span.variant_end_s == pytest.approx(1 / factor)


def test_a_slideshow_holds_frames(variant: Variant) -> None:
    """Two pictures in a second, the length and the rate as before."""
    made = variant("slideshow", seconds=0.5)
    assert len(made.starts) == 20
    steps = np.abs(np.diff(_pixels(made), axis=0)).mean(axis=(1, 2, 3))
    assert int(np.argmax(steps)) == 9
    assert steps[9] > 5 * np.delete(steps, 9).max()


@pytest.mark.parametrize(("side", "first"), [("start", 4), ("end", 0)])
def test_trim_of_a_fifth_leaves_four_fifths(
    make: Make, moving: Subject, side: str, first: int
) -> None:
    """16 of 20 frames, and the span says which."""
    made = make("trim", share=0.2, side=side)
    kept = _pixels(open_clip(made.path))
    assert np.abs(kept - _pixels(moving.clip)[first : first + 16]).mean() < 8
    assert made.span is not None
    span = made.span
    assert (span.source_start_s, span.source_end_s) == (first / 20, first / 20 + 0.8)
    assert (span.variant_start_s, span.variant_end_s) == (0, 0.8)


def test_the_middle_is_in_the_middle(make: Make) -> None:
    """Half of the clip, a quarter being cut off either end."""
    made = make("middle", share=0.5)
    assert len(open_clip(made.path).starts) == 10
    assert made.span is not None
    assert (made.span.source_start_s, made.span.source_end_s) == (0.25, 0.75)


def test_an_excerpt_of_all_is_refused(variant: Variant) -> None:
    """A clip of a second has no excerpt of five."""
    assert len(variant("excerpt", seconds=0.4).starts) == 8
    with pytest.raises(TransformError, match="too short"):
        variant("excerpt", seconds=5.0)


@pytest.mark.parametrize("times", [2.0, 5.0])
def test_an_embedded_clip_is_where_the_span_says(make: Make, moving: Subject, times: float) -> None:
    """The host is so many times as long; elsewhere it is other pictures."""
    made = make("embed", times=times, longest=0.5)
    span, clip = made.span, open_clip(made.path)
    assert float(clip.seconds) == 0.5 * times
    assert span is not None
    source, variant = round(span.source_start_s * 20), round(span.variant_start_s * 20)
    pixels, wanted = _pixels(clip), _pixels(moving.clip)[source : source + 10]
    assert np.abs(pixels[variant : variant + 10] - wanted).mean() < 8
    host = np.delete(pixels, range(variant, variant + 10), axis=0)
    assert np.abs(host - wanted[0]).mean(axis=(1, 2, 3)).min() > 20


def test_a_loop_and_a_concatenation_are_twice_as_long(make: Make, moving: Subject) -> None:
    """The loop shows the clip again, the concatenation something else."""
    wanted = _pixels(moving.clip)
    looped = _pixels(open_clip(make("loop", times=2).path))
    assert np.abs(looped - np.concatenate([wanted, wanted])).mean() < 8
    joined = make("concatenate", side="before")
    pixels = _pixels(open_clip(joined.path))
    assert np.abs(pixels[20:] - wanted).mean() < 8
    assert np.abs(pixels[:20] - wanted).mean() > 20
    assert joined.span is not None
    assert joined.span.variant_start_s == 1


def test_black_comes_first(make: Make, moving: Subject) -> None:
    """Half a second of it, or a share of the clip's time."""
    made = make("black_start", seconds=0.5)
    pixels = _pixels(open_clip(made.path))
    assert len(pixels) == 30
    assert pixels[:10].max() < 20
    assert np.abs(pixels[10:] - _pixels(moving.clip)).mean() < 8
    assert made.span is not None
    assert made.span.variant_start_s == 0.5
    assert len(open_clip(make("black_start_share", share=0.1).path).starts) == 22


def test_shuffled_segments_are_all_there(variant: Variant, moving: Subject) -> None:
    """Each frame of the source is somewhere, not all at their places."""
    shuffled, source = _pixels(variant("shuffle", segments=4)), _pixels(moving.clip)
    away = np.abs(shuffled[:, None] - source[None]).mean(axis=(2, 3, 4))
    order = away.argmin(axis=1)
    assert sorted(order) == list(range(20))
    assert [int(n) for n in order[::5]] != [0, 5, 10, 15]


def test_reverse_is_backwards(variant: Variant, moving: Subject) -> None:
    """The last frame first."""
    assert np.abs(_pixels(variant("reverse")) - _pixels(moving.clip)[::-1]).mean() < 8


def test_reverse_of_what_is_held_in_parts_is_the_same(
    variant: Variant, moving: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven frames at a time give what all at once give."""
    whole = _pixels(variant("reverse"))
    size = 96 * 64 * 3 // 2
    monkeypatch.setattr("hashwalk_bench.transforms.video_order._HELD_BYTES", 7 * size)
    assert np.array_equal(_pixels(variant("reverse")), whole)


def test_a_picture_in_a_picture_is_small_and_whole(variant: Variant, moving: Subject) -> None:
    """At half the size at the bottom right; the rest is the host."""
    pixels = _pixels(variant("picture_in_picture", share=0.5, place="bottom-right"))
    inner = pixels[:, 30:62, 46:94]
    shrunk = _pixels(moving.clip).reshape(20, 32, 2, 48, 2, 3).mean(axis=(2, 4))
    assert np.abs(inner - shrunk).mean() < 10
    assert np.abs(pixels - _pixels(moving.clip)).mean() > 20


def test_side_by_side_is_half_as_high(variant: Variant, moving: Subject) -> None:
    """The clip at the left, at half its size."""
    pixels = _pixels(variant("side_by_side"))
    shrunk = _pixels(moving.clip).reshape(20, 32, 2, 48, 2, 3).mean(axis=(2, 4))
    assert pixels.shape[1:3] == (32, 96)
    assert np.abs(pixels[:, :, :48] - shrunk).mean() < 10


def test_vertical_is_nine_by_sixteen(variant: Variant) -> None:
    """As high as the clip, with bars that are smoother than the picture between them."""
    clip = variant("vertical")
    assert (clip.width, clip.height) == (36, 64)
    detail = np.abs(np.diff(_pixels(clip), axis=2)).mean(axis=(0, 2, 3))
    assert detail[:16].mean() < detail[24:40].mean() / 2


def test_what_is_narrow_already_is_not_made_vertical(make: Make) -> None:
    """Of 48 x 96 pixels: bars above and below would make it no narrower."""
    flat = make("frames_crop", share=0.25, sides="top")
    turned = make("stored_turned", of=open_subject(flat.path, Medium.VIDEO), degrees="90")
    with pytest.raises(TransformError, match="9:16"):
        make("vertical", of=open_subject(turned.path, Medium.VIDEO))


def test_fades_begin_and_end_in_black(variant: Variant, moving: Subject) -> None:
    """The middle is as it was."""
    light = _pixels(variant("fade", seconds=0.3)).mean(axis=(1, 2, 3))
    before = _pixels(moving.clip).mean(axis=(1, 2, 3))
    assert max(light[0], light[-1]) < 8
    assert abs(light[10] - before[10]) < 4


def test_subtitles_are_at_the_bottom(variant: Variant, moving: Subject) -> None:
    """Above them nothing changes."""
    change = np.abs(_pixels(variant("subtitles", height=0.12)) - _pixels(moving.clip))
    rows = change.mean(axis=(0, 2, 3))
    assert rows[:36].mean() < 8
    assert rows[44:60].mean() > 20


def test_frames_are_edited_as_pictures_are(variant: Variant, moving: Subject) -> None:
    """A crop of a quarter at each side is the middle half."""
    made = variant("frames_crop", share=0.25)
    assert (made.width, made.height) == (48, 32)
    wanted = _pixels(moving.clip)[:, 16:48, 24:72]
    assert np.abs(_pixels(made) - wanted).mean() < 8


def test_odd_sides_lose_their_last_row_and_column(tmp_path: Path) -> None:
    """What encoders cannot take is cut off at the right and the bottom."""
    path = tmp_path / "odd.avi"
    drawn = np.asarray(scene(5, 65, 49))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.bit_rate = 65, 49, 4_000_000
        container.mux(stream.encode(av.VideoFrame.from_ndarray(drawn, format="rgb24")))
        container.mux(stream.encode())
    clip = open_subject(path, Medium.VIDEO).clip
    assert (clip.width, clip.height) == (64, 48)
    assert np.abs(_pixels(clip)[0] - drawn[:48, :64]).mean() < 12


def test_no_encoder_leaves_this_process_with_real_time_priority(make: Make) -> None:
    """SVT-AV1 takes it as root, and then nothing else runs."""
    make("av1", crf=35)
    tasks = [int(task.name) for task in Path("/proc/self/task").iterdir()]
    assert {os.sched_getscheduler(task) for task in tasks} <= {os.SCHED_OTHER, os.SCHED_BATCH}
