"""A run's tables follow from media, suite and seed, whatever happens on the way."""

from __future__ import annotations

import stat
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hashwalk.crosswalk.lock import WriterLock
from hashwalk.errors import CrosswalkBusyError, UsageError
from hashwalk.hashing import hash_file
from hashwalk_bench.run.manifest import read_manifest
from hashwalk_bench.run.storage import read_table
from hashwalk_bench.run.tables import ORIGINAL, Table

if TYPE_CHECKING:
    from conftest import Benchmark

SAME = (Table.SOURCES, Table.ITEMS, Table.HASHES, Table.FAILURES)
PICTURES, VIDEOS = 6, 1
ITEMS = PICTURES * 6 + VIDEOS * 3


def rows(folder: Path, table: Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_table(folder, table).to_pylist()
    return found


def same_files(one: Path, other: Path) -> bool:
    return all((one / t.file).read_bytes() == (other / t.file).read_bytes() for t in SAME)


def test_every_source_has_an_original_and_all_variants(finished_run: Path) -> None:
    items = rows(finished_run, Table.ITEMS)
    assert [row["item"] for row in items] == list(range(ITEMS))
    counts = Counter(row["source"] for row in items)
    media = {row["source"]: row["medium"] for row in rows(finished_run, Table.SOURCES)}
    assert {counts[n] for n, medium in media.items() if medium == "picture"} == {6}
    assert {counts[n] for n, medium in media.items() if medium == "video"} == {3}
    assert [r["strength"] for r in items if r["source"] == 0 and r["transform"] != ORIGINAL]


def test_hashes_are_those_of_hash_file(finished_run: Path, tiny_media: Path) -> None:
    names = {row["source"]: row["path"] for row in rows(finished_run, Table.SOURCES)}
    hashes = rows(finished_run, Table.HASHES)
    for item in rows(finished_run, Table.ITEMS):
        if item["transform"] not in {ORIGINAL, "copy"}:
            continue
        path = tiny_media / names[item["source"]]
        expected = hash_file(path, ("sha256", "ahash", "vpdq"))
        ids = {"vpdq"} if expected.media and expected.media.type == "video" else {"sha256", "ahash"}
        assert {
            (row["format"], row["part"], row["value"], row["quality"], row["time_s"])
            for row in hashes
            if row["item"] == item["item"] and row["format"] != "test-narrow"
        } == {
            (made.format, number, part.value, part.quality, part.time_s)
            for made in expected.hashes
            if made.format in ids
            for number, part in enumerate(made.parts)
        }


def test_near_duplicate_sources_are_one_cluster_in_one_half(finished_run: Path) -> None:
    by_name = {row["path"]: row for row in rows(finished_run, Table.SOURCES)}
    assert by_name["0.png"]["cluster"] == by_name["again.jpg"]["cluster"]
    assert by_name["0.png"]["half"] == by_name["again.jpg"]["half"]
    assert len({row["cluster"] for row in by_name.values()}) == PICTURES + VIDEOS - 1


def test_only_the_formats_of_the_suite_have_rows(finished_run: Path) -> None:
    found = {row["format"] for row in rows(finished_run, Table.HASHES)}
    assert found == {"sha256", "ahash", "test-narrow", "vpdq"}


def test_one_worker_gives_the_same_files_as_two(
    benchmark: Benchmark, finished_run: Path, tmp_path: Path
) -> None:
    done = benchmark(tmp_path / "run", workers=1)
    assert (done.items, done.total, done.finished) == (ITEMS, ITEMS, True)
    assert same_files(tmp_path / "run", finished_run)


def test_a_crash_costs_the_variant_that_crashed_alone(finished_run: Path) -> None:
    """The crop of a fifth crashes its worker in one task with the other edits."""
    failed = rows(finished_run, Table.FAILURES)
    assert [(row["format"], row["code"]) for row in failed] == [("*", "crashed")]
    item = rows(finished_run, Table.ITEMS)[failed[0]["item"]]
    assert (item["transform"], item["sha256"]) == ("crop(share=0.2)", None)
    hashed = {row["item"] for row in rows(finished_run, Table.HASHES)}
    assert hashed == set(range(ITEMS)) - {item["item"]}


def test_files_are_for_their_owner_alone_and_nothing_else_is_left(finished_run: Path) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in finished_run.iterdir()}
    assert set(modes.values()) == {0o600}
    assert modes.keys() == {".lock", "run.json", *(table.file for table in Table)}


def test_costs_have_decoding_and_every_format(finished_run: Path) -> None:
    costs = rows(finished_run, Table.COSTS)
    assert {row["format"] for row in costs} == {"decode", "sha256", "ahash", "test-narrow", "vpdq"}
    assert all(row["seconds"] >= 0 for row in costs)


