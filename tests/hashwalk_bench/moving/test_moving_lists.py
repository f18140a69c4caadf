"""A list of edited copies is translated as hashwalk translates lists, and counted by outcome."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hashwalk import Crosswalk, Hash, HashedFile, Media, get_format
from hashwalk.crosswalk import CrosswalkWriter
from hashwalk.hashlists import Record
from hashwalk.translation import Fate as Told
from hashwalk.translation import translate
from hashwalk_bench.moving.copies import Copies, Hashes
from hashwalk_bench.moving.fates import Fate, fates
from hashwalk_bench.moving.lists import moved, moved_recall, search
from hashwalk_bench.moving.sample import NOBODY, sampled

FLOOR = 50


def bits(value: int) -> bytes:
    return value.to_bytes(32, "big")


def pdq(value: int, quality: int = 100) -> Hash:
    return Hash.of("pdq", bits(value), quality)


def phash(value: int) -> Hash:
    return Hash.of("phash", value.to_bytes(8, "big"))


def flipped(value: int, count: int) -> int:
    """Return `value` with its last `count` bits turned."""
    return value ^ ((1 << count) - 1)


def copies_of(own: Sequence[int], transform: Sequence[int], node: Sequence[int]) -> Copies:
    names = [(f"t{number}", "family") for number in range(max(transform) + 1)]
    keys = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(len(node))]
    return Copies(np.array(node), keys, np.array(own), np.array(transform), names)


def hashes_of(references: Sequence[Hash | None], copies: Sequence[Hash | None]) -> Hashes:
    some = next(value for value in (*references, *copies) if value is not None)
    held = {number: value for number, value in enumerate(references) if value is not None}
    return Hashes(get_format(some.format), held, copies)


FAR = [0, (1 << 100) - 1 << 100, (1 << 60) - 1 << 190, (1 << 100) - 1 << 20]
"""Values of PDQ that are at least 60 bits apart."""


def crosswalk_of(folder: Path, references: Sequence[Sequence[Hash | None]]) -> Crosswalk:
    formats = [get_format(name) for name in ("pdq", "phash")]
    with CrosswalkWriter.open(folder, formats=formats) as writer:
        for number, hashes in enumerate(references):
            name = hashlib.sha256(b"%d" % number).hexdigest()
            row = Media(
                uri=f"file:///{number}",
                sha256=name,
                md5=name[:32],
                size=1,
                mtime_ns=1,
                type="picture",
            )
            held = tuple(value for value in hashes if value is not None)
            writer.add(HashedFile(media=row, hashes=held, failures=()))
    return Crosswalk.open(folder)


def test_every_copy_has_the_outcome_that_translating_its_record_has(tmp_path: Path) -> None:
    """Against `translate` with a cross-walk of the references, over random hashes."""
    random = np.random.default_rng(5)
    own = random.integers(0, 8, 200)
    held = [pdq(FAR[n % 4] ^ (1 << 255 if n > 3 else 0), 10 if n == 5 else 90) for n in range(8)]
    held[7] = held[6]
    targets = [None if n == 2 else phash(n) for n in range(8)]
    copies = [
        pdq(flipped(int.from_bytes(held[n].value), int(flips)))
        for n, flips in zip(own.tolist(), random.integers(0, 60, 200), strict=True)
    ]
    walk = crosswalk_of(tmp_path / "walk", list(zip(held, targets, strict=True)))
    records = [Record(algorithm="pdq", value=c.value.hex(), quality=c.quality) for c in copies]
    told = [outcome.fate for outcome in translate(records, walk, to=["phash"])]

    who = copies_of(own.tolist(), [0] * 200, range(8))
    a, b = search(who, hashes_of(held, copies), 0), search(who, hashes_of(targets, [None] * 200), 0)
    found = fates(a.media, who.node, who.own, b.usable)
    same = {
        Fate.AMBIGUOUS: Told.AMBIGUOUS,
        Fate.NONE: Told.UNMATCHED,
        Fate.NO_TARGET: Told.NO_TARGET,
    }
    for fate, expected in zip(found.tolist(), told, strict=True):
        assert same.get(Fate(fate), expected) is expected
        assert (fate in same) == (expected not in {Told.EXACT, Told.NEAR})
    assert len(Counter(found.tolist())) >= 4


def test_a_copy_that_leads_to_another_media_item_is_wrong_and_near_duplicates_are_right() -> None:
    """Reference 1 is a near-duplicate of 0; the third copy looks like reference 2."""
    references = [pdq(FAR[0]), pdq(FAR[1]), pdq(FAR[2])]
    copies = [pdq(flipped(FAR[0], 3)), pdq(FAR[1]), pdq(FAR[2]), pdq(FAR[3])]
    targets = [phash(1), phash(2), phash(3)]
    who = copies_of([0, 0, 0, 2], [0, 1, 2, 3], [0, 0, 1])
    a = search(who, hashes_of(references, copies), 0)
    b = search(who, hashes_of(targets, [phash(1)] * 4), 0)
    rows = {row.transform: row for row in moved(who, [a, b]) if row.a == "pdq"}
    assert [rows[f"t{n}"].list_size for n in range(4)] == [1, 1, 1, 1]
    outcome = {
        name: [r.hits for r in (row.right, row.wrong, row.none)] for name, row in rows.items()
    }
    assert outcome == {"t0": [1, 0, 0], "t1": [1, 0, 0], "t2": [0, 1, 0], "t3": [0, 0, 1]}


def test_two_references_of_one_cluster_count_once_in_a_list() -> None:
    references = [pdq(FAR[0]), pdq(flipped(FAR[0], 1)), pdq(FAR[2])]
    who = copies_of([0, 1, 2], [0, 0, 0], [0, 0, 1])
    a = search(who, hashes_of(references, references), 0)
    b = search(who, hashes_of([phash(1)] * 3, [phash(1)] * 3), 0)
    (row,) = (row for row in moved(who, [a, b]) if row.a == "pdq")
    assert (row.list_size, row.right.hits, row.ambiguous.hits) == (2, 2, 0)


def test_moving_a_list_changes_what_it_finds_by_what_the_other_format_sees() -> None:
    """PDQ: copies 0, 1 of source 0 are 8 bits apart, copy 2 is far from both but for the original.

    In phash all copies have the original's hash. So PDQ finds 2 of 6 ordered pairs, and what is
    moved finds all that its entries led to: those of copies 0 and 1, 4 of 6.
    """
    original = FAR[1]
    copies = [pdq(flipped(original, 4)), pdq(flipped(original, 12)), pdq(original ^ (1 << 60) - 1)]
    who = copies_of([0, 0, 0], [0, 1, 2], [0])
    a = search(who, hashes_of([pdq(original)], copies), 0)
    b = search(who, hashes_of([phash(9)], [phash(9)] * 3), 0)
    rows = {(row.a, row.b): row for row in moved_recall(who, [a, b], 0)}
    there = rows["pdq", "phash"]
    assert (there.before.hits, there.before.trials) == (2, 6)
    assert (there.after.hits, there.after.trials) == (4, 6)
    assert there.change.value is not None
    assert abs(there.change.value - 1 / 3) < 1e-12
    back = rows["phash", "pdq"]
    assert (back.before.hits, back.after.hits) == (6, 4)


def test_an_original_under_the_quality_floor_finds_nothing_but_its_equal() -> None:
    poor = pdq(FAR[0], FLOOR - 1)
    copies = [pdq(FAR[0]), pdq(flipped(FAR[0], 1)), None]
    who = copies_of([0, 0, 0], [0, 1, 2], [0])
    a = search(who, hashes_of([poor], copies), 0)
    b = search(who, hashes_of([phash(1)], [phash(1)] * 3), 0)
    rows = {row.transform: row for row in moved(who, [a, b]) if row.a == "pdq"}
    assert (rows["t0"].right.hits, rows["t1"].none.hits, rows["t2"].list_size) == (1, 1, 0)
    assert rows["t2"].right.value is None
    (back,) = (row for row in moved(who, [b, a]) if (row.a, row.transform) == ("phash", "t0"))
    assert (back.no_target.hits, back.list_size) == (1, 1)


def test_a_copy_under_the_quality_floor_finds_nothing_but_its_equal() -> None:
    copies = [pdq(FAR[0], FLOOR - 1), pdq(flipped(FAR[0], 1), FLOOR - 1)]
    who = copies_of([0, 0], [0, 1], [0])
    a = search(who, hashes_of([pdq(FAR[0])], copies), 0)
    b = search(who, hashes_of([phash(1)], [phash(1)] * 2), 0)
    rows = {row.transform: row for row in moved(who, [a, b]) if row.a == "pdq"}
    assert (rows["t0"].right.hits, rows["t1"].none.hits) == (1, 1)
    there = {(row.a, row.b): row.before.hits for row in moved_recall(who, [a, b], 0)}
    assert there == {("pdq", "phash"): 0, ("phash", "pdq"): 2}


def test_the_same_copies_are_sampled_for_the_same_seed_and_others_for_another() -> None:
    own, keys = np.repeat(np.arange(3), 20), ["a", "b", "c"]
    first = sampled(own, keys, 8, 1)
    assert (first == sampled(own, keys, 8, 1)).all()
    assert (first != sampled(own, keys, 8, 2)).any()
    assert all((own[row] == source).all() for source, row in enumerate(first))
    few = sampled(np.array([0, 0, 2]), keys, 4, 1)
    assert (few == NOBODY).sum(axis=1).tolist() == [2, 4, 3]
