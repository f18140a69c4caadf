"""The documents are true: their commands and programs run, their generated pages are current.

In a ``console`` block a line that begins with ``$`` is run, and what follows is what it prints;
``…`` stands for anything, and alone on a line for any lines. ``python`` blocks are run whole,
``sql`` after the last of them on its DuckDB connection ``db``. Each document has a folder of its
own, with generated pictures and clips in ``media``. The commands of ``sh`` blocks install and
build: they are run in the checkout, where make and pip are told to say what they would do.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FENCE = re.compile(r"^```(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = {"console", "python", "sql"}
DRY = {
    "MAKEFLAGS": "n",
    "PIP_DRY_RUN": "1",
    "PIP_NO_DEPS": "1",
    "PIP_NO_BUILD_ISOLATION": "0",
    "PIP_QUIET": "0",
}
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
DONE, DONE_BUT_SOME_MEDIA_FAILED = 0, 3


def blocks(document: Path, kinds: set[str]) -> list[tuple[str, str]]:
    found = [(block[1], block[2]) for block in FENCE.finditer(document.read_text())]
    return [(kind, text) for kind, text in found if kind in kinds]


def named(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.fixture
def short_path() -> Iterator[Path]:
    """An empty folder whose name fits into a table."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def warm_path(tmp_path_factory: pytest.TempPathFactory, hashwalk_command: list[str]) -> str:
    """PATH with a ``hashwalk`` that starts quickly."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "hashwalk"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(hashwalk_command)} "$@"\n')
    program.chmod(0o700)
    return f"{folder}{os.pathsep}{PATH}"


def test_every_block_is_of_a_kind_that_is_checked() -> None:
    """Text is the help of the program, which is compared with the program."""
    kinds = {
        (named(document), block[1])
        for document in DOCUMENTS
        for block in FENCE.finditer(document.read_text())
    }
    checked = RUN | {"sh", "toml"}
    assert {(d, kind) for d, kind in kinds if kind not in checked} == {("docs/cli.md", "text")}


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if blocks(d, {"sh"})], ids=named)
def test_what_a_document_tells_to_install_and_build_can_be_done(document: Path) -> None:
    for _, text in blocks(document, {"sh"}):
        done = run(["bash", "-ec", text], ROOT, DRY)
        assert done.returncode == 0, done.stdout
        assert done.stdout


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if blocks(d, {"toml"})], ids=named)
def test_configuration_in_a_document_is_toml(document: Path) -> None:
    assert all(tomllib.loads(text) for _, text in blocks(document, {"toml"}))


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if blocks(d, RUN)], ids=named)
def test_what_a_document_shows_is_what_happens(
    document: Path, samples: Path, short_path: Path, warm_path: str
) -> None:
    shutil.copytree(samples, short_path / "media")
    program = ""
    for kind, text in blocks(document, RUN):
        program = text if kind == "python" else program
        for command, wanted in steps(kind, text, program):
            done = run(command, short_path, {"PATH": warm_path})
            assert done.returncode in (DONE, DONE_BUT_SOME_MEDIA_FAILED), done.stdout
            if kind == "console":
                assert matches(wanted, done.stdout), f"{command} printed:\n{done.stdout}"


def steps(kind: str, text: str, program: str) -> Iterator[tuple[list[str], str]]:
    """Yield commands with what they print; `program` is the last one in Python."""
    if kind != "console":
        more = f"\ndb.execute({text!r}).fetchall()" if kind == "sql" else ""
        yield [sys.executable, "-c", program + more], ""
        return
    for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, wanted = re.sub(r"\\\n", "", step).partition("\n")
        yield ["bash", "-c", command], wanted


def matches(wanted: str, printed: str) -> bool:
    lines = [re.escape(line).replace("…", ".*") for line in wanted.rstrip().splitlines()]
    pattern = "".join(r"(?:.*\n)*" if line == ".*" else f"{line}\n" for line in lines)
    return re.fullmatch(pattern, printed.rstrip() + "\n" if printed.strip() else "") is not None


def run(
    command: list[str], folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": PATH, "COLUMNS": "80", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_generated_pages_are_current() -> None:
    command = [sys.executable, ROOT / "docs" / "generate.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize(
    ("wanted", "printed", "same"),
    [
        ("one\ntwo", "one\ntwo\n", True),
        ("one …", "one two\n", True),
        ("one …", "one two\nthree\n", False),
        ("one\n…\nfour", "one\ntwo\nthree\nfour\n", True),
        ("one\n…", "one\ntwo\nthree\n", True),
        ("(one)", "one\n", False),
        ("", "one\n", False),
    ],
)
def test_an_ellipsis_stands_for_anything_and_all_else_for_itself(
    wanted: str, printed: str, same: bool
) -> None:
    assert matches(wanted, printed) is same
