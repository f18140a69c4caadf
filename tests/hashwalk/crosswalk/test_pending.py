"""What waits to be written is counted in rows and in bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hashwalk.crosswalk.writer import CrosswalkWriter
from hashwalk.format import Hash, Part
from hashwalk.job import loop
from hashwalk.job.run import rehash
from hashwalk.registry import get_format


def test_values_are_counted_by_their_bytes(tmp_path: Path) -> None:
    """What replaces another value takes its place in the count, and a flush empties it."""
    with CrosswalkWriter.open(tmp_path / "walk", formats=[get_format("phash")]) as writer:
        writer.add_hash("a" * 64, Hash("phash", (Part(bytes(8)), Part(bytes(8)))))
        writer.add_hash("b" * 64, Hash("phash", (Part(bytes(8)),)))
        assert (writer.pending_rows, writer.pending_bytes) == (3, 24)
        writer.add_hash("a" * 64, Hash("phash", (Part(bytes(8)),)))
        assert (writer.pending_rows, writer.pending_bytes) == (2, 16)
        writer.flush()
        assert (writer.pending_rows, writer.pending_bytes) == (0, 0)


def test_a_job_commits_when_much_is_pending(
    tmp_path: Path, vectors_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch holds few large vectors, however quickly they come."""
    monkeypatch.setattr(loop, "_FLUSH_BYTES", 1)
    monkeypatch.setattr(loop, "_FLUSH_S_AT_LEAST", 1e9)
    clips = [
        vectors_folder / "clips" / name
        for name in ("halfsecond-h264-30fps.mp4", "flat-h264-25fps.mp4", "life-mpeg4-15fps.avi")
    ]
    rehash(clips, tmp_path / "walk", formats=["tmk-pdqf"], workers=1)
    assert len(list((tmp_path / "walk/hashes").iterdir())) == 3
