"""What a reader spills is private, and goes away even when the reader is killed."""

import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hashwalk.crosswalk.parts import Batches
from hashwalk.crosswalk.scratch import scratch_folder
from hashwalk.crosswalk.session import session

READER = """
import sys, time
from pathlib import Path
from hashwalk.crosswalk.parts import Batches
from hashwalk.crosswalk.session import session
with session(Batches.of(Path(sys.argv[1]))):
    print("open", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def spill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, of this process and those it starts."""
    folder = tmp_path / "spill"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def test_a_session_leaves_nothing_and_shows_others_nothing(
    spill: Path, write_crosswalk: Callable[..., Path]
) -> None:
    with session(Batches.of(write_crosswalk())):
        (folder,) = spill.iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(spill.iterdir()) == []


def test_what_a_killed_reader_left_goes_with_the_next_and_what_lives_stays(
    spill: Path, write_crosswalk: Callable[..., Path]
) -> None:
    command = [sys.executable, "-c", READER, str(write_crosswalk())]
    (spill / "hashwalk-of-someone").mkdir()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"open\n"
        before = set(spill.iterdir())
        with scratch_folder() as own:
            assert set(spill.iterdir()) == {own, *before}
        assert set(spill.iterdir()) == before
        reader.kill()
    assert set(spill.iterdir()) == before
    with scratch_folder() as own:
        assert set(spill.iterdir()) == {own, spill / "hashwalk-of-someone"}
