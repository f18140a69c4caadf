"""Every kind of damage is found, a line each, without a hash value in it."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from hashwalk.crosswalk import (
    Crosswalk,
    CrosswalkWriter,
    FormatEntry,
    Manifest,
    compact_crosswalk,
)
from hashwalk.crosswalk.schema import Table, rows_note
from hashwalk.errors import CrosswalkSchemaError
from hashwalk.format import Hash, Part
from hashwalk.hashing import hash_file
from hashwalk.registry import get_format
from hashwalk.results import HashedFile

Damage = Callable[[Path], object]

VALUE = bytes.fromhex("c0ffee00c0ffee00")
MEDIA, HASHES, FAILURES = (
    Path(table, "000000000001.parquet") for table in ("media", "hashes", "failures")
)


def batches(make_media: Any, make_failure: Any) -> list[list[HashedFile]]:
    """Two batches: a picture with a failure, and a clip."""
    picture, clip = make_media("a.jpg"), make_media("b.mp4", kind="video")
    clip_hash = Hash("vpdq", tuple(Part(bytes([n]) * 32, 99, float(n), n) for n in range(3)))
    failed = (make_failure(picture, "gone"),)
    return [
        [
            HashedFile(media=picture, hashes=(Hash.of("phash", VALUE),), failures=failed),
            HashedFile(media=clip, hashes=(clip_hash,)),
        ],
        [HashedFile(media=make_media("c.jpg"))],
    ]


@pytest.fixture
def walk(write_crosswalk: Any, make_media: Any, make_failure: Any) -> Path:
    root: Path = write_crosswalk(*batches(make_media, make_failure))
    return root


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Replace a part by another that is whole, keeping its notes."""
    pq.write_table(change(pq.read_table(path)), path)


