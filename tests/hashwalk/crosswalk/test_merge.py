"""Members' cross-walks become one: nothing is lost, and what differs is said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from hashwalk.crosswalk import Crosswalk, CrosswalkWriter, compact_crosswalk, merge_crosswalks
from hashwalk.errors import (
    CrosswalkBusyError,
    CrosswalkConflictError,
    CrosswalkError,
    CrosswalkSchemaError,
    UsageError,
)
from hashwalk.format import Hash, Part
from hashwalk.results import HashedFile, Label

A, B = Label("s", "1", "", "a"), Label("s", "1", "", "b")


def phash(number: int) -> Hash:
    return Hash.of("phash", number.to_bytes(8, "big"))


def frames(*numbers: int) -> Hash:
    return Hash("vpdq", tuple(Part(bytes([n]) * 32) for n in numbers))


def contents(root: Path) -> tuple[dict[str, str], list[Any], list[tuple[str, str]]]:
    """Return media by URI, hashes, and standing failures of a cross-walk that is sound."""
    read = Crosswalk.open(root)
    assert read.verify().problems == ()
    return (
        {m.uri: m.sha256 for m in read.media()},
        list(read.hashes()),
        [(f.uri, f.format) for f in read.failures()],
    )


def test_members_with_nothing_in_common_are_added_up(
    write_crosswalk: Any, make_media: Any, make_failure: Any, tmp_path: Path
) -> None:
    one, two = make_media("1"), make_media("2")
    members = [
        write_crosswalk(
            [HashedFile(media=one, hashes=(phash(1),))],
            [HashedFile(media=one, hashes=(phash(2),))],
            name="a",
        ),
        write_crosswalk([HashedFile(media=two, failures=(make_failure(two),))], name="b"),
    ]
    merged = merge_crosswalks(tmp_path / "out", members)
    assert (merged.files, merged.media, merged.hashes, merged.failures) == (2, 2, 1, 1)
    assert contents(tmp_path / "out") == (
        {one.uri: one.sha256, two.uri: two.sha256},
        [(one.sha256, phash(2))],
        [(two.uri, "*")],
    )
    noted = Crosswalk.open(tmp_path / "out").manifest.members
    assert [(m.name, m.media) for m in noted] == [("a", 1), ("b", 1)]


def test_the_same_bytes_are_one_media_item_with_the_labels_of_all(
    write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    members = [
        write_crosswalk(
            [HashedFile(media=make_media("x", labels=[label]), hashes=(value,))], name=name
        )
        for name, label, value in [("a", A, phash(1)), ("b", B, frames(1, 2))]
    ]
    merged = merge_crosswalks(tmp_path / "out", members)
    assert (merged.files, merged.media, merged.renamed) == (1, 1, 0)
    (media,) = Crosswalk.open(tmp_path / "out").media()
    assert media.labels == (A, B)
    assert set(Crosswalk.open(tmp_path / "out").lookup(media.sha256)) == {"phash", "vpdq"}


def test_a_name_of_different_bytes_gets_the_name_of_its_member(
    write_crosswalk: Any, make_media: Any, make_failure: Any, tmp_path: Path
) -> None:
    first, second = make_media("x", "one"), make_media("x", "two")
    roots = [
        write_crosswalk([HashedFile(media=first, hashes=(phash(1),))], name="a"),
        write_crosswalk([HashedFile(media=second, failures=(make_failure(second),))], name="b c"),
        write_crosswalk([HashedFile(media=second)], name="d"),
    ]
    merged = merge_crosswalks(tmp_path / "out", roots[:2])
    assert merged.renamed == 1
    renamed = f"{first.uri}#b%20c"
    assert contents(tmp_path / "out") == (
        {first.uri: first.sha256, renamed: second.sha256},
        [(first.sha256, phash(1))],
        [(renamed, "*")],
    )
    merge_crosswalks(tmp_path / "all", roots)
    assert contents(tmp_path / "all")[0] == {first.uri: first.sha256, renamed: second.sha256}


def test_members_of_the_same_name_are_told_apart(
    write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    members = [
        write_crosswalk([HashedFile(media=make_media("x", place))], name=f"{place}/walk")
        for place in ("one", "two")
    ]
    merge_crosswalks(tmp_path / "out", members)
    assert list(contents(tmp_path / "out")[0]) == ["file:///media/x", "file:///media/x#walk-2"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("readable", [True, False])
def test_what_one_member_could_hash_has_not_failed(
    order: Sequence[int], readable: Any, write_crosswalk: Any, make_media: Any, make_failure: Any
) -> None:
    media = make_media("x")
    failed = HashedFile(
        media=media if readable else None,
        failures=(make_failure(media, readable=readable), make_failure(media, "phash")),
    )
    members = [
        write_crosswalk([failed], name="a"),
        write_crosswalk([HashedFile(media=media, hashes=(phash(1),))], name="b"),
    ]
    out = members[0].with_name("out")
    merge_crosswalks(out, [members[i] for i in order])
    assert contents(out)[2] == []


def test_what_no_member_could_hash_has_failed_once(
    write_crosswalk: Any, make_media: Any, make_failure: Any, tmp_path: Path
) -> None:
    media = make_media("x")
    failed = HashedFile(media=media, failures=(make_failure(media),))
    unread = HashedFile(media=None, failures=(make_failure(media, readable=False),))
    rows = {"a": unread, "b": failed, "c": failed}
    members = [write_crosswalk([row], name=name) for name, row in rows.items()]
    merge_crosswalks(tmp_path / "out", members)
    (failure,) = Crosswalk.open(tmp_path / "out").failures()
    assert failure.sha256 == media.sha256


@pytest.fixture
def differing(write_crosswalk: Any, make_media: Any) -> list[Path]:
    """Three members, of which the third disagrees on a phash and on a frame list."""
    media = make_media("x")
    return [
        write_crosswalk([HashedFile(media=media, hashes=values)], name=name)
        for name, values in [
            ("a", (phash(1),)),
            ("b", (phash(1), frames(1, 2))),
            ("c", (phash(3), frames(2, 1))),
        ]
    ]


def test_different_hashes_of_the_same_bytes_are_a_conflict(
    differing: list[Path], tmp_path: Path
) -> None:
    with pytest.raises(
        CrosswalkConflictError, match=r"2 different .*\(phash, vpdq\).*`--on-conflict first`"
    ) as e:
        merge_crosswalks(tmp_path / "out", differing)
    assert [(c[1], c[2][1]) for c in e.value.conflicts] == [("phash", "c"), ("vpdq", "c")]
    assert not (tmp_path / "out").exists()


def test_with_the_policy_first_the_first_member_that_has_a_hash_wins(
    differing: list[Path], tmp_path: Path
) -> None:
    merged = merge_crosswalks(tmp_path / "out", differing, on_conflict="first")
    assert len(merged.conflicts) == 2
    assert [value for _, value in contents(tmp_path / "out")[1]] == [phash(1), frames(1, 2)]


def test_a_merge_of_one_is_a_copy(
    write_crosswalk: Any, make_media: Any, make_failure: Any, tmp_path: Path
) -> None:
    media, broken = make_media("x"), make_media("y")
    root = write_crosswalk(
        [HashedFile(media=media, hashes=(phash(1), frames(1, 2)))],
        [HashedFile(media=broken, failures=(make_failure(broken, "phash"),))],
    )
    merge_crosswalks(tmp_path / "out", [root])
    assert contents(tmp_path / "out") == contents(root)


def test_formats_of_two_versions_cannot_be_merged(write_crosswalk: Any, tmp_path: Path) -> None:
    members = [write_crosswalk(name="a"), write_crosswalk(name="b")]
    manifest = members[1] / "crosswalk.json"
    manifest.write_text(manifest.read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(CrosswalkSchemaError, match=r"/b has version 2"):
        merge_crosswalks(tmp_path / "out", members)


def test_damage_that_only_checksums_tell_is_not_copied_into_sound_parts(
    write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    """SQL reads the value with other bits; merged, they would have a checksum that fits."""
    value = Hash.of("gone", bytes(range(256)) * 16)
    root = write_crosswalk([HashedFile(media=make_media("x"), hashes=(value,))])
    part = root / "hashes" / "000000000001.parquet"
    column = pq.read_metadata(part).row_group(0).column(3)
    data = bytearray(part.read_bytes())
    data[column.data_page_offset + column.total_compressed_size - 100] ^= 1
    part.write_bytes(data)
    with pytest.raises(
        CrosswalkSchemaError, match=r"walk/hashes/0{11}1\.parquet .*nothing was merged"
    ):
        merge_crosswalks(tmp_path / "out", [write_crosswalk(name="sound"), root])
    assert not (tmp_path / "out").exists()


def test_what_a_missing_part_held_is_left_out_of_a_merge(
    write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    """So that a cross-walk becomes sound again whose lost hashes were computed once more."""
    result = HashedFile(media=make_media("x"), hashes=(phash(1),))
    root = write_crosswalk([result], [result])
    (root / "hashes" / "000000000001.parquet").unlink()
    assert len(Crosswalk.open(root).verify().problems) == 1
    merge_crosswalks(tmp_path / "out", [root])
    assert contents(tmp_path / "out")[1] == [(result.media.sha256, phash(1))]


def test_a_merge_writes_into_a_new_folder_alone(write_crosswalk: Any, tmp_path: Path) -> None:
    root = write_crosswalk()
    with pytest.raises(UsageError, match="is there already"):
        merge_crosswalks(root, [root])
    with pytest.raises(UsageError, match="nothing to merge"):
        merge_crosswalks(tmp_path / "out", [])
    with pytest.raises(UsageError, match="choose error or first"):
        merge_crosswalks(tmp_path / "out", [root], on_conflict="last")
    with pytest.raises(CrosswalkError, match="no cross-walk"):
        merge_crosswalks(tmp_path / "out", [tmp_path / "nowhere"])


def test_leftovers_of_a_killed_merge_do_not_get_in_the_way(
    write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    left = tmp_path / ".out.tmp" / "media"
    left.mkdir(parents=True)
    (left / "000000000001.parquet").touch()
    merge_crosswalks(tmp_path / "out", [write_crosswalk([HashedFile(media=make_media("x"))])])
    assert list(contents(tmp_path / "out")[0]) == ["file:///media/x"]
    assert not (tmp_path / ".out.tmp").exists()


def test_a_new_name_that_is_in_use_is_refused(
    write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    members = [
        write_crosswalk(
            [HashedFile(media=make_media("x", "1")), HashedFile(media=make_media("x#b", "2"))],
            name="a",
        ),
        write_crosswalk([HashedFile(media=make_media("x", "3"))], name="b"),
    ]
    with pytest.raises(CrosswalkError, match="is in use already"):
        merge_crosswalks(tmp_path / "out", members)
    assert not (tmp_path / "out").exists()


def test_compacting_keeps_what_readers_see_in_one_batch(
    write_crosswalk: Any, make_media: Any, make_failure: Any
) -> None:
    broken = make_media("y")
    root = write_crosswalk(
        [HashedFile(media=make_media("x", "old"), hashes=(phash(0),))],
        [HashedFile(media=make_media("x"), hashes=(phash(1), frames(3)))],
        [HashedFile(media=make_media("x"), hashes=(frames(1, 2),))],
        [HashedFile(media=broken, failures=(make_failure(broken), make_failure(broken, "vpdq")))],
    )
    media, hashes, failures = contents(root)
    assert compact_crosswalk(root) == (8, 3)
    assert [p.name for p in (root / "media").iterdir()] == ["000000000005.parquet"]
    kept = [(sha256, value) for sha256, value in hashes if sha256 in media.values()]
    assert contents(root) == (media, kept, failures)
    with CrosswalkWriter.open(root, formats=()) as writer:
        writer.add(HashedFile(media=make_media("z")))
    assert Crosswalk.open(root).count_files() == 3


def test_a_cross_walk_is_not_compacted_under_a_writer(write_crosswalk: Any) -> None:
    root = write_crosswalk()
    with CrosswalkWriter.open(root, formats=()), pytest.raises(CrosswalkBusyError):
        compact_crosswalk(root)


def test_compacting_says_what_the_system_refuses(write_crosswalk: Any) -> None:
    root = write_crosswalk()
    (root / ".lock").unlink()
    (root / ".lock").mkdir()
    with pytest.raises(CrosswalkError, match=r"cannot write to .*walk \(Is a directory\)"):
        compact_crosswalk(root)
