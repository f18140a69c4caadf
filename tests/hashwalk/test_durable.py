"""A file is written whole or not at all, and what stops that is told of the file itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from hashwalk.durable import written_whole


def test_a_file_has_its_name_once_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    with written_whole(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(b"before")
    with pytest.raises(TypeError), written_whole(path) as file:
        file.write("no bytes")  # type: ignore[arg-type]
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [
        ("card.json", b"before")
    ]


@pytest.mark.parametrize("name", ["nowhere/card.json", "folder"])
def test_what_cannot_be_written_is_named_as_it_was_asked_for(tmp_path: Path, name: str) -> None:
    """No folder to write into, and a folder in the way; the temporary file is nobody's concern."""
    (tmp_path / "folder").mkdir()
    path = tmp_path / name
    with pytest.raises(OSError, match="directory") as refusal, written_whole(path) as file:
        file.write(b"whole")
    assert refusal.value.filename == str(path)
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]
