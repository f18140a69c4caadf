"""A re-hash computes what is missing, and nothing else."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hashwalk.crosswalk import Crosswalk
from hashwalk.errors import (
    FailureCode,
    UnknownFormatError,
    UsageError,
)
from hashwalk.job import Progress, rehash
from hashwalk.results import Failure

pytestmark = pytest.mark.usefixtures("test_formats")
Paint = Callable[..., Path]
RowsOf = Callable[[Path], dict[str, list[Any]]]

FORMATS = ["sha256", "test-mean"]


@pytest.fixture
def media(tmp_path: Path, paint: Paint) -> Path:
    """A folder with three pictures."""
    for number in range(3):
        paint(tmp_path / "media" / f"{number}.png", number)
    return tmp_path / "media"


def test_every_file_gets_every_format(media: Path, walk: Path) -> None:
    summary = rehash([media], walk, formats=FORMATS, workers=2)
    held = Crosswalk.open(walk)
    assert (summary.files, summary.hashed, summary.hashes) == (3, 3, 6)
    assert [item.uri for item in held.media()] == [p.as_uri() for p in sorted(media.iterdir())]
    assert Counter(f for _, f in held.hashed()) == {"sha256": 3, "test-mean": 3}
    assert not summary.has_failures
    assert not summary.interrupted
    assert summary.bytes == sum(path.stat().st_size for path in media.iterdir())


def test_the_same_call_again_does_nothing(media: Path, walk: Path, rows_of: RowsOf) -> None:
    rehash([media], walk, formats=FORMATS, workers=1)
    before, parts = rows_of(walk), sorted(walk.rglob("*.parquet"))
    summary = rehash([media], walk, formats=FORMATS, workers=1)
    assert (summary.files, summary.done, summary.hashed, summary.hashes) == (3, 3, 0, 0)
    assert rows_of(walk) == before
    assert sorted(walk.rglob("*.parquet")) == parts


def test_a_new_file_is_hashed_alone(media: Path, walk: Path, paint: Paint) -> None:
    rehash([media], walk, formats=FORMATS, workers=1)
    paint(media / "deep" / "new.png", 9)
    summary = rehash([media], walk, formats=FORMATS, workers=1)
    assert (summary.hashed, summary.done) == (1, 3)


def test_an_added_format_is_computed_alone(media: Path, walk: Path) -> None:
    rehash([media], walk, formats=FORMATS, workers=1)
    summary = rehash([media], walk, formats=[*FORMATS, "test-second"], workers=1)
    assert (summary.hashed, summary.hashes) == (3, 3)


def test_a_format_left_out_later_keeps_its_hashes(media: Path, walk: Path, rows_of: RowsOf) -> None:
    rehash([media], walk, formats=FORMATS, workers=1)
    before = rows_of(walk)
    rehash([media], walk, formats=["sha256"], workers=1)
    assert rows_of(walk) == before


def test_a_changed_file_is_hashed_again(media: Path, walk: Path, paint: Paint) -> None:
    rehash([media], walk, formats=FORMATS, workers=1)
    paint(media / "0.png", 77)
    summary = rehash([media], walk, formats=FORMATS, workers=1)
    assert (summary.hashed, summary.done) == (1, 2)
    assert len(list(Crosswalk.open(walk).media())) == 3


def test_a_touched_file_gets_a_new_row_without_hashing(media: Path, walk: Path) -> None:
    rehash([media], walk, formats=FORMATS, workers=1)
    os.utime(media / "0.png", ns=(5, 5))
    summary = rehash([media], walk, formats=FORMATS, workers=1)
    assert (summary.hashed, summary.hashes, summary.done) == (0, 0, 3)
    assert next(m.mtime_ns for m in Crosswalk.open(walk).media()) == 5
    assert rehash([media], walk, formats=FORMATS, workers=1).done == 3


def test_the_same_bytes_are_hashed_once_and_keep_all_names(media: Path, walk: Path) -> None:
    for number in range(5):
        shutil.copy(media / "0.png", media / f"copy-{number}.png")
    summary = rehash([media], walk, formats=FORMATS, workers=2)
    held = Crosswalk.open(walk)
    assert (summary.files, summary.hashed, summary.duplicates) == (8, 3, 5)
    assert len(list(held.media())) == 8
    assert len(list(held.hashed())) == 6
    shutil.copy(media / "0.png", media / "later.png")
    later = rehash([media], walk, formats=FORMATS, workers=2)
    assert (later.hashed, later.duplicates, later.done) == (0, 1, 8)


def test_files_of_equal_size_with_other_bytes_are_all_hashed(tmp_path: Path, walk: Path) -> None:
    (tmp_path / "media").mkdir()
    for number in range(40):
        (tmp_path / "media" / f"{number:02}").write_bytes(bytes([number]) * 100)
    summary = rehash([tmp_path / "media"], walk, formats=["sha256"], workers=2)
    assert (summary.hashed, summary.duplicates) == (40, 0)


def test_a_file_named_twice_is_hashed_once(media: Path, walk: Path) -> None:
    summary = rehash([media, media / "0.png", media], walk, formats=FORMATS, workers=2)
    assert (summary.files, summary.hashed, summary.done) == (7, 3, 4)


def test_a_format_of_another_kind_is_neither_hash_nor_failure(
    media: Path, walk: Path, vectors_folder: Path
) -> None:
    shutil.copy(vectors_folder / "clips" / "halfsecond-h264-30fps.mp4", media)
    for _ in range(2):
        summary = rehash([media], walk, formats=FORMATS, workers=1)
        assert not summary.has_failures
    assert summary.done == 4


def test_the_cross_walk_inside_a_source_is_not_hashed(media: Path) -> None:
    for _ in range(2):
        summary = rehash([media], media / "walk", formats=FORMATS, workers=1)
        assert summary.files == 3


def test_a_failure_stands_until_it_is_retried(
    tmp_path: Path, walk: Path, paint: Paint, plugin: Path
) -> None:
    source = paint(tmp_path / "a.png", deed="refuse-until-fixed")
    formats = ["test-danger", "test-mean"]
    seen: list[Failure] = []
    first = rehash([source], walk, formats=formats, workers=1, on_failure=seen.append)
    assert (first.failed, first.hashed, first.hashes) == (1, 1, 1)
    assert [(f.format, f.code) for f in seen] == [("test-danger", FailureCode.UNSUPPORTED)]
    again = rehash([source], walk, formats=formats, workers=1, on_failure=seen.append)
    assert (again.failed, again.standing, again.hashed, len(seen)) == (0, 1, 0, 1)
    assert again.has_failures
    still = rehash([source], walk, formats=formats, workers=1, retry_failed=True)
    assert (still.failed, still.standing) == (1, 0)
    fixed = plugin / "test_job_formats.py.fixed"
    fixed.touch()
    try:
        last = rehash([source], walk, formats=formats, workers=1, retry_failed=True)
    finally:
        fixed.unlink()
    assert (last.hashes, last.has_failures) == (1, False)
    assert list(Crosswalk.open(walk).failures()) == []


def test_a_file_that_is_repaired_is_hashed(tmp_path: Path, walk: Path, paint: Paint) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(b"\x89PNG\r\n\x1a\n")
    first = rehash([source], walk, formats=FORMATS, workers=1)
    assert first.failed == 1
    paint(source)
    second = rehash([source], walk, formats=FORMATS, workers=1)
    assert (second.hashed, second.has_failures) == (1, False)
    assert list(Crosswalk.open(walk).failures()) == []


def test_duplicates_of_a_failed_file_fail_without_being_tried(
    tmp_path: Path, walk: Path, paint: Paint
) -> None:
    source = paint(tmp_path / "media" / "a.png", deed="refuse")
    shutil.copy(source, source.with_name("b.png"))
    for retry in (False, True):
        summary = rehash(
            [source.parent], walk, formats=["test-danger"], workers=1, retry_failed=retry
        )
        assert (summary.failed, summary.duplicates + summary.done) == (2, 0 if retry else 1)
        assert len(list(Crosswalk.open(walk).failures())) == 2


def test_what_cannot_be_read_is_a_failure(tmp_path: Path, walk: Path) -> None:
    names = tmp_path / "names"
    names.write_text(f"{tmp_path}/missing.png\n\n")
    with names.open("rb") as stream:
        summary = rehash(["-"], walk, formats=FORMATS, workers=1, stdin=stream)
    failures = list(Crosswalk.open(walk).failures())
    assert summary.failures[FailureCode.UNREADABLE] == 1
    assert [f.uri for f in failures] == [(tmp_path / "missing.png").as_uri()]


def test_text_among_the_media_is_told_and_digested(tmp_path: Path, walk: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    summary = rehash([tmp_path / "notes.txt"], walk, formats=FORMATS, workers=1)
    assert summary.failures == {FailureCode.UNSUPPORTED: 1}
    assert summary.hashes == 1
    assert rehash([tmp_path / "notes.txt"], walk, formats=FORMATS, workers=1).standing == 1


def test_a_name_that_is_not_utf8_is_kept(tmp_path: Path, walk: Path, paint: Paint) -> None:
    (tmp_path / "media").mkdir()
    path = os.fsencode(tmp_path / "media") + b"/caf\xe9.png"
    shutil.copy(paint(tmp_path / "a.png"), path)
    summary = rehash([tmp_path / "media"], walk, formats=FORMATS, workers=1)
    assert summary.hashed == 1
    assert [m.uri.rsplit("/", 1)[1] for m in Crosswalk.open(walk).media()] == ["caf%E9.png"]


def test_progress_ends_with_all_files_and_their_number(media: Path, walk: Path) -> None:
    moments: list[Progress] = []
    rehash([media], walk, formats=FORMATS, workers=1, on_progress=moments.append)
    assert (moments[-1].files, moments[-1].total) == (3, 3)
    assert [m.files for m in moments] == sorted(m.files for m in moments)


def test_any_pool_will_do(media: Path, walk: Path, paint: Paint) -> None:
    """A cluster can serve: a pool is whatever gives futures."""
    paint(media / "bad.png", deed="refuse")
    with ThreadPoolExecutor(2) as executor:
        summary = rehash([media], walk, formats=["test-danger"], pool=executor)
    assert (summary.hashed, summary.failed) == (4, 1)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"workers": 0}, UsageError),
        ({"timeout_s": 0}, UsageError),
        ({"timeout_s": float("nan")}, UsageError),
        ({"max_memory_mib": 0}, UsageError),
        ({"max_memory_mib": 63}, UsageError),
        ({"max_memory_mib": 10**30}, UsageError),
        ({"max_pixels": 0}, UsageError),
        ({"formats": ["test-men"]}, UnknownFormatError),
        ({"formats": []}, UsageError),
        ({"formats": "sha256"}, UsageError),
    ],
)
def test_nonsense_is_refused_before_anything_is_written(
    media: Path, walk: Path, options: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        rehash([media], walk, **options)
    assert not walk.exists()


@pytest.mark.parametrize("sources", ["ab", Path("ab")])
def test_a_path_in_place_of_several_is_refused(walk: Path, sources: Any) -> None:
    """A text is a list of letters, and of an absolute path the first one is all of the disk."""
    with pytest.raises(UsageError, match="list of paths"):
        rehash(sources, walk, formats=["sha256"])


@pytest.mark.parametrize("sources", [[], [""], ["-"]])
def test_sources_that_name_nothing_are_refused(walk: Path, sources: list[str]) -> None:
    with pytest.raises(UsageError):
        rehash(sources, walk, formats=["sha256"])
    assert not walk.exists()


def test_a_source_that_is_not_there_fails_and_the_others_are_hashed(
    media: Path, walk: Path
) -> None:
    summary = rehash([media / "missing", media], walk, formats=["sha256"])
    assert (summary.files, summary.hashed, summary.failed) == (4, 3, 1)
    (failure,) = Crosswalk.open(walk).failures()
    assert (failure.uri, failure.code) == ((media / "missing").as_uri(), FailureCode.UNREADABLE)


def test_the_scratch_ledger_leaves_nothing_behind(media: Path, walk: Path) -> None:
    rehash([media], walk, formats=FORMATS, workers=1)
    assert not [path for path in walk.iterdir() if "ledger" in path.name]
