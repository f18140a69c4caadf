"""``hashwalk lists``: what a list is, what is wrong with it, and another container of it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hashwalk.hashlists import Record, Status, containers, read_list, write_list

if TYPE_CHECKING:
    from conftest import Run

MD5 = hashlib.md5(b"a picture", usedforsecurity=False).hexdigest()
PHOTODNA = "ab" * 144
RECORDS = [
    Record(algorithm="md5", value=MD5, raw={"id": 1}),
    Record(algorithm="md5", value=MD5, status=Status.WITHDRAWN),
    Record(algorithm="photodna", value=PHOTODNA, encoding="hex"),
    Record(algorithm="their-hash", value="secret"),
    Record(algorithm="*", value=None, status=Status.DELETED, entry_id="e"),
]


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.jsonl"
    write_list(RECORDS, path, "jsonl")
    return path


@pytest.fixture
def broken(listed: Path) -> Path:
    """The list with twelve lines that are no records."""
    with listed.open("a") as file:
        file.writelines(f'{{"algorithm": "md5", "value": "beef{n}"}}\n' for n in range(12))
    return listed


def test_inspect_counts_by_algorithm_and_status(run_hashwalk: Run, listed: Path) -> None:
    done = run_hashwalk("lists", "inspect", listed)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["md5", "1", "1", "0", f"{MD5[:4]}…{MD5[-4:]}"] in rows
    assert ["photodna", "1", "0", "0", "(hidden)"] in rows
    assert ["their-hash", "1", "0", "0", "(hidden)"] in rows
    assert ["*", "0", "0", "1"] in rows
    assert ["problems", "0"] in rows


def test_no_output_has_a_whole_value(run_hashwalk: Run, broken: Path) -> None:
    for command in (["inspect"], ["inspect", "--json"], ["validate"], ["validate", "--json"]):
        done = run_hashwalk("lists", *command, broken)
        for secret in (MD5, PHOTODNA[:8], "secret", "beef"):
            assert secret not in done.stdout + done.stderr


def test_inspect_names_the_first_problems(run_hashwalk: Run, broken: Path) -> None:
    done = run_hashwalk("lists", "inspect", broken)
    assert done.returncode == 3
    assert "line 6: not a md5 hash" in done.stdout
    assert "line 16:" not in done.stdout
    assert "… and 2 more" in done.stdout
    found = json.loads(run_hashwalk("lists", "inspect", broken, "--json").stdout)
    assert (found["container"], found["records"], found["rejects"]) == ("jsonl", 5, 12)
    assert found["algorithms"][0]["withdrawn"] == 1
    assert found["problems"][11]["where"] == "line 17"


def test_validate_prints_a_line_a_problem(run_hashwalk: Run, broken: Path) -> None:
    done = run_hashwalk("lists", "validate", broken)
    *problems, summary = done.stdout.splitlines()
    assert done.returncode == 3
    assert [line.partition(":")[0] for line in problems] == [f"line {n}" for n in range(6, 18)]
    assert summary == "jsonl list, 5 records read, 12 problems"
    found = json.loads(run_hashwalk("lists", "validate", broken, "--json").stdout)
    assert len(found["problems"]) == found["rejects"] == 12


def test_a_good_list_is_valid(run_hashwalk: Run, listed: Path) -> None:
    done = run_hashwalk("lists", "validate", listed)
    assert (done.returncode, done.stdout) == (0, "jsonl list, 5 records read, 0 problems\n")


def test_convert_tells_what_to_write_by_the_name(
    run_hashwalk: Run, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    done = run_hashwalk("lists", "convert", listed, out)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        f"hashwalk: 5 records into {out}: csv",
        "hashwalk: 1 record without raw",
    ]
    assert [record.status for record in read_list(out)] == [r.status for r in RECORDS]


def test_convert_names_the_first_rejects_and_where_all_are(
    run_hashwalk: Run, broken: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = run_hashwalk("lists", "convert", broken, out, "--to", "hex-lines")
    assert done.returncode == 3
    assert "hashwalk: line 6: not a md5 hash" in done.stderr
    assert f"12 that could not be read in {out}.rejects.jsonl" in done.stderr
    assert "1 record left out: status withdrawn" in done.stderr
    assert "beef" not in done.stderr
    done = run_hashwalk("lists", "convert", broken, out, "--to", "csv", "--json")
    found = json.loads(done.stdout)
    assert (found["read"], found["written"], found["rejects"]) == (5, 5, 12)
    assert found["first_rejects"][0]["where"] == "line 6"
    assert "beef" not in done.stdout


def test_a_list_without_an_algorithm_needs_the_option(run_hashwalk: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "values.txt", tmp_path / "out.jsonl"
    path.write_text(f"{MD5}\n")
    done = run_hashwalk("lists", "convert", path, out)
    assert done.returncode == 2
    assert "md5" in done.stderr
    assert "--algorithm" in done.stderr
    assert not out.exists()
    assert run_hashwalk("lists", "convert", path, out, "--algorithm", "md5").returncode == 0
    assert [record.algorithm for record in read_list(out)] == ["md5"]
    typo = run_hashwalk("lists", "inspect", path, "--algorithm", "md6")
    assert "did you mean md5?: its hashes are carried as they are" in typo.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["inspect", "nothing"], 1, "cannot read nothing"),
        (["inspect", "noise"], 1, "is no hash list"),
        (["inspect", "noise", "--from", "ncmec"], 1, "noise"),
        (["inspect", "noise", "--from", "nonsense"], 2, "no container 'nonsense'"),
        (["convert", "noise", "out.xml"], 2, "say it with --to"),
        (["convert", "noise", "out", "--to", "nonsense"], 2, "no container 'nonsense'"),
        (["formats", "nonsense"], 2, "no container 'nonsense'"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    run_hashwalk: Run, tmp_path: Path, arguments: list[str], code: int, reason: str
) -> None:
    (tmp_path / "noise").write_bytes(b"\x00\x01noise\n")
    done = run_hashwalk("lists", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (code, "", 1)
    assert reason in done.stderr


def test_formats_lists_the_containers_and_what_they_cannot_carry(run_hashwalk: Run) -> None:
    shown = run_hashwalk("lists", "formats").stdout
    cards = json.loads(run_hashwalk("lists", "formats", "--json").stdout)
    assert [card["name"] for card in cards] == [each.name for each in containers()]
    assert all(f"\n{card['name']} " in shown for card in cards)
    by_name = {card["name"]: card for card in cards}
    assert by_name["csv"]["loses"] == ["raw"]
    assert by_name["jsonl"]["loses"] == []
    assert by_name["ncmec"]["experimental"]
    assert by_name["icse"]["written"] is False
    card = run_hashwalk("lists", "formats", "ncmec").stdout
    assert "experimental  " in card
    assert json.loads(run_hashwalk("lists", "formats", "csv", "--json").stdout) == by_name["csv"]


def test_help_needs_no_heavy_import() -> None:
    """In a process of its own, since this one has them."""
    code = "import sys, hashwalk.cli.app; print([m for m in sys.modules if m in sys.argv[1:]])"
    heavy = ["numpy", "pyarrow", "lxml", "ijson", "msgspec", "duckdb", "hashwalk.hashlists"]
    done = subprocess.run(
        [sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
