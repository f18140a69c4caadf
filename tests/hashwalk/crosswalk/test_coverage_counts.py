"""Coverage, on an example counted by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hashwalk.crosswalk import Crosswalk, FailureCount, FormatCoverage
from hashwalk.crosswalk.manifest import FormatEntry, Manifest
from hashwalk.crosswalk.writer import CrosswalkWriter
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
