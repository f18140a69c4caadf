"""A made-up corpus for the tests of this room, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from hashwalk_bench.corpus import Corpus, make_corpus, read_corpus


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred pictures and three clips, with their manifest; not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    paths = list(make_corpus(folder, 100, 3, seed=1))
    assert len(paths) == 103
    return folder


@pytest.fixture(scope="session")
def corpus(made: Path) -> Corpus:
    """What is read of it."""
    return read_corpus(made)
