"""What is read of a corpus: every picture and video, by content, and why a file is left out."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from hashwalk.errors import UsageError
from hashwalk_bench.corpus import Corpus, LeftOut, read_corpus
from hashwalk_bench.scenes import scene
from hashwalk_bench.transforms import Medium


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, one of them in a folder of the corpus."""
    (tmp_path / "a").mkdir()
    scene(1, 64, 48).save(tmp_path / "a" / "one.png")
    scene(2, 48, 64).save(tmp_path / "two.jpg")
    return tmp_path


def names(corpus: Corpus) -> set[str]:
    return {source.name for source in corpus.sources}


def test_a_source_has_its_facts(folder: Path) -> None:
    one = next(s for s in read_corpus(folder).sources if s.name == "a/one.png")
    data = (folder / "a" / "one.png").read_bytes()
    assert one.path == folder / "a" / "one.png"
    assert one.sha256 == hashlib.sha256(data).hexdigest()
    assert (one.medium, one.bytes, one.width, one.height) == (Medium.PICTURE, len(data), 64, 48)
    assert (one.duration_s, one.licence, one.group) == (None, None, "a")


def test_a_video_has_a_duration(corpus: Corpus) -> None:
    clips = [s for s in corpus.sources if s.medium is Medium.VIDEO]
    assert len(clips) == 3
    assert all(clip.duration_s for clip in clips)


def test_numbers_follow_the_contents_and_not_the_names(folder: Path) -> None:
    before = {s.sha256: s.number for s in read_corpus(folder).sources}
    (folder / "a" / "one.png").rename(folder / "zzz.bin")
    after = read_corpus(folder).sources
    assert {s.sha256: s.number for s in after} == before
    assert [s.number for s in after] == [0, 1]
    assert [s.sha256 for s in after] == sorted(before)


def test_equal_bytes_are_one_source(folder: Path) -> None:
    shutil.copy(folder / "two.jpg", folder / "zz-copy.jpg")
    found = read_corpus(folder)
    assert names(found) == {"a/one.png", "two.jpg"}
    assert found.left_out == (LeftOut("zz-copy.jpg", "has the same bytes as two.jpg"),)


def test_what_is_no_media_or_broken_is_left_out_with_the_reason(folder: Path, made: Path) -> None:
    (folder / "notes.txt").write_text("no picture")
    (folder / "empty.jpg").write_bytes(b"")
    whole = (folder / "two.jpg").read_bytes()
    (folder / "half.jpg").write_bytes(whole[: len(whole) // 2])
    clip = next((made / "clips").iterdir()).read_bytes()
    (folder / "half.mp4").write_bytes(clip[: len(clip) // 2])
    (folder / "nowhere.jpg").symlink_to(folder / "gone.jpg")
    found = read_corpus(folder)
    assert names(found) == {"a/one.png", "two.jpg"}
    reasons = {left.name: left.reason for left in found.left_out}
    assert reasons.keys() == {"notes.txt", "empty.jpg", "half.jpg", "half.mp4", "nowhere.jpg"}
    assert "breaks off" in reasons["half.jpg"]
    assert "neither a picture nor a video" in reasons["notes.txt"]


def test_the_manifest_gives_licence_and_group(folder: Path) -> None:
    (folder / "manifest.csv").write_text(
        "path,colour,licence,source\na/one.png,red,MIT,\ntwo.jpg,blue,,nature\nno.jpg,,X,Y\n"
    )
    found = read_corpus(folder)
    told = {s.name: (s.licence, s.group) for s in found.sources}
    assert told == {"a/one.png": ("MIT", "a"), "two.jpg": (None, "nature")}
    assert not found.synthetic
    assert not found.left_out


def test_a_manifest_may_be_elsewhere(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    manifest = tmp_path_factory.mktemp("elsewhere") / "list.csv"
    manifest.write_text("path,group\n./a/one.png,nature\n")
    found = read_corpus(folder, manifest)
    assert {s.name: s.group for s in found.sources} == {"a/one.png": "nature", "two.jpg": None}


def test_a_corpus_is_synthetic_only_if_all_of_it_is(folder: Path) -> None:
    (folder / "manifest.csv").write_text("path,licence\na/one.png,generated\n")
    assert not read_corpus(folder).synthetic
    (folder / "two.jpg").unlink()
    assert read_corpus(folder).synthetic


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "has no column path"),
        ("file,licence\n", "has no column path"),
        ("path,licence\na.jpg\n", "line 2: it has not as many cells as the header"),
        ("path,licence\na.jpg,MIT,x\n", "line 2: it has not as many cells as the header"),
        ("path,licence\na.jpg,MIT\n,MIT\n", "line 3: it has no path"),
        ("path\na.jpg\n./a.jpg\n", "line 3: its path was there before"),
        ('path,licence\n"a.jpg"x,MIT\n', "line 2: "),
    ],
)
def test_a_malformed_manifest_is_refused_in_one_line(folder: Path, text: str, reason: str) -> None:
    (folder / "manifest.csv").write_text(text)
    with pytest.raises(UsageError) as caught:
        read_corpus(folder)
    assert reason in str(caught.value)
    assert str(folder / "manifest.csv") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_manifest_that_cannot_be_read_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_corpus(folder, folder / "gone.csv")
    (folder / "manifest.csv").write_bytes(b"path\n\xff.jpg\n")
    with pytest.raises(UsageError, match="is not UTF-8"):
        read_corpus(folder)


def test_a_folder_without_a_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no picture and no video"):
        read_corpus(tmp_path)
    with pytest.raises(UsageError, match="is not a folder"):
        read_corpus(tmp_path / "gone")