def test_the_manifest_says_what_was_done(finished_run: Path) -> None:
    manifest = read_manifest(finished_run)
    assert manifest.is_finished
    assert manifest.seed == 5
    assert manifest.suite.name == "tiny"
    assert "transform = " in manifest.suite.text
    assert (manifest.corpus.pictures, manifest.corpus.videos) == (PICTURES, VIDEOS)
    assert manifest.corpus.left_out == 1
    assert set(manifest.formats) == {"sha256", "ahash", "test-narrow", "vpdq"}


def test_a_finished_run_is_left_as_it_is(benchmark: Benchmark, finished_run: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in finished_run.glob("*.parquet")}
    assert benchmark(finished_run).finished
    assert {path: path.stat().st_mtime_ns for path in finished_run.glob("*.parquet")} == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"seed": 6}, "another seed"),
        ({"formats": ("ahash",)}, "other formats"),
        ({"max_pixels": 10_000}, "other limits"),
    ],
)
def test_another_run_is_refused_in_the_same_folder(
    benchmark: Benchmark, finished_run: Path, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=f"holds a run with {said}: name a new folder"):
        benchmark(finished_run, **asked)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"workers": 0}, "0 workers cannot work"),
        ({"timeout_s": 0.0}, "leaves no time"),
        ({"memory_mib": 1}, "memory limit of 64 MiB or more"),
        ({"max_pixels": 0}, "leaves no picture"),
        ({"seed": -1}, "whole number from 0"),
        ({"suite": "quik"}, "did you mean quick"),
        ({"media": Path("nowhere")}, "nowhere is not a folder"),
        ({"kept": Path(__file__)}, "is a file: name a folder for the variants"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_made(
    benchmark: Benchmark, tmp_path: Path, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        benchmark(tmp_path / "run", **asked)
    assert not (tmp_path / "run").exists()


def test_nothing_is_written_among_the_media(
    benchmark: Benchmark, tiny_media: Path, tmp_path: Path
) -> None:
    """A run that goes on would take its own variants for sources."""
    inside, run = tiny_media / "inside", tmp_path / "run"
    for asked in ({"folder": inside}, {"folder": run, "kept": inside}):
        with pytest.raises(UsageError, match="is among the media: name a folder elsewhere"):
            benchmark(**asked)


def test_formats_of_other_media_than_there_are_have_nothing_to_do(
    benchmark: Benchmark, tiny_media: Path, tmp_path: Path
) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    (clips / "clip.avi").write_bytes((tiny_media / "clip.avi").read_bytes())
    with pytest.raises(UsageError, match="is for pictures, but there are videos alone"):
        benchmark(tmp_path / "run", media=clips, formats=("ahash",))


def test_files_and_formats_without_a_part_in_the_run_are_told(
    benchmark: Benchmark, tiny_media: Path, tmp_path: Path
) -> None:
    """The clip breaks off; the format of the digests hashes any file."""
    media = tmp_path / "media"
    media.mkdir()
    (media / "one.png").write_bytes((tiny_media / "1.png").read_bytes())
    (media / "clip.avi").write_bytes((tiny_media / "clip.avi").read_bytes()[:3000])
    news: list[str] = []
    left_out: list[str] = []
    formats = ("vpdq", "ahash", "sha256", "videohash")
    asked = {"media": media, "formats": formats, "news": news, "left_out": left_out}
    benchmark(tmp_path / "run", **asked)
    assert [line.rpartition(": ")[0] for line in left_out[1:]] == [
        "left out, as there are pictures alone"
    ]
    assert left_out[0].startswith("left out: clip.avi: ")
    assert left_out[1].endswith(": vpdq, videohash")
    assert news[0] == "1 picture and 0 videos"


def test_a_folder_of_something_else_is_not_written_to(benchmark: Benchmark, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something else than a run"):
        benchmark(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_two_processes_cannot_work_at_one_run(benchmark: Benchmark, tmp_path: Path) -> None:
    lock = WriterLock(tmp_path)
    with pytest.raises(CrosswalkBusyError):
        benchmark(tmp_path)
    lock.release()


def test_variants_are_kept_where_they_are_asked_for(benchmark: Benchmark, tmp_path: Path) -> None:
    benchmark(tmp_path / "run", formats=("ahash", "sha256"), kept=tmp_path / "kept")
    kept = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert len(kept) == PICTURES * 5 + VIDEOS * 2
    made = {row["sha256"] for row in rows(tmp_path / "run", Table.ITEMS)}
    digests = {hash_file(path, ()).media.sha256 for path in kept}  # type: ignore[union-attr]
    assert digests <= made
