"""A made-up corpus: the same every time, and no two of its files alike."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hashwalk.errors import UsageError
from hashwalk.format import Hash
from hashwalk.hashing import hash_file
from hashwalk_bench.corpus import (
    AUDIT_FORMATS,
    Corpus,
    make_corpus,
    near_duplicates,
    together,
)
from hashwalk_bench.corpus.drawing import KINDS, Draw
from hashwalk_bench.transforms import Medium


@pytest.fixture(scope="module")
def hashes(corpus: Corpus) -> dict[int, tuple[Hash, ...]]:
    return {s.number: hash_file(s.path, AUDIT_FORMATS[s.medium]).hashes for s in corpus.sources}


def test_every_file_is_a_source_and_said_to_be_generated(corpus: Corpus) -> None:
    assert Counter(source.medium for source in corpus.sources) == {
        Medium.PICTURE: 100,
        Medium.VIDEO: 3,
    }
    assert not corpus.left_out
    assert corpus.synthetic
    assert {source.licence for source in corpus.sources} == {"generated"}
    assert {source.group for source in corpus.sources} == {k.__name__ for k in KINDS} | {"clip"}


def test_no_two_are_near_duplicates(hashes: dict[int, tuple[Hash, ...]]) -> None:
    assert together(near_duplicates(hashes)) == []


def test_nearly_all_pictures_can_be_told_by_pdq(
    corpus: Corpus, hashes: dict[int, tuple[Hash, ...]]
) -> None:
    pictures = [s.number for s in corpus.sources if s.medium is Medium.PICTURE]
    qualities = np.array([hashes[number][0].quality for number in pictures])
    assert (qualities >= 50).mean() >= 0.98


def test_sizes_shapes_and_containers_vary(corpus: Corpus) -> None:
    pictures = [s for s in corpus.sources if s.medium is Medium.PICTURE]
    assert {s.path.suffix for s in pictures} == {".jpg", ".png", ".webp"}
    assert len({(s.width, s.height) for s in pictures}) > 20
    sides = [(s.width or 0) / (s.height or 1) for s in pictures]
    assert min(sides) < 0.6
    assert max(sides) > 1.7


def test_clips_last_from_two_to_six_seconds(corpus: Corpus) -> None:
    seconds = [s.duration_s or 0 for s in corpus.sources if s.medium is Medium.VIDEO]
    assert all(1.9 <= length <= 6.1 for length in seconds)


def test_a_seed_gives_the_same_bytes_whatever_the_number_of_files(tmp_path: Path) -> None:
    folders = tmp_path / "few", tmp_path / "more", tmp_path / "other"
    for folder, pictures, clips, seed in zip(folders, (2, 3, 2), (1, 1, 0), (7, 7, 8), strict=True):
        list(make_corpus(folder, pictures, clips, seed))
    few, more, other = (
        {p.relative_to(folder): p.read_bytes() for p in folder.glob("*/*")} for folder in folders
    )
    assert few.items() < more.items()
    assert not set(few.values()) & set(other.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_in_any_size(kind: Draw) -> None:
    for size in ((32, 32), (97, 41), (40, 200)):
        drawn = kind(np.random.default_rng(1), *size)
        assert (drawn.mode, drawn.size) == ("RGB", size)
        assert len(Image.Image.getcolors(drawn, 1 << 20) or ()) > 1


@pytest.mark.parametrize(("pictures", "clips"), [(0, 0), (-1, 2), (2, -1)])
def test_a_corpus_of_nothing_is_refused(tmp_path: Path, pictures: int, clips: int) -> None:
    with pytest.raises(UsageError, match="needs a picture or a clip"):
        make_corpus(tmp_path, pictures, clips)


def test_no_file_of_others_is_touched(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"")
    with pytest.raises(UsageError, match="no empty folder"):
        make_corpus(tmp_path, 1, 0)
    with pytest.raises(UsageError, match="no empty folder"):
        make_corpus(tmp_path / "holiday.jpg", 1, 0)
