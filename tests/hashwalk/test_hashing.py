"""One file to all its hashes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import pytest

from hashwalk.encodings import Hex
from hashwalk.errors import (
    FailureCode,
    NotComputableError,
    UnknownFormatError,
    UsageError,
)
from hashwalk.format import Format, FormatSpec, Kind
from hashwalk.hashing import file_uri, hash_file, hash_with
from hashwalk.media.limits import Limits
from hashwalk.media.videos import OpenVideo
from hashwalk.results import ALL_FORMATS, HashedFile
from hashwalk.sampling import AtInterval, EveryKth, KeyFrames
from hashwalk.tally import Tally
from hashwalk.viewing import show

MakeClip = Callable[..., Path]


def failures(result: HashedFile) -> list[tuple[str, FailureCode]]:
    return [(f.format, f.code) for f in result.failures]


def hashed(result: HashedFile) -> list[str]:
    return [h.format for h in result.hashes]


class Opaque(Format):
    """A format that can be carried and not computed."""

    spec = FormatSpec(
        id="opaque",
        summary="Somebody's secret",
        kind=Kind.PICTURE,
        bits=8,
        threshold=None,
        licence="proprietary",
        encodings=(Hex(8),),
        source="these tests",
    )


# What one file gives


def test_a_picture_gives_its_row_and_its_hashes(picture: Path) -> None:
    content = picture.read_bytes()
    result = hash_file(picture, ["phash", "sha256", "pdq"])
    media = result.media
    assert media is not None
    assert media.uri == picture.as_uri()
    assert media.sha256 == hashlib.sha256(content).hexdigest()
    assert media.md5 == hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert (media.size, media.mtime_ns) == (len(content), picture.stat().st_mtime_ns)
    assert (media.type, media.container, media.codec) == ("picture", "jpeg", "jpeg")
    assert (media.width, media.height, media.frames) == (160, 96, 1)
    assert media.labels == ()
    assert hashed(result) == ["phash", "sha256", "pdq"]
    assert result.hashes[1].value.hex() == media.sha256
    assert result.failures == ()


def test_a_video_gives_its_row_and_its_hashes(clip: Path) -> None:
    result = hash_file(clip, ["md5", "vpdq", "framewise:phash@1", "keyframes:phash"])
    media = result.media
    assert media is not None
    assert (media.type, media.container, media.codec) == ("video", "matroska", "mpeg4")
    assert (media.width, media.height, media.duration_s) == (160, 96, 4.0)
    assert (media.frames, media.orientation, media.rotation) == (None, None, None)
    assert hashed(result) == ["md5", "vpdq", "framewise:phash@1", "keyframes:phash"]
    assert [len(h.parts) for h in result.hashes] == [1, 4, 4, 4]


def test_the_row_is_the_same_whatever_formats_are_asked_for(picture: Path, clip: Path) -> None:
    for path in (picture, clip):
        rows = {hash_file(path, ids).media for ids in ((), ["md5"], ["phash", "vpdq"])}
        assert len(rows) == 1


def test_a_format_that_was_asked_for_twice_is_computed_once(picture: Path) -> None:
    assert hashed(hash_file(picture, ["md5", "phash", "md5"])) == ["md5", "phash"]


def test_a_format_of_another_kind_of_media_gives_nothing(
    picture: Path, clip: Path, recorders: SimpleNamespace
) -> None:
    still, moving = recorders.picture(), recorders.video()
    on_picture, on_video = (hash_with(p, [still, moving]) for p in (picture, clip))
    assert (hashed(on_picture), on_picture.failures) == (["seen"], ())
    assert (hashed(on_video), on_video.failures) == (["seen-video"], ())


# What it costs


def test_all_picture_formats_share_one_decoded_picture(
    picture: Path, recorders: SimpleNamespace
) -> None:
    formats = [recorders.picture(f"seen-{i}") for i in range(3)]
    hash_with(picture, formats)
    assert formats[0].pictures == formats[1].pictures == formats[2].pictures
    assert len(formats[0].pictures) == 1


def test_all_video_formats_share_one_picture_a_frame(
    clip: Path, recorders: SimpleNamespace
) -> None:
    every, each_second = recorders.video("a"), recorders.video("b", EveryKth(1.0))
    hash_with(clip, [every, each_second])
    assert len(every.sinks) == len(each_second.sinks) == 1
    assert every.sinks[0].picture_ids[::10] == each_second.sinks[0].picture_ids


def test_only_frames_that_somebody_wants_are_converted(
    clip: Path, recorders: SimpleNamespace
) -> None:
    converted = []

    class Counting(OpenVideo):
        def rgb(self, frame: Any) -> Any:
            converted.append(frame.index)
            return super().rgb(frame)

    hashers = {"a": recorders.video("a", EveryKth(1.0)), "b": recorders.video("b", EveryKth(1.5))}
    with clip.open("rb") as file, Counting(file, clip.stat().st_size, "matroska") as video:
        show(video, hashers, Limits(), Tally("file:///clip"))
    assert converted == [0, 10, 15, 20, 30]


OPENS = """
import sys
from hashwalk.hashing import hash_file
path, ids = sys.argv[1], sys.argv[2:]
hash_file(path, ids)
opened = []
sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
result = hash_file(path, ids)
print(opened.count(path), len(opened), len(result.hashes))
"""


def test_the_file_is_opened_once_and_no_other(picture: Path, clip: Path) -> None:
    """The second event of two is the descriptor that was opened becoming a file object."""
    ids = ["md5", "sha1", "phash", "pdq", "vpdq", "framewise:pdq@1"]
    for path, count in ((picture, 4), (clip, 4)):
        ran = subprocess.run(
            [sys.executable, "-c", OPENS, str(path), *ids],
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stdout.split() == ["1", "2", str(count)]


def test_nothing_is_decoded_for_digests_alone(picture: Path, clip: Path, tmp_path: Path) -> None:
    """Files whose headers are whole and whose pixels are missing do not fail."""
    limits = Limits(max_pixels=1, max_frames=0)
    for path, expected in ((picture, "picture"), (clip, "video")):
        cut = tmp_path / "cut"
        cut.write_bytes(path.read_bytes()[:-1000])
        result = hash_file(cut, ["md5"], limits=limits)
        assert result.failures == ()
        assert result.media is not None
        assert (result.media.type, result.media.width) == (expected, 160)


# Key frames


def test_key_frames_are_numbered_and_timed_alike_alone_and_in_company(
    vectors_folder: Path, recorders: SimpleNamespace
) -> None:
    """For every reference clip: the hash of a format does not depend on the other formats."""
    keys = recorders.video("keys", KeyFrames())
    company = [keys, recorders.video("seconds", AtInterval(1.0))]
    for path in sorted((vectors_folder / "clips").iterdir()):
        alone, together = hash_with(path, [keys]), hash_with(path, company)
        assert alone.hashes[0] == together.hashes[0]
        assert alone.media == together.media
        parts = alone.hashes[0].parts
        assert [part.index for part in parts] == list(range(len(parts)))


@pytest.fixture(scope="module")
def damaged_between(make_clip: MakeClip, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of which only a frame between two key frames is damaged."""
    path = make_clip(tmp_path_factory.mktemp("clip") / "clip.mkv", "libx264", "matroska")
    content = bytearray(path.read_bytes())
    with av.open(str(path)) as clip:
        packets = [packet for packet in clip.demux() if packet.pos is not None]
    packet = packets[15]
    assert not packet.is_keyframe
    assert packet.pos is not None
    content[packet.pos + 20 : packet.pos + packet.size] = b"\xff" * (packet.size - 20)
    path.write_bytes(content)
    return path


