"""What the tests of this folder share: a few small pictures of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from hashwalk.testing import make_image


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of five small pictures, one of them to be shown rotated, and a note."""
    folder = tmp_path_factory.mktemp("pictures")
    for seed in range(3):
        make_image("RGB", 64 + seed, 64, seed).save(folder / f"{seed}.png")
    make_image("RGB", 96, 64, 3).save(folder / "3.jpg", quality=80)
    make_image("L", 64, 80, 4).save(folder / "grey.png")
    (folder / "note.txt").write_text("no picture\n")
    return folder
