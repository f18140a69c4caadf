"""How formats are named on the command line."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hashwalk.cli.app import app


@pytest.mark.parametrize(
    "named",
    [
        ["-f", "md5", "-f", "sha1"],
        ["-f", "md5,sha1"],
        ["--format", "md5, sha1,"],
    ],
)
def test_formats_are_named_one_by_one_or_joined_with_commas(
    tmp_path: Path, named: list[str]
) -> None:
    file = tmp_path / "some.bin"
    file.write_bytes(b"abc")
    ended = CliRunner().invoke(app, ["hash", str(file), *named])
    assert ended.exit_code == 0
    assert [line.split()[0] for line in ended.stdout.splitlines()[-2:]] == ["md5", "sha1"]


def test_a_value_is_in_one_piece_where_there_is_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    file = tmp_path / "some.bin"
    file.write_bytes(b"abc")
    ended = CliRunner().invoke(app, ["hash", str(file), "-f", "sha256,md5"])
    assert hashlib.sha256(b"abc").hexdigest() in ended.stdout
