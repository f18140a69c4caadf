"""The speed report: every row is there, and says whether its target is reached."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hashwalk_bench import speed


@pytest.fixture
def few(samples: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "few media"
    folder.mkdir()
    for name in ("dunes.webp", "meadow-half.jpg", "meadow-broken.jpg", "drift-small.webm"):
        shutil.copy(samples / name, folder)
    return folder


def test_pictures_and_clips_are_measured_and_broken_files_left_out(
    few: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speed.main([str(few), "--rounds", "1", "--only", "pictures", "clips"])
    printed = capsys.readouterr().out
    assert "\n2 pictures, " in printed
    assert "\n1 clips, " in printed
    for target in ("<= 2.5 ", "<= 1.25 ", ">= 5 ", "<= 1.3 "):
        assert printed.count(target) == 1
    assert max(map(len, printed.splitlines())) <= 80


def test_each_video_format_is_measured_alone_and_with_the_others(
    few: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speed.main([str(few), "--rounds", "1", "--only", "video-formats"])
    printed = capsys.readouterr().out
    assert "\n1 clips, " in printed
    assert printed.count("<= 1.8 ") == 1
    for name in ("vpdq", "framewise:phash@1", "keyframes:pdq", "videohash", "tmk-pdqf"):
        assert printed.count(f"decode + {name} alone ") == 1
    assert max(map(len, printed.splitlines())) <= 80


def test_workers_and_memory_are_measured(
    few: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "FEW_FILES", 100)
    options = ["--rounds", "1", "--job-files", "4", "--memory-files", "1200"]
    speed.main([str(few), "--only", "workers", "memory", *options])
    printed = capsys.readouterr().out
    assert "a job over 4 pictures" in printed
    assert printed.count(">= 1.6 ") == 1
    assert printed.count("<= 1.2 ") == 1
    assert "\n  100 files " in printed
    assert "\n  1,200 files " in printed
    assert "--memory-files 100000 compares those" in printed


def test_a_folder_without_media_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="holds no picture and no clip"):
        speed.main([str(tmp_path), "--only", "pictures"])