def test_key_frames_of_a_damaged_video_are_hashed_whatever_else_is_asked(
    damaged_between: Path, recorders: SimpleNamespace
) -> None:
    """What such a format needs is all there; the others say where the video breaks off."""
    keys, every = recorders.video("keys", KeyFrames()), recorders.video("every")
    alone = hash_with(damaged_between, [keys])
    assert [part.index for part in alone.hashes[0].parts] == [0, 1, 2, 3]
    for company in ([every, keys], [keys, recorders.video("second", EveryKth(1)), every]):
        together = hash_with(damaged_between, company)
        assert together.hashes == alone.hashes
        others = [f.spec.id for f in company if f is not keys]
        assert failures(together) == [(name, FailureCode.TRUNCATED) for name in others]


def test_a_damaged_key_frame_is_a_failure_of_all_whatever_is_asked(
    clip: Path, tmp_path: Path, recorders: SimpleNamespace
) -> None:
    damaged = tmp_path / "damaged"
    content = bytearray(clip.read_bytes())
    with av.open(str(clip)) as opened:
        packet = next(p for p in opened.demux() if p.is_keyframe and (p.pts or 0) > 0)
    assert packet.pos is not None
    content[packet.pos + 10 : packet.pos + packet.size] = b"\xff" * (packet.size - 10)
    damaged.write_bytes(content)
    keys, every = recorders.video("keys", KeyFrames()), recorders.video("every")
    for formats in ([keys], [every], [every, keys]):
        result = hash_with(damaged, formats)
        assert result.hashes == ()
        assert failures(result) == [(ALL_FORMATS, FailureCode.TRUNCATED)]