def cut(root: Path) -> None:
    data = (root / HASHES).read_bytes()
    (root / HASHES).write_bytes(data[: len(data) // 2])


def flip(root: Path) -> None:
    """Change the last byte of the values."""
    path = root / HASHES
    data = bytearray(path.read_bytes())
    column = pq.read_metadata(path).row_group(0).column(3)
    data[column.data_page_offset + column.total_compressed_size - 1] ^= 0xFF
    path.write_bytes(data)


def another_type(root: Path) -> None:
    rewrite(root / MEDIA, lambda t: t.set_column(3, "size", t["size"].cast(pa.float64())))


def with_column(
    name: str, values: Callable[[pa.Table], pa.Array]
) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        place = table.schema.get_field_index(name)
        field = table.schema.field(name)
        return table.set_column(place, field, values(table).cast(field.type))

    return change


def first_replaced(name: str, value: object) -> Callable[[pa.Table], pa.Table]:
    return with_column(name, lambda t: pa.array([value, *t[name].to_pylist()[1:]]))


def nullable(name: str) -> Callable[[pa.Table], pa.Table]:
    """Make the first value null, in a column that may be."""

    def change(table: pa.Table) -> pa.Table:
        field = table.schema.field(name).with_nullable(True)
        values = pa.array([None, *table[name].to_pylist()[1:]], field.type)
        return table.set_column(table.schema.get_field_index(name), field, values)

    return change


def foreign_column(root: Path) -> None:
    rewrite(root / HASHES, lambda t: t.append_column("note", pa.array(["x"] * len(t))))


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a cut part": (cut, f"{HASHES}: cannot be read"),
    "a flipped byte": (flip, f"{HASHES}: cannot be read"),
    "a part that is gone": (
        lambda root: (root / HASHES).unlink(),
        f"{HASHES}: is missing: its batch has 4 rows of it",
    ),
    "a batch that is gone": (
        lambda root: (root / MEDIA).unlink(),
        "hashes/000000000001.parquet: belongs to no committed batch",
    ),
    "a foreign column": (foreign_column, f"{HASHES}: has columns that are not in the schema: note"),
    "a missing column": (
        lambda root: rewrite(root / HASHES, lambda t: t.drop_columns(["quality"])),
        f"{HASHES}: has no column quality",
    ),
    "another type": (
        another_type,
        f"{MEDIA}: has columns of another type or order: size",
    ),
    "rows of another batch": (
        lambda root: rewrite(root / MEDIA, first_replaced("batch", 2)),
        f"{MEDIA}: has rows of another batch",
    ),
    "rows that are gone": (
        lambda root: rewrite(root / HASHES, lambda t: t.slice(0, 3)),
        f"{HASHES}: has 3 rows, its batch was committed with 4",
    ),
    "a value of the wrong length": (
        lambda root: rewrite(root / HASHES, first_replaced("value", VALUE[:5])),
        f"{HASHES}: 1 phash values of 5 bytes instead of 8",
    ),
    "an empty value": (
        lambda root: rewrite(root / HASHES, first_replaced("value", b"")),
        f"{HASHES}: 1 phash values of 0 bytes instead of 8",
    ),
    "parts that are not numbered": (
        lambda root: rewrite(root / HASHES, with_column("part", lambda t: pa.array([0, 0, 1, 3]))),
        f"{HASHES}: 1 hashes whose parts are not numbered 0, 1, 2…",
    ),
    "parts of a format that has one": (
        lambda root: rewrite(
            root / HASHES, with_column("format", lambda t: pa.array(["phash"] * 4))
        ),
        f"{HASHES}: phash hashes of several parts, the format has one",
    ),
    "a key twice": (
        lambda root: rewrite(root / HASHES, with_column("part", lambda t: pa.array([0, 0, 1, 1]))),
        f"{HASHES}: 1 keys (sha256, format, part) more than once",
    ),
    "a hash without media": (
        lambda root: rewrite(root / HASHES, first_replaced("sha256", "0" * 64)),
        f"{HASHES}: 1 rows whose sha256 has no media row",
    ),
    "a malformed sha256": (
        lambda root: rewrite(root / MEDIA, first_replaced("sha256", "A" * 64)),
        f"{MEDIA}: 1 rows with a sha256 that is not 64 hexadecimal digits",
    ),
    "a malformed md5": (
        lambda root: rewrite(root / MEDIA, first_replaced("md5", "no")),
        f"{MEDIA}: 1 rows with a malformed md5",
    ),
    "an unknown type": (
        lambda root: rewrite(root / MEDIA, first_replaced("type", "sound")),
        f"{MEDIA}: 1 rows with an unknown type",
    ),
    "an unknown failure code": (
        lambda root: rewrite(root / FAILURES, first_replaced("code", "bored")),
        f"{FAILURES}: 1 rows with an unknown failure code",
    ),
    "an unknown format": (
        lambda root: rewrite(root / HASHES, first_replaced("format", "other")),
        f"{HASHES}: 1 rows of other, which is not in the manifest",
    ),
    "a note of rows that is no number": (
        lambda root: rewrite(
            root / MEDIA,
            lambda t: t.replace_schema_metadata(
                t.schema.metadata | {rows_note(Table.HASHES): b"x"}
            ),
        ),
        f"{MEDIA}: says something else than a number of rows of hashes",
    ),
    "a part without the note of its batch": (
        lambda root: rewrite(root / FAILURES, lambda t: t.replace_schema_metadata({})),
        f"{FAILURES}: belongs to another batch, or to another cross-walk",
    ),
    "a null where none may be": (
        lambda root: rewrite(root / HASHES, nullable("value")),
        f"{HASHES}: has columns of another type or order: value",
    ),
    "a label that is null": (
        lambda root: rewrite(root / MEDIA, first_replaced("labels", [None])),
        f"{MEDIA}: 1 rows with a label that is null, or has a field that is",
    ),
    "a label without a code": (
        lambda root: rewrite(
            root / MEDIA,
            first_replaced("labels", [{"scheme": "s", "version": "1", "region": "", "code": None}]),
        ),
        f"{MEDIA}: 1 rows with a label that is null, or has a field that is",
    ),
    "a format of two lines": (
        lambda root: rewrite(root / HASHES, first_replaced("format", "two\nlines")),
        f"{HASHES}: 1 rows of two\\nlines, which is not in the manifest",
    ),
    "a folder in place of a part": (
        lambda root: ((root / HASHES).unlink(), (root / HASHES).mkdir()),
        f"{HASHES}: cannot be read",
    ),
    "a file in place of a folder": (
        lambda root: (shutil.rmtree(root / "failures"), (root / "failures").touch()),
        "failures: is a file where a folder of parts should be",
    ),
    "a temporary file": (
        lambda root: (root / "media" / ".000000000009.parquet.tmp").touch(),
        "media/.000000000009.parquet.tmp: belongs to no committed batch",
    ),
}


def test_a_sound_cross_walk_has_no_problems(walk: Path) -> None:
    found = Crosswalk.open(walk).verify()
    assert found.problems == ()
    assert (found.parts, found.rows) == (4, {"media": 3, "hashes": 4, "failures": 1})


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_is_found_and_named(kind: str, walk: Path) -> None:
    damage, wanted = DAMAGES[kind]
    damage(walk)
    problems = Crosswalk.open(walk).verify().problems
    assert [p for p in problems if p.startswith(wanted)], problems
    assert not [p for p in problems if VALUE.hex() in p or "\n" in p]


@pytest.mark.parametrize("part", [MEDIA, HASHES, FAILURES])
def test_a_part_of_another_cross_walk_of_the_same_media_is_found(
    part: Path, walk: Path, write_crosswalk: Any, make_media: Any, make_failure: Any
) -> None:
    """Its rows are as many, and of the same keys."""
    other = write_crosswalk(*batches(make_media, make_failure), name="other")
    shutil.copy(other / part, walk / part)
    problems = Crosswalk.open(walk).verify().problems
    assert f"{HASHES}: belongs to another batch, or to another cross-walk" in problems or (
        f"{FAILURES}: belongs to another batch, or to another cross-walk" in problems
    )


def test_bits_behind_the_last_of_a_value_are_found(tmp_path: Path, make_media: Any) -> None:
    entry = FormatEntry(version=1, kind="picture", shape="whole", bits=63)
    manifest = Manifest.new().with_formats({"odd": entry}, "the test")
    with CrosswalkWriter.create(tmp_path / "walk", manifest) as writer:
        for number, last in enumerate((0xFE, 0x01)):
            value = Hash.of("odd", bytes(7) + bytes([last]))
            writer.add(HashedFile(media=make_media(str(number)), hashes=(value,)))
    problems = Crosswalk.open(tmp_path / "walk").verify().problems
    assert problems == (f"{HASHES}: 1 odd values of more than 63 bits",)


def test_a_batch_that_is_missing_between_others_is_named(walk: Path, make_media: Any) -> None:
    with CrosswalkWriter.open(walk, formats=()) as writer:
        writer.add(HashedFile(media=make_media("d.jpg")))
    (walk / "media" / "000000000002.parquet").unlink()
    (problem,) = Crosswalk.open(walk).verify().problems
    assert problem == "media/000000000002.parquet: is missing, and its batch with it"


def test_what_a_job_is_writing_right_now_is_no_problem(walk: Path) -> None:
    with CrosswalkWriter.open(walk, formats=()):
        (walk / "media" / ".000000000003.parquet.tmp").touch()
        assert Crosswalk.open(walk).verify().problems == ()


@pytest.fixture
def hashed_pictures(tmp_path: Path) -> Path:
    """A cross-walk of four generated pictures."""
    formats = ["phash", "md5"]
    made = [get_format(f) for f in formats]
    with CrosswalkWriter.open(tmp_path / "walk", formats=made) as writer:
        for number in range(4):
            picture = tmp_path / f"a b#{number}.png"
            Image.radial_gradient("L").rotate(number * 20).save(picture)
            writer.add(hash_file(picture, formats))
    return tmp_path / "walk"


def test_a_sample_of_sound_media_agrees(hashed_pictures: Path) -> None:
    found = Crosswalk.open(hashed_pictures).verify(sample=3)
    assert (found.problems, found.compared, found.unavailable) == ((), 3, 0)


def test_a_sample_tells_hashes_that_are_not_those_of_the_file(hashed_pictures: Path) -> None:
    def other(path: Path, formats: list[str]) -> HashedFile:
        found = hash_file(path, formats)
        return dataclasses.replace(found, hashes=(Hash.of("phash", VALUE),))

    problems = Crosswalk.open(hashed_pictures).verify(sample=1, rehash=other).problems
    assert [p.split(": ", 1)[1] for p in problems] == [
        "md5 is recorded, but cannot be computed now",
        "the phash of the file is not the recorded one",
    ]


def test_files_that_are_gone_or_changed_are_counted_not_blamed(hashed_pictures: Path) -> None:
    first, second, *_ = sorted(hashed_pictures.parent.glob("*.png"))
    first.unlink()
    second.write_bytes(b"something else")
    found = Crosswalk.open(hashed_pictures).verify(sample=10)
    assert (found.problems, found.compared, found.unavailable) == ((), 2, 2)


def test_a_seed_picks_the_same_files_again(hashed_pictures: Path) -> None:
    def picked(seed: int) -> list[Path]:
        paths: list[Path] = []

        def note(path: Path, formats: list[str]) -> HashedFile:
            paths.append(path)
            return hash_file(path, formats)

        Crosswalk.open(hashed_pictures).verify(sample=2, seed=seed, rehash=note)
        return paths

    assert picked(1) == picked(1)
    assert len({tuple(picked(seed)) for seed in range(8)}) > 1


@pytest.mark.parametrize(
    "damage", [cut, flip, another_type, foreign_column, lambda root: (root / HASHES).unlink()]
)
def test_what_is_damaged_is_not_compacted_away(damage: Damage, walk: Path) -> None:
    damage(walk)
    before = {p: p.read_bytes() for p in walk.rglob("*") if p.is_file()}
    with pytest.raises(CrosswalkSchemaError, match=r"000000000001\.parquet.*crosswalk verify"):
        compact_crosswalk(walk)
    assert {p: p.read_bytes() for p in walk.rglob("*") if p.is_file()} == before


def test_parts_of_a_batch_that_lost_its_mark_are_not_compacted_away(
    walk: Path, make_media: Any
) -> None:
    with CrosswalkWriter.open(walk, formats=()) as writer:
        writer.add(HashedFile(media=make_media("d.jpg"), hashes=(Hash.of("phash", VALUE),)))
    (walk / "media" / "000000000002.parquet").unlink()
    (walk / "hashes" / "000000000002.parquet").touch()
    with pytest.raises(CrosswalkSchemaError, match="is missing, and its batch with it"):
        compact_crosswalk(walk)
    assert (walk / "hashes" / "000000000002.parquet").exists()


def test_no_text_of_a_damaged_part_is_in_a_problem(walk: Path) -> None:
    cut(walk)
    (problem,) = Crosswalk.open(walk).verify().problems
    assert problem == f"{HASHES}: cannot be read (ArrowInvalid): restore it from a copy"
