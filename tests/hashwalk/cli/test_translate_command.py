"""``hashwalk translate``: a list, a cross-walk, and what came of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from hashwalk import Crosswalk, Record, get_format, hash_file, write_list
from hashwalk.hashlists import Status

if TYPE_CHECKING:
    from conftest import Run

ABSENT = "0f" * 32


@pytest.fixture(scope="session")
def walk(samples: Path, tmp_path_factory: pytest.TempPathFactory, run_hashwalk: Run) -> Path:
    """A cross-walk of pictures in pdq, phash and md5."""
    folder = tmp_path_factory.mktemp("translate") / "walk"
    run_hashwalk("rehash", samples / "meadow.jpg", samples / "dunes.png", "-o", folder,
                 "-f", "pdq,phash,md5", "--workers", "1", "--quiet")  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def twice(
    walk: Path, samples: Path, tmp_path_factory: pytest.TempPathFactory, run_hashwalk: Run
) -> Path:
    """The same cross-walk, with a second file of the pixels of dunes.png."""
    folder = tmp_path_factory.mktemp("twice")
    shutil.copytree(walk, folder / "walk")
    with Image.open(samples / "dunes.png") as picture:
        picture.save(folder / "again.png", compress_level=1)
    run_hashwalk("rehash", folder / "again.png", "-o", folder / "walk", "-f", "pdq,phash,md5",
                 "--workers", "1", "--quiet")  # fmt: skip
    return folder / "walk"


@pytest.fixture
def listed(walk: Path, tmp_path: Path) -> Path:
    """A list of the PDQs in the cross-walk, one of them withdrawn, one absent, one malformed."""
    hashes = [get_format("pdq").render(value) for _, value in Crosswalk.open(walk).hashes("pdq")]
    known = [
        Record(algorithm="pdq", value=value, entry_id=str(number), status=status)
        for number, (value, status) in enumerate(zip(hashes, Status, strict=False))
    ]
    path = tmp_path / "list.jsonl"
    write_list([*known, Record(algorithm="pdq", value=ABSENT)], path, "jsonl")
    with path.open("a") as file:
        file.write("no record\n")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_list_is_translated_and_all_else_is_listed(
    run_hashwalk: Run, walk: Path, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    done = run_hashwalk("translate", listed, "--crosswalk", walk, "--to", "phash,md5", "-o", out)
    assert done.returncode == 3
    rows = lines(out)
    assert [row["algorithm"] for row in rows] == ["phash", "md5"] * 2
    assert {row["status"] for row in rows} == {"active", "withdrawn"}
    assert {row["translation"]["method"] for row in rows} == {"exact"}
    assert [row["value"] for row in lines(Path(f"{out}.unmatched.jsonl"))] == [ABSENT]
    assert [row["where"] for row in lines(Path(f"{out}.rejects.jsonl"))] == ["line 4"]
    assert json.loads(Path(f"{out}.loss.json").read_text())["written"] == 4
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("out*")} == {0o600}
    table = [line.split() for line in done.stdout.splitlines()]
    assert table[1:] == [["pdq", to, "0", "2", "0", "0", "0", "1", "0"] for to in ("md5", "phash")]
    assert "1 to re-hash in" in done.stderr


def test_the_summary_can_be_json(
    run_hashwalk: Run, walk: Path, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    done = run_hashwalk(
        "translate", listed, "--crosswalk", walk, "--to", "vpdq", "-o", out, "--json"
    )
    printed = json.loads(done.stdout)
    assert (printed["unmatched"], printed["rejects"]) == (1, 1)
    (row,) = printed["translated"]
    assert (row["source"], row["target"], row["no target value"]) == ("pdq", "vpdq", 1)
    assert row["carried"] == 1
    (reason,) = printed["no target value"]
    assert (reason["target"], reason["media"]) == ("vpdq", 1)


def test_equal_hashes_alone_can_be_asked_for(run_hashwalk: Run, walk: Path, tmp_path: Path) -> None:
    (_, value), *_ = Crosswalk.open(walk).hashes("pdq")
    near = bytes([value.value[0] ^ 1]) + value.value[1:]
    source, out = tmp_path / "near.jsonl", tmp_path / "out.jsonl"
    write_list([Record(algorithm="pdq", value=near.hex())], source, "jsonl")
    command = ["translate", source, "--crosswalk", walk, "--to", "md5", "-o", out]
    assert run_hashwalk(*command).returncode == 0
    assert lines(out)[0]["translation"]["method"] == "near"
    for option in (["--max-distance", "0"], ["--max-distance", "pdq=0"], ["--only", "exact"]):
        assert run_hashwalk(*command, *option).returncode == 0
        assert lines(out) == []


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ([], 2),
        (["--ambiguous", "drop"], 0),
        (["--only", "exact"], 0),
        (["--only", "exact", "--ambiguous", "keep"], 2),
        (["--only", "near", "--ambiguous", "keep"], 0),
    ],
)
def test_ambiguous_hashes_are_kept_where_that_is_asked_for(  # noqa: PLR0917
    run_hashwalk: Run, twice: Path, samples: Path, tmp_path: Path, options: list[str], kept: int
) -> None:
    """Two files of the same pixels have the same PDQ, and each its own MD5."""
    out = tmp_path / "out.jsonl"
    (value,) = hash_file(samples / "dunes.png", ["pdq"]).hashes
    listed = tmp_path / "list.jsonl"
    write_list([Record(algorithm="pdq", value=value.value.hex())], listed, "jsonl")
    command = ("translate", listed, "--crosswalk", twice, "--to", "md5", "-o", out)
    assert run_hashwalk(*command, *options).returncode == 0
    assert [row["translation"]["ambiguous"] for row in lines(out)] == [True] * kept


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (["--to", "phsh"], "phsh"),
        (["--to", "md5", "--max-distance", "pdq=x"], "no distance"),
        (["--to", "md5", "--ambiguous", "some"], "neither keep nor drop"),
        (["--to", "md5", "--only", "best"], "none of"),
        (["--to", "md5", "--as", "word"], "word"),
        (["--to", ","], "--to names no format"),
        (["--to", "md5", "--algorithm", "pdqq"], "did you mean pdq"),
        (["--to", "phash", "--as", "ncmec"], "none of phash"),
    ],
)
def test_a_wrong_argument_is_one_line_and_nothing_is_written(  # noqa: PLR0917
    run_hashwalk: Run, walk: Path, listed: Path, tmp_path: Path, wrong: list[str], what: str
) -> None:
    out = tmp_path / "out.jsonl"
    done = run_hashwalk("translate", listed, "--crosswalk", walk, "-o", out, *wrong)
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.glob("out*"))


def test_neither_the_list_nor_a_cross_walk_is_written_over(
    run_hashwalk: Run, walk: Path, listed: Path
) -> None:
    part = next(walk.glob("media/*.parquet"))
    for target in (listed, part):
        before = target.read_bytes()
        done = run_hashwalk(
            "translate", listed, "--crosswalk", walk, "--to", "md5", "-o", target, "--as", "jsonl"
        )
        assert done.returncode == 2
        assert target.read_bytes() == before
        done = run_hashwalk("lists", "convert", listed, target, "--to", "jsonl")
        assert done.returncode == 2
        assert target.read_bytes() == before


def test_a_picture_has_no_hash_of_a_video_and_that_is_said(
    run_hashwalk: Run, walk: Path, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    done = run_hashwalk("translate", listed, "--crosswalk", walk, "--to", "vpdq", "-o", out)
    assert "1 media without vpdq: it is of a video, the media is a picture" in done.stderr


def test_formats_that_a_card_says_nothing_of_are_named(
    run_hashwalk: Run, walk: Path, listed: Path, tmp_path: Path
) -> None:
    card = {"kind": "hashwalk calibration card", "schema": 1, "date": "2026-01-01", "corpus": {}}
    (tmp_path / "card.json").write_text(json.dumps({**card, "formats": {}}))
    options = ["--to", "phash", "-o", tmp_path / "out", "--as", "jsonl"]
    options += ["--calibration", tmp_path / "card.json"]
    done = run_hashwalk("translate", listed, "--crosswalk", walk, *options)
    assert done.returncode == 3
    assert "the card says nothing of pdq" in done.stderr
