"""A format of another package is installed, found, computed in a re-hash and checked as ours."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hashwalk import Crosswalk

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tests/third_party/hashwalk-example"
PICTURE, CLIP = "images/tiny-42x34.png", "clips/life-mpeg4-15fps.avi"
PLAIN, FRAMEWISE = "example-mean8x8", "framewise:example-mean8x8@1"
FILES = ["hashwalk_example.py", "pyproject.toml", "tests/test_conformance.py"]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Install the package, without the network; return the environment that sees it."""
    folder = tmp_path_factory.mktemp("third_party")
    source = shutil.copytree(PACKAGE, folder / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    pip += ["--no-build-isolation", "--target", str(folder / "installed"), str(source)]
    subprocess.run(pip, check=True)
    return {"PYTHONPATH": str(folder / "installed")}


def hash_of(picture: Path, run_hashwalk: Run, environment: dict[str, str]) -> dict[str, object]:
    done = run_hashwalk("hash", picture, "-f", PLAIN, "--json", env=environment)
    assert done.returncode == 0, done.stderr
    line: dict[str, object] = json.loads(done.stdout)
    return line


def test_its_format_is_listed_without_problems(
    installed: dict[str, str], run_hashwalk: Run
) -> None:
    listed = json.loads(run_hashwalk("formats", "--json", env=installed).stdout)
    assert PLAIN in [card["id"] for card in listed["formats"]]
    assert listed["problems"] == {}


def test_its_format_hashes_a_file(
    installed: dict[str, str], run_hashwalk: Run, vectors_folder: Path
) -> None:
    line = hash_of(vectors_folder / PICTURE, run_hashwalk, installed)
    assert line["format"] == PLAIN
    assert len(str(line["value"])) == 16


def test_its_format_is_part_of_a_re_hash_of_pictures_and_of_clips(
    installed: dict[str, str], run_hashwalk: Run, vectors_folder: Path, tmp_path: Path
) -> None:
    media, crosswalk = tmp_path / "media", tmp_path / "crosswalk"
    media.mkdir()
    for name in (PICTURE, CLIP):
        shutil.copy(vectors_folder / name, media)
    chosen = ["-f", PLAIN, "-f", FRAMEWISE, "-f", "sha256"]
    done = run_hashwalk("rehash", media, "-o", crosswalk, *chosen, "--quiet", env=installed)
    assert done.returncode == 0, done.stderr

    assert not list(Crosswalk.open(crosswalk).failures())
    found = {value.format: value for _, value in Crosswalk.open(crosswalk).hashes()}
    assert set(found) == {PLAIN, FRAMEWISE, "sha256"}
    line = hash_of(vectors_folder / PICTURE, run_hashwalk, installed)
    assert found[PLAIN].value.hex() == line["value"]
    times = [part.time_s for part in found[FRAMEWISE].parts if part.time_s is not None]
    assert len(times) >= 3
    assert times == sorted(times)


def test_it_passes_the_conformance_kit_as_its_author_runs_it(
    installed: dict[str, str], tmp_path: Path
) -> None:
    tests = shutil.copytree(PACKAGE / "tests", tmp_path / "tests")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests)]
    environment = {**os.environ, **installed}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout


@pytest.mark.parametrize("name", FILES)
def test_the_guide_shows_the_code_of_this_very_package(name: str) -> None:
    assert (PACKAGE / name).read_text().strip() in (ROOT / "CONTRIBUTING.md").read_text()
