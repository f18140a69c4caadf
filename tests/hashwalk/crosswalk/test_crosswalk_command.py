"""``hashwalk crosswalk``: what it prints, and its exit codes."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from hashwalk.cli.crosswalk_view import abbreviated, first_media, name_of, shortened
from hashwalk.crosswalk import Crosswalk, CrosswalkWriter, FormatEntry, Manifest
from hashwalk.format import Hash, Part
from hashwalk.results import HashedFile

DIGEST = bytes(range(32))


@pytest.fixture
def walk(write_crosswalk: Any, make_media: Any, make_failure: Any) -> Path:
    """Two pictures that look alike and a clip that is broken, under long names."""
    deep = "a-long-folder-name/" * 6
    clip = make_media(f"{deep}clip.mp4", kind="video")
    root: Path = write_crosswalk(
        [
            HashedFile(
                media=make_media(f"{deep}{name}.jpg"),
                hashes=(Hash.of("phash", DIGEST[:8]), Hash.of("sha256", DIGEST)),
            )
            for name in ("one", "two")
        ],
        [HashedFile(media=clip, failures=(make_failure(clip),))],
    )
    return root


def test_show_abbreviates_values_and_fits_the_terminal(run_hashwalk: Any, walk: Path) -> None:
    done = run_hashwalk("crosswalk", "show", walk, "--limit", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.replace(str(walk), "").splitlines())) <= 80
    assert "0001…0607" in done.stdout
    assert DIGEST[:8].hex() not in done.stdout
    assert "… and 1 more file;" in done.stdout


def test_show_as_json_has_the_manifest_and_the_files(run_hashwalk: Any, walk: Path) -> None:
    shown = json.loads(run_hashwalk("crosswalk", "show", walk, "--json", "-f", "phash").stdout)
    assert (shown["schema"], shown["files"]) == (1, 3)
    assert [m["hashes"] for m in shown["media"]] == [{}, *[{"phash": "0001…0607"}] * 2]


def test_show_as_json_has_whole_digests_of_files_alone_as_its_help_says(
    run_hashwalk: Any, walk: Path
) -> None:
    *_, item = json.loads(run_hashwalk("crosswalk", "show", walk, "--json").stdout)["media"]
    assert (len(item["sha256"]), len(item["md5"])) == (64, 32)
    assert {len(value) for value in item["hashes"].values()} == {9}
    said = " ".join(run_hashwalk("crosswalk", "show", "--help").stdout.split())
    assert "the SHA-256 and MD5 that identify a file are whole" in said


def test_show_reads_the_hashes_of_all_files_at_once(
    walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query a file would take seconds for a hundred files."""
    queries = []
    query = Crosswalk._hashes

    def observed(*arguments: Any, **options: Any) -> Any:
        queries.append(arguments)
        return query(*arguments, **options)

    monkeypatch.setattr(Crosswalk, "_hashes", observed)
    shown = first_media(Crosswalk.open(walk), 3, ["phash"])
    assert len(queries) == 1
    assert [item.values for item in shown] == [{}, *[{"phash": "0001…0607"}] * 2]


def test_coverage_of_nothing_has_no_pairs(run_hashwalk: Any, write_crosswalk: Any) -> None:
    lines = run_hashwalk("crosswalk", "coverage", write_crosswalk()).stdout.splitlines()
    assert "media  0 (none)" in lines
    assert not [line for line in lines if "both formats" in line]


def test_show_says_which_formats_there_are(run_hashwalk: Any, walk: Path) -> None:
    done = run_hashwalk("crosswalk", "show", walk, "-f", "pdq")
    assert done.returncode == 2
    assert "has no 'pdq'; it has gone, phash, sha256, vpdq" in done.stderr


def test_coverage_prints_counts_pairs_and_failures(run_hashwalk: Any, walk: Path) -> None:
    lines = run_hashwalk("crosswalk", "coverage", walk).stdout.splitlines()
    assert "media  3 (2 picture, 1 video)" in lines
    assert [line.split() for line in lines if " phash " in line] == [
        ["2", "phash", "2", "2", "1", "1", "2"]
    ]
    assert [line.split() for line in lines if line.startswith("*")] == [["*", "truncated", "1"]]


