"""An implementation answers from a process of its own, and may crash, hang or be missing there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hashwalk.hashing import hash_file
from hashwalk_bench.conformance.asking import Asked
from hashwalk_bench.conformance.implementations import IMPLEMENTATIONS
from hashwalk_bench.errors import PeerError

IMAGEHASH = IMPLEMENTATIONS["imagehash"]
HEADER = '{"version": "1", "python": "3", "libraries": {}, "missing": {}}'
ANSWER = '{"values": {"phash": ["00"]}, "failed": {}}'


def interpreter(folder: Path, *lines: str) -> str:
    """Return a program that stands in for a Python: it runs these lines of shell."""
    program = folder / "python"
    program.write_text("\n".join(["#!/bin/sh", *lines]))
    program.chmod(0o755)
    return str(program)


def test_it_hashes_in_the_process_what_it_hashes_here(pictures: Path) -> None:
    path = str(pictures / "0.png")
    ours = {h.format: h.value for h in hash_file(path, ("phash", "dhash")).hashes}
    with Asked(IMAGEHASH, ["phash", "dhash"], sys.executable) as asked:
        answer = asked.hashes(path, ["phash", "dhash"])
        assert asked.installed.libraries.keys() >= {"Pillow", "numpy"}
    assert answer.values == {name: (value,) for name, value in ours.items()}
    assert answer.failed == {}


def test_a_file_that_it_cannot_hash_is_told_by_the_kind_of_error(pictures: Path) -> None:
    with Asked(IMAGEHASH, ["phash"]) as asked:
        answer = asked.hashes(str(pictures / "note.txt"), ["phash"])
        assert answer == ({}, {"phash": "UnidentifiedImageError"})
        assert asked.hashes(str(pictures / "1.png"), ["phash"]).failed == {}


def test_a_name_of_any_bytes_reaches_it(tmp_path: Path, pictures: Path) -> None:
    odd = Path(tmp_path, b"a\nb \xff.png".decode("utf-8", "surrogateescape"))
    odd.write_bytes((pictures / "0.png").read_bytes())
    with Asked(IMAGEHASH, ["phash"]) as asked:
        plain = asked.hashes(str(pictures / "0.png"), ["phash"])
        assert asked.hashes(str(odd), ["phash"]) == plain
        assert plain.values


def test_a_crash_costs_one_file(tmp_path: Path) -> None:
    """The program answers once, then dies; it is started anew for the next file."""
    answering = interpreter(tmp_path, f"echo '{HEADER}'", "read _", f"echo '{ANSWER}'", "read _")
    with Asked(IMAGEHASH, ["phash"], answering) as asked:
        answers = [asked.hashes("a", ["phash"]) for _ in range(3)]
    assert answers[0] == answers[2] == ({"phash": (b"\0",)}, {})
    assert answers[1] == ({}, {"phash": "it crashed"})


def test_a_hang_costs_one_file_and_no_more_time_than_allowed(tmp_path: Path) -> None:
    hanging = interpreter(tmp_path, f"echo '{HEADER}'", "read _", "exec sleep 60")
    with Asked(IMAGEHASH, ["phash"], hanging, seconds_a_file=0.5) as asked:
        assert asked.hashes("a", ["phash"]) == ({}, {"phash": "no answer in 0.5 s"})


@pytest.mark.parametrize("lines", [("exit 1",), ("printf '{'",)])
def test_an_interpreter_that_does_not_run_it_is_refused(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    with (
        pytest.raises(PeerError, match=r"does not run imagehash: .* 3\.9 .* ImageHash"),
        Asked(IMAGEHASH, ["phash"], interpreter(tmp_path, *lines)),
    ):
        pass


def test_an_interpreter_that_is_not_there_is_refused(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "bin" / "python")
    with (
        pytest.raises(PeerError, match="cannot be run: No such file"),
        Asked(IMAGEHASH, ["phash"], nowhere),
    ):
        pass


def test_what_is_not_installed_is_told_with_what_to_install(tmp_path: Path) -> None:
    """An isolated interpreter has the standard library alone."""
    bare = interpreter(tmp_path, f'exec "{sys.executable}" -I -S "$@"')
    expected = rf"cannot be asked, it needs the module imagehash: `{bare} -m pip install ImageHash`"
    with pytest.raises(PeerError, match=expected), Asked(IMAGEHASH, ["phash"], bare):
        pass
