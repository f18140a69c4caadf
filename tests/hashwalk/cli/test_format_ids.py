"""How formats are named on the command line."""

from __future__ import annotations

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