def test_coverage_has_no_pairs_of_formats_that_no_media_has(run_hashwalk: Any, walk: Path) -> None:
    """A folder of pictures alone would print a wall of noughts for the formats of videos."""
    lines = run_hashwalk("crosswalk", "coverage", walk).stdout.splitlines()
    start = lines.index("Media that have both formats, by the numbers above:") + 2
    assert [line.split() for line in lines[start : start + 4]] == [
        ["2", "3"],
        ["2", "2"],
        ["3", "2", "2"],
        [],
    ]


def test_coverage_of_many_formats_fits_the_terminal(
    run_hashwalk: Any, make_media: Any, tmp_path: Path
) -> None:
    entry = FormatEntry(version=1, kind="picture", shape="whole", bits=8)
    entries = {f"format-{number:02}": entry for number in range(40)}
    with CrosswalkWriter.create(
        tmp_path / "walk", Manifest.new().with_formats(entries, "x")
    ) as writer:
        values = tuple(Hash.of(format_id, b"x") for format_id in entries)
        for number in range(100):
            writer.add(HashedFile(media=make_media(str(number)), hashes=values))
    lines = run_hashwalk("crosswalk", "coverage", tmp_path / "walk").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    table = lines[lines.index("Media that have both formats, by the numbers above:") + 1 :]
    assert sum(line.split().count("100") for line in table) == 40 * 41 // 2


def test_coverage_as_json(run_hashwalk: Any, walk: Path) -> None:
    coverage = json.loads(run_hashwalk("crosswalk", "coverage", walk, "--json").stdout)
    assert coverage["media"] == {"picture": 2, "video": 1}
    assert [f["format"] for f in coverage["formats"]] == ["gone", "phash", "sha256", "vpdq"]


def test_export_takes_the_kind_from_the_name(run_hashwalk: Any, walk: Path, tmp_path: Path) -> None:
    done = run_hashwalk("crosswalk", "export", walk, "-o", tmp_path / "t.JSONL")
    assert done.returncode == 0
    assert len((tmp_path / "t.JSONL").read_text().splitlines()) == 3
    assert run_hashwalk("crosswalk", "export", walk, "-o", tmp_path / "t.xls").returncode == 2


