"""Opening a file once, and only what is a file."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from hashwalk.errors import UnreadableError
from hashwalk.media.source import CHUNK_BYTES, open_source


def test_all_bytes_come_in_order(tmp_path: Path) -> None:
    content = os.urandom(2 * CHUNK_BYTES + 17)
    path = tmp_path / "file"
    path.write_bytes(content)
    with open_source(path) as source:
        assert b"".join(bytes(chunk) for chunk in source.chunks()) == content
        assert (source.size, source.mtime_ns) == (len(content), path.stat().st_mtime_ns)


def test_the_file_is_closed_after_the_block(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with open_source(tmp_path / "file") as source:
        pass
    assert source.file.closed


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    with open_source(tmp_path / "link") as source:
        assert source.size == 7


def test_an_empty_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableError, match=r"the file is empty \(0 bytes\)"):
        open_source(tmp_path / "file").__enter__()


@pytest.mark.timeout(10)
@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "directory"])
def test_what_is_no_regular_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    """A pipe without a writer would block whoever opens it."""
    path = tmp_path / kind
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listener:
            os.chdir(tmp_path)
            listener.bind(kind)
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(UnreadableError, match=r"a directory|not a regular file"):
        open_source(path).__enter__()


def test_what_is_missing_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="No such file or directory"):
        open_source(tmp_path / "file").__enter__()


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(UnreadableError, match="ValueError"):
        open_source("nul\0byte").__enter__()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "file").chmod(0)
    with pytest.raises(UnreadableError, match="Permission denied"):
        open_source(tmp_path / "file").__enter__()


@pytest.mark.parametrize("change", ["grow", "shrink", "rewrite"])
def test_a_file_that_changes_meanwhile_is_unreadable(change: str, tmp_path: Path) -> None:
    """Its digests would belong to content that never was."""
    path = tmp_path / "file"
    path.write_bytes(bytes(2 * CHUNK_BYTES))
    with open_source(path) as source:
        chunks = source.chunks()
        next(chunks)
        if change == "shrink":
            os.truncate(path, CHUNK_BYTES)
        else:
            with path.open("ab" if change == "grow" else "r+b") as file:
                file.write(b"more")
            os.utime(path, ns=(0, source.mtime_ns + (change == "rewrite")))
        with pytest.raises(UnreadableError, match="changed while it was read"):
            list(chunks)
