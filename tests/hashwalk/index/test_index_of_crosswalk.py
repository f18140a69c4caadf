"""An index read from a cross-walk in columns has what reading hash by hash gives."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk import Crosswalk, Hash, Index, Part, get_format
from hashwalk.crosswalk import CrosswalkWriter, hash_columns
from hashwalk.errors import FormatMismatchError
from hashwalk.index import Found

Batches = Sequence[dict[int, list[int]]]


def sha256_of(number: int) -> str:
    return hashlib.sha256(bytes([number])).hexdigest()


def frames(values: Sequence[int]) -> Hash:
    """Return a vPDQ hash; the quality of odd frames is not known."""
    parts = (Part(bytes([v]) * 32, None if v % 2 else v, float(n)) for n, v in enumerate(values))
    return Hash("vpdq", tuple(parts))


def crosswalk_of(folder: Path, batches: Batches) -> Crosswalk:
    with CrosswalkWriter.open(folder, formats=map(get_format, ("vpdq", "phash"))) as writer:
        for batch in batches:
            for number, values in batch.items():
                writer.add_hash(sha256_of(number), frames(values))
                writer.add_hash(sha256_of(number), Hash.of("phash", bytes(8)))
            writer.flush()
    return Crosswalk.open(folder)


lists_of_frames = st.lists(st.integers(0, 255), min_size=1, max_size=5)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.dictionaries(st.integers(0, 9), lists_of_frames), max_size=3), st.integers(1, 9))
def test_columns_give_the_newest_hashes_wherever_batches_end(
    tmp_path_factory: pytest.TempPathFactory, batches: Batches, rows: int
) -> None:
    walk = crosswalk_of(tmp_path_factory.mktemp("walk") / "walk", batches)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hash_columns, "_ROWS_AT_ONCE", rows)
        index = Index.of_crosswalk(walk, "vpdq")
    newest = {sha256_of(n): frames(values) for batch in batches for n, values in batch.items()}
    assert list(index) == sorted(newest.items())
    poor = {key for key, value in newest.items() if get_format("vpdq").below_floor(value)}
    assert index.below_floor() == poor
    for key, value in newest.items():
        assert key in index.exact(value)


def test_a_searched_index_can_be_added_to(tmp_path: Path) -> None:
    index = Index.of_crosswalk(crosswalk_of(tmp_path / "walk", [{0: [0], 1: [8]}]), "phash")
    assert len(index.within(Hash.of("phash", bytes(8)))) == 2
    index.add([("x", Hash.of("phash", bytes(7) + b"\1"))])
    assert index.within(Hash.of("phash", bytes(8)))[-1] == Found("x", 1)
    assert index.below_floor() == set()


def test_a_format_that_the_cross_walk_lacks_gives_an_empty_index(tmp_path: Path) -> None:
    assert len(Index.of_crosswalk(crosswalk_of(tmp_path / "walk", []), "pdq")) == 0


def test_values_of_another_size_are_refused(tmp_path: Path) -> None:
    with CrosswalkWriter.open(tmp_path / "walk", formats=[get_format("phash")]) as writer:
        writer.add_hash(sha256_of(0), Hash.of("phash", bytes(9)))
    with pytest.raises(FormatMismatchError, match="a phash hash is not 8 bytes long"):
        Index.of_crosswalk(Crosswalk.open(tmp_path / "walk"), "phash")


def test_equal_bytes_in_other_parts_are_another_hash() -> None:
    one, two = Hash.of("netclean", b"abcd"), Hash("netclean", (Part(b"ab"), Part(b"cd")))
    other = Hash("netclean", (Part(b"a"), Part(b"bcd")))
    index = Index("netclean", [("one", one), ("two", two)])
    assert [index.exact(value) for value in (one, two, other)] == [["one"], ["two"], []]
