"""The documents are true: their commands and programs run, their generated pages are current.

In a ``console`` block a line that begins with ``$`` is run, and what follows is what it prints;
``…`` stands for anything, and alone on a line for any lines. ``python`` blocks are run whole.
Each document has a folder of its own, with generated pictures and clips in ``media``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FENCE = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DONE, DONE_BUT_SOME_MEDIA_FAILED = 0, 3


def blocks(document: Path) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in FENCE.finditer(document.read_text())]


@pytest.fixture
def short_path() -> Iterator[Path]:
    """An empty folder whose name fits into a table."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.parametrize(
    "document", [d for d in DOCUMENTS if blocks(d)], ids=lambda d: str(d.relative_to(ROOT))
)
def test_what_a_document_shows_is_what_happens(
    document: Path, samples: Path, short_path: Path
) -> None:
    shutil.copytree(samples, short_path / "media")
    for kind, text in blocks(document):
        for command, wanted in steps(kind, text):
            done = subprocess.run(
                command,
                cwd=short_path,
                env=environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            assert done.returncode in (DONE, DONE_BUT_SOME_MEDIA_FAILED), done.stdout
            if kind == "console":
                assert matches(wanted, done.stdout), f"{command} printed:\n{done.stdout}"


def steps(kind: str, text: str) -> Iterator[tuple[list[str], str]]:
    """Yield commands with what they print."""
    if kind == "python":
        yield [sys.executable, "-c", text], ""
        return
    for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, wanted = re.sub(r"\\\n", "", step).partition("\n")
        yield ["bash", "-c", command], wanted


def matches(wanted: str, printed: str) -> bool:
    lines = [re.escape(line).replace("…", ".*") for line in wanted.rstrip().splitlines()]
    pattern = "".join(r"(?:.*\n)*" if line == ".*" else f"{line}\n" for line in lines)
    return re.fullmatch(pattern, printed.rstrip() + "\n" if printed.strip() else "") is not None


def environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "COLUMNS": "80"}


def test_generated_pages_are_current() -> None:
    command = [sys.executable, ROOT / "docs" / "generate.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
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
