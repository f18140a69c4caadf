"""Coverage, on an example counted by hand and on others counted row by row."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import asdict, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hashwalk.crosswalk import Crosswalk, FailureCount, FormatCoverage
from hashwalk.crosswalk.manifest import FormatEntry, Manifest
from hashwalk.crosswalk.writer import CrosswalkWriter
from hashwalk.errors import FailureCode
from hashwalk.format import Hash, Part
from hashwalk.results import HashedFile


def phash(number: int) -> Hash:
    return Hash.of("phash", number.to_bytes(8, "big"))


def frames(*numbers: int) -> Hash:
    return Hash("vpdq", tuple(Part(bytes([n]) * 32) for n in numbers))


def row(format_id: str, *counts: int) -> FormatCoverage:
    media, applicable, distinct, shared, sharing = counts
    return FormatCoverage(
        format=format_id,
        media=media,
        applicable=applicable,
        distinct_values=distinct,
        shared_values=shared,
        sharing_media=sharing,
    )


def test_an_example_counted_by_hand(
    write_crosswalk: Any, make_media: Any, make_failure: Any
) -> None:
    """Four pictures (of which two look alike, one has two names, one is broken), three clips."""
    one, alike, twin = make_media("1"), make_media("2"), make_media("2-copy", "2")
    other, broken, gone = make_media("3"), make_media("4"), make_media("5", "before")
    clips = [make_media(name, kind="video") for name in ("x", "y", "z")]
    digests = [
        Hash.of("sha256", bytes.fromhex(m.sha256)) for m in (one, alike, other, broken, *clips)
    ]
    root = write_crosswalk(
        [
            HashedFile(media=one, hashes=(phash(1), digests[0])),
            HashedFile(media=alike, hashes=(phash(9), digests[1])),
            HashedFile(media=twin),
            HashedFile(media=other, hashes=(phash(3), digests[2])),
            HashedFile(media=broken, hashes=(digests[3],), failures=(make_failure(broken),)),
            HashedFile(media=gone, hashes=(phash(1),)),
        ],
        [
            HashedFile(media=alike, hashes=(phash(1),)),
            HashedFile(media=make_media("5", "4")),
            HashedFile(media=clips[0], hashes=(frames(1, 2), digests[4])),
            HashedFile(media=clips[1], hashes=(frames(2, 1), digests[5])),
            HashedFile(media=clips[2], hashes=(frames(1, 2), digests[6])),
        ],
    )
    coverage = Crosswalk.open(root).coverage()
    assert coverage.files == 9
    assert coverage.media == {"picture": 4, "video": 3}
    assert coverage.formats == (
        row("gone", 0, 4, 0, 0, 0),
        row("phash", 3, 4, 2, 1, 2),
        row("sha256", 7, 7, 7, 0, 0),
        row("vpdq", 3, 3, 2, 1, 2),
    )
    assert coverage.both == ((0, 0, 0, 0), (0, 3, 3, 0), (0, 3, 7, 3), (0, 0, 3, 3))
    assert coverage.failures == (FailureCount(format="*", code="truncated", files=1),)


drawn_files = st.tuples(
    st.sampled_from("abcdef"),
    st.sampled_from(["", "same", "other"]),
    st.dictionaries(
        st.sampled_from(["phash", "gone"]), st.lists(st.integers(0, 2), min_size=1, max_size=3)
    ),
    st.dictionaries(st.sampled_from(["*", "vpdq", "gone"]), st.sampled_from(FailureCode)),
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=st.lists(st.lists(drawn_files, max_size=6), min_size=1, max_size=3))
def test_counts_are_those_of_the_rows_one_by_one(
    batches: list[list[Any]], write_crosswalk: Any, make_media: Any, make_failure: Any
) -> None:
    """Collisions, hashes of several segments, names of the same bytes, failures by code."""

    def result(name: str, content: str, values: dict[str, list[int]], failed: Any) -> HashedFile:
        media = make_media(name, content)
        hashes = (Hash(f, tuple(Part(bytes([n]) * 8) for n in v)) for f, v in values.items())
        failures = (replace(make_failure(media, f), code=code) for f, code in failed.items())
        return HashedFile(media=media, hashes=tuple(hashes), failures=tuple(failures))

    root = write_crosswalk(*[[result(*drawn) for drawn in batch] for batch in batches])
    try:
        read = Crosswalk.open(root)
        items = {media.sha256 for media in read.media()}
        values = {(sha256, v.format): v.parts for sha256, v in read.hashes() if sha256 in items}
        coverage = read.coverage()
        assert coverage.files == len(list(read.media()))
        assert sum(coverage.media.values()) == len(items)
        for place, covered in enumerate(coverage.formats):
            having = {sha256 for sha256, f in values if f == covered.format}
            sizes = Counter(parts for (_, f), parts in values.items() if f == covered.format)
            shared = [count for count in sizes.values() if count > 1]
            assert (covered.media, covered.distinct_values) == (len(having), len(sizes))
            assert (covered.shared_values, covered.sharing_media) == (len(shared), sum(shared))
            for other_place, other in enumerate(coverage.formats):
                both = having & {sha256 for sha256, f in values if f == other.format}
                assert coverage.both[place][other_place] == len(both)
        failures = Counter((failure.format, failure.code.value) for failure in read.failures())
        assert {(f.format, f.code): f.files for f in coverage.failures} == failures
    finally:
        shutil.rmtree(root)


def test_an_empty_cross_walk_covers_nothing(write_crosswalk: Any) -> None:
    coverage = Crosswalk.open(write_crosswalk()).coverage()
    assert (coverage.files, coverage.media, coverage.failures) == (0, {}, ())
    assert {count for f in coverage.formats for count in list(asdict(f).values())[1:]} == {0}


def test_more_formats_than_a_word_has_bits(tmp_path: Any, make_media: Any) -> None:
    ids = [f"f{number:03}" for number in range(130)]
    entry = FormatEntry(version=1, kind="picture", shape="whole", bits=8)
    manifest = Manifest.new().with_formats(dict.fromkeys(ids, entry), "the test")
    with CrosswalkWriter.create(tmp_path / "walk", manifest) as writer:
        for number in range(0, 130, 3):
            media = make_media(str(number))
            pair = (ids[number], ids[-1 - number])
            writer.add(HashedFile(media=media, hashes=tuple(Hash.of(f, b"x") for f in pair)))
    coverage = Crosswalk.open(tmp_path / "walk").coverage()
    for i, cells in enumerate(coverage.both):
        partners = {j for j, count in enumerate(cells) if count}
        alone = {i, 129 - i}
        assert partners == (alone if i % 3 == 0 else set())