def test_how_far_a_video_got_is_said_of_all_its_frames(
    clip: Path, tmp_path: Path, recorders: SimpleNamespace
) -> None:
    """And not of the key frames, which are decoded once more to see whether they are all there."""
    cut = tmp_path / "cut"
    cut.write_bytes(clip.read_bytes()[: clip.stat().st_size * 6 // 10])
    formats = [recorders.video("every"), recorders.video("keys", KeyFrames())]
    (alone,), (together,) = (hash_with(cut, some).failures for some in (formats[:1], formats))
    assert together == alone


# Failures of files


def test_a_file_cut_off_keeps_its_digests_and_loses_the_rest(
    picture: Path, clip: Path, tmp_path: Path, recorders: SimpleNamespace
) -> None:
    formats = [recorders.file(), recorders.picture(), recorders.video("a"), recorders.video("b")]
    for path in (picture, clip):
        cut = tmp_path / "cut"
        cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        result = hash_with(cut, formats)
        assert hashed(result) == ["read"]
        assert failures(result) == [(ALL_FORMATS, FailureCode.TRUNCATED)]
        assert result.media is not None
        assert result.media.width == 160
        assert result.failures[0].sha256 == result.media.sha256


def test_an_empty_file_is_unreadable(tmp_path: Path, recorders: SimpleNamespace) -> None:
    (tmp_path / "empty").touch()
    result = hash_with(tmp_path / "empty", [recorders.file(), recorders.picture()])
    assert (result.media, result.hashes) == (None, ())
    [failure] = result.failures
    assert (failure.format, failure.code) == (ALL_FORMATS, FailureCode.UNREADABLE)
    assert failure.message == "the file is empty (0 bytes)"
    assert (failure.size, failure.sha256) == (0, None)
    assert failure.mtime_ns == (tmp_path / "empty").stat().st_mtime_ns


def test_what_is_missing_or_no_file_is_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path, Path("/dev/null"), tmp_path / ("x" * 300)):
        result = hash_file(path, ["md5"])
        assert (result.media, result.hashes) == (None, ())
        assert failures(result) == [(ALL_FORMATS, FailureCode.UNREADABLE)]


def test_other_content_has_digests_and_no_picture(
    tmp_path: Path, recorders: SimpleNamespace
) -> None:
    path = tmp_path / "picture.jpg"
    path.write_text("Not a picture at all. " * 100)
    result = hash_with(path, [recorders.file(), recorders.picture()])
    assert hashed(result) == ["read"]
    assert failures(result) == [(ALL_FORMATS, FailureCode.UNSUPPORTED)]
    assert result.media is not None
    assert (result.media.type, result.media.width, result.media.decoder) == ("other", None, None)
    assert hash_with(path, [recorders.file()]).failures == ()


def test_a_damaged_file_fails_only_for_formats_that_apply(
    picture: Path, recorders: SimpleNamespace
) -> None:
    """A broken picture is no loss for those who asked for videos."""
    picture.write_bytes(picture.read_bytes()[:40])
    result = hash_with(picture, [recorders.video()])
    assert result.failures == ()
    assert result.media is not None
    assert (result.media.type, result.media.container) == ("picture", "jpeg")


def test_limits_are_kept(picture: Path, clip: Path) -> None:
    for path, ids in ((picture, ["phash"]), (clip, ["vpdq"])):
        result = hash_file(path, ids, limits=Limits(max_pixels=15359))
        assert failures(result) == [(ALL_FORMATS, FailureCode.TOO_LARGE)]
        assert "15360 pixels, over the limit of 15359" in result.failures[0].message
    result = hash_file(clip, ["vpdq"], limits=Limits(max_frames=39))
    assert failures(result) == [(ALL_FORMATS, FailureCode.TOO_LARGE)]
    assert hash_file(clip, ["vpdq"], limits=Limits(max_frames=40)).failures == ()


# Arguments


def test_a_format_that_is_unknown_is_an_error_before_the_file_is_touched() -> None:
    with pytest.raises(UnknownFormatError, match="phash"):
        hash_file("/nowhere", ["phas"])


def test_an_id_in_place_of_several_is_an_error_before_the_file_is_touched() -> None:
    with pytest.raises(UsageError, match="list of ids"):
        hash_file("/nowhere", "pdq")


def test_a_format_that_cannot_be_computed_is_an_error_before_the_file_is_touched() -> None:
    with pytest.raises(NotComputableError, match="opaque hashes can be carried and compared"):
        hash_with("/nowhere", [Opaque()])


def test_a_relative_path_gives_an_absolute_uri(
    picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(picture.parent)
    media = hash_file("picture.jpg", []).media
    assert media is not None
    assert media.uri == picture.as_uri()


def test_a_given_uri_stands(picture: Path) -> None:
    media = hash_file(picture, [], uri="https://example.org/1").media
    assert media is not None
    assert media.uri == "https://example.org/1"
    [failure] = hash_file("/nowhere", [], uri="https://example.org/2").failures
    assert failure.uri == "https://example.org/2"


def test_a_name_that_is_not_utf8_has_a_uri(picture: Path) -> None:
    odd = picture.rename(picture.parent / os.fsdecode(b"caf\xe9 100%.jpg"))
    media = hash_file(odd, []).media
    assert media is not None
    assert media.uri.endswith("/caf%E9%20100%25.jpg")


def test_a_link_keeps_its_own_name(picture: Path) -> None:
    link = picture.parent / "link"
    link.symlink_to(picture)
    assert file_uri(link).endswith("/link")
