"""A merge depends on what its members hold, not on how or in which order they are joined."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hashwalk.crosswalk import Crosswalk, merge_crosswalks
from hashwalk.format import Hash, Part
from hashwalk.results import HashedFile, Label

Seen = tuple[dict[str, tuple[str, frozenset[Label]]], dict[tuple[str, str], Hash], set[Any]]

files = st.tuples(
    st.sampled_from(["1", "2", "3"]),
    st.sets(st.sampled_from(["phash", "vpdq"])),
    st.sets(st.sampled_from(["a", "b", "c"])),
    st.sampled_from([None, "*", "gone"]),
)
members = st.lists(st.lists(files, max_size=3), max_size=2)


@pytest.fixture
def member(
    write_crosswalk: Any, make_media: Any, make_failure: Any
) -> Callable[[list[list[Any]], str], Path]:
    """Write a member: a name stands for the same bytes, and bytes for the same hashes, in all."""

    def result(name: str, formats: set[str], codes: set[str], failed: str | None) -> HashedFile:
        labels = [Label("s", "1", "", code) for code in sorted(codes)]
        media = make_media(name, labels=labels)
        values = {
            "phash": Hash.of("phash", name.encode() * 8),
            "vpdq": Hash("vpdq", tuple(Part(name.encode() * 32, n) for n in range(3))),
        }
        return HashedFile(
            media=media,
            hashes=tuple(values[format_id] for format_id in sorted(formats)),
            failures=(make_failure(media, failed),) if failed else (),
        )

    def write(batches: list[list[Any]], name: str) -> Path:
        root: Path = write_crosswalk(*[[result(*drawn) for drawn in b] for b in batches], name=name)
        return root

    return write


def seen(root: Path) -> Seen:
    read = Crosswalk.open(root)
    return (
        {m.uri: (m.sha256, frozenset(m.labels)) for m in read.media()},
        {(sha256, value.format): value for sha256, value in read.hashes()},
        {(f.uri, f.format, f.code) for f in read.failures()},
    )


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(one=members, two=members, three=members)
def test_merging_is_associative_commutative_and_idempotent(
    one: Any, two: Any, three: Any, member: Any, tmp_path: Path
) -> None:
    try:
        a, b, c = member(one, "a"), member(two, "b"), member(three, "c")

        def merged(name: str, *roots: Path) -> Path:
            counts = merge_crosswalks(tmp_path / name, roots)
            assert counts.renamed == 0
            return tmp_path / name

        together = seen(merged("abc", a, b, c))
        assert seen(merged("cba", c, b, a)) == together
        assert seen(merged("ab-c", merged("ab", a, b), c)) == together
        assert seen(merged("a-bc", a, merged("bc", b, c))) == together
        assert seen(merged("aa", a, a)) == seen(a)
    finally:
        for left in tmp_path.iterdir():
            shutil.rmtree(left)


def test_labels_of_the_same_bytes_under_two_names_are_all_exported(
    write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    """Each name keeps its own; the media item has those of all."""
    roots = [
        write_crosswalk(
            [HashedFile(media=make_media(name, "same", labels=[Label("s", "1", "", name)]))],
            name=name,
        )
        for name in ("a", "b")
    ]
    merge_crosswalks(tmp_path / "out", roots)
    read = Crosswalk.open(tmp_path / "out")
    assert [[label.code for label in media.labels] for media in read.media()] == [["a"], ["b"]]
    read.export(tmp_path / "t.csv", "csv")
    assert all(f'""code"": ""{c}""' in (tmp_path / "t.csv").read_text() for c in "ab")


def test_a_merge_counts_hashes_as_coverage_does(
    write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    """One of several parts is one; those of bytes that no file has any more are not counted."""
    frames = Hash("vpdq", tuple(Part(bytes([n]) * 32) for n in range(5)))
    old, new = make_media("x", "old"), make_media("x", "new")
    root = write_crosswalk(
        [HashedFile(media=old, hashes=(frames, Hash.of("phash", bytes(8))))],
        [HashedFile(media=new, hashes=(frames,))],
    )
    merged = merge_crosswalks(tmp_path / "out", [root])
    coverage = Crosswalk.open(tmp_path / "out").coverage()
    assert merged.hashes == sum(covered.media for covered in coverage.formats) == 1
    assert (merged.files, merged.media) == (coverage.files, sum(coverage.media.values())) == (1, 1)