def test_merge_reports_conflicts_without_values(
    run_hashwalk: Any, walk: Path, write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    media = make_media("a-long-folder-name/" * 6 + "one.jpg")
    other = write_crosswalk(
        [HashedFile(media=media, hashes=(Hash.of("phash", bytes(8)),))], name="other"
    )
    arguments = ["crosswalk", "merge", tmp_path / "out", walk, other, "--report", tmp_path / "r"]
    done = run_hashwalk(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert "1 different hashes of the same bytes (phash)" in done.stderr
    (conflict,) = map(json.loads, (tmp_path / "r").read_text().splitlines())
    assert conflict == {"sha256": media.sha256, "format": "phash", "members": ["walk", "other"]}
    assert stat.S_IMODE((tmp_path / "r").stat().st_mode) == 0o600
    done = run_hashwalk(*arguments, "--on-conflict", "first", "--json")
    assert json.loads(done.stdout)["conflicts"] == 1


def test_merge_tells_what_it_wrote_in_a_line(run_hashwalk: Any, walk: Path, tmp_path: Path) -> None:
    done = run_hashwalk("crosswalk", "merge", tmp_path / "out", walk)
    assert done.stdout == "3 files, 3 media, 4 hashes, 1 failure, 0 renamed, 0 conflicts\n"


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ("nosuch/r.jsonl", (1, "its folder is not there or not writable")),
        ("walk/crosswalk.json", (2, "is inside the cross-walk")),
        ("out", (2, "cannot be in")),
        ("made", (2, "not a regular file")),
        ("made/r.jsonl", (2, "cannot be in")),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_merging(
    report: str, reason: tuple[int, str], run_hashwalk: Any, walk: Path, tmp_path: Path
) -> None:
    out = tmp_path / ("made" if report.startswith("made") else "out")
    if out.name == "made":
        out.mkdir()
    done = run_hashwalk("crosswalk", "merge", out, walk, "--report", tmp_path / report)
    code, said = reason
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert said in done.stderr
    assert not out.exists() or not any(out.iterdir())


def test_verify_exits_with_3_when_there_are_problems(run_hashwalk: Any, walk: Path) -> None:
    assert run_hashwalk("crosswalk", "verify", walk).returncode == 0
    (walk / "hashes" / "000000000001.parquet").write_bytes(b"")
    done = run_hashwalk("crosswalk", "verify", walk, "--sample", "1")
    assert done.returncode == 3
    assert "hashes/000000000001.parquet: cannot be read" in done.stdout
    assert "0 files re-hashed, 1 gone or changed" in done.stdout
    report = json.loads(run_hashwalk("crosswalk", "verify", walk, "--json").stdout)
    assert len(report["problems"]) == 1


def test_compact_says_what_it_did(run_hashwalk: Any, walk: Path) -> None:
    done = run_hashwalk("crosswalk", "compact", walk)
    assert (done.returncode, done.stdout, done.stderr) == (0, "4 parts became 3\n", "")


def test_what_is_not_there_is_one_line_and_exit_code_1(run_hashwalk: Any, tmp_path: Path) -> None:
    done = run_hashwalk("crosswalk", "show", tmp_path / "nowhere")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize("part", ["crosswalk.json", "hashes/000000000001.parquet"])
def test_damage_is_one_line_and_exit_code_1(run_hashwalk: Any, walk: Path, part: str) -> None:
    (walk / part).write_bytes(b"")
    done = run_hashwalk("crosswalk", "show", walk)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize("number", ["9" * 22, str(2**63)])
def test_a_number_larger_than_all_files_means_all(
    run_hashwalk: Any, walk: Path, number: str
) -> None:
    shown = run_hashwalk("crosswalk", "show", walk, "--limit", number, "--json")
    assert (shown.returncode, len(json.loads(shown.stdout)["media"])) == (0, 3)
    assert run_hashwalk("crosswalk", "verify", walk, "--sample", number).returncode == 0


@pytest.mark.parametrize("number", ["-1", "9" * 5000])
def test_what_is_no_number_of_files_is_one_line(run_hashwalk: Any, walk: Path, number: str) -> None:
    done = run_hashwalk("crosswalk", "show", walk, "--limit", number)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "--limit" in done.stderr


def test_show_keeps_the_row_of_a_format_that_was_asked_for(run_hashwalk: Any, walk: Path) -> None:
    arguments = ("crosswalk", "show", walk, "--limit", "1")
    rows = run_hashwalk(*arguments, "-f", "phash").stdout.splitlines()
    assert ["phash", "-"] in [row.split() for row in rows]
    assert "phash" not in run_hashwalk(*arguments).stdout


@pytest.mark.parametrize("size", [1, 6, 8, 32])
@pytest.mark.parametrize("count", [1, 3])
def test_no_value_is_shown_whole(size: int, count: int) -> None:
    value = Hash("x", (Part(bytes(range(1, size + 1))),) * count)
    shown = abbreviated(value)
    assert len(shown) <= 9
    assert size == 1 or value.parts[0].value.hex() not in shown


def test_names_are_shown_as_paths_shortened_in_the_middle() -> None:
    assert name_of("file:///m%C3%A4h/a%20b.jpg#member") == "/mäh/a b.jpg#member"
    assert name_of(Path("here.jpg").absolute().as_uri()) == "here.jpg"
    assert name_of("s3://bucket/key") == "s3://bucket/key"
    assert shortened("0123456789", 5) == "01…89"
    assert shortened("0123456789", 10) == "0123456789"
