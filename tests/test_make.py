"""The Makefile: its help, its demo, and what it says when Python does not suffice."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hashwalk_bench.demo import crosswalk_name

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")


def make(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run make in the checkout with this test's environment as the one that is set up."""
    ready = Path(sys.prefix) / ".ready"
    command = ["make", "--no-print-directory", f"--assume-old={ready}", f"VENV={sys.prefix}"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        [*command, *map(str, arguments)],
        cwd=ROOT,
        env={**environment, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_is_the_default_and_names_every_target() -> None:
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets
    done = make()
    listed = re.findall(r"^  make ([a-z-]+)", done.stdout, re.MULTILINE)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(listed) == sorted(targets[1].split())
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_every_make_command_in_the_documents_exists() -> None:
    named = {
        target
        for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text(), re.MULTILINE)
    }
    assert named
    assert named <= set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_demo_prints_the_cross_walk_of_generated_media(tmp_path: Path) -> None:
    done = make("demo", f"DEMO={tmp_path / 'demo'}")
    assert done.returncode == 0, done.stderr
    for command in ("rehash", "crosswalk show", "crosswalk coverage"):
        assert f"\n$ hashwalk {command} " in done.stdout
    assert (tmp_path / "demo" / "crosswalk" / "crosswalk.json").is_file()
    assert max(map(len, re.findall(r"^(?!\$).*$", done.stdout, re.MULTILINE))) <= 80


def test_demo_takes_a_folder_with_spaces_in_its_name(samples: Path, tmp_path: Path) -> None:
    media = tmp_path / "my 'own' media"
    media.mkdir()
    shutil.copy(samples / "dunes.webp", media)
    done = make("demo", f"DEMO={tmp_path / 'demo'}", f"MEDIA={media}")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "demo" / "media").exists()
    (walk,) = (tmp_path / "demo").iterdir()
    assert walk.name.startswith(f"crosswalk-{media.name}-")
    shown = re.findall(r"^\$ (.*)$", done.stdout, re.MULTILINE)
    assert shlex.split(shown[0]) == ["hashwalk", "rehash", str(media), "-o", str(walk)]


def test_folders_of_one_name_have_demos_of_their_own(tmp_path: Path) -> None:
    names = {crosswalk_name(str(tmp_path / above / "pix")) for above in "ab"}
    assert len(names) == 2
    assert crosswalk_name(f"{tmp_path}/a/../b/pix/") in names


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ("sys.version_info", "hashwalk needs Python 3.11 or later"),
        ("import ensurepip", "apt-get install python3-venv"),
    ],
)
def test_a_python_that_does_not_suffice_is_one_line(tmp_path: Path, lacks: str, said: str) -> None:
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\ncase "$2" in *"{lacks}"*) exit 1;; esac\nexit 0\n')
    python.chmod(0o755)
    command = ["make", "setup", f"VENV={tmp_path / 'venv'}", f"PYTHON={python}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[0]
    assert not (tmp_path / "venv").exists()
