"""Whatever happens to the files of a cross-walk is told, a line each, and breaks no reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hashwalk.crosswalk import Crosswalk
from hashwalk.errors import CrosswalkSchemaError, HashwalkError
from hashwalk.format import Hash, Part
from hashwalk.results import HashedFile, Label

PARTS = [f"{table}/{n:012}.parquet" for table in ("media", "hashes", "failures") for n in (1, 2)]

Damage = Callable[[bytearray, float], None]


def cut(data: bytearray, place: float) -> None:
    del data[int(place * len(data)) :]


def flip(data: bytearray, place: float) -> None:
    data[int(place * len(data))] ^= 0xFF


def flip_in_footer(data: bytearray, place: float) -> None:
    """Where the schema, the statistics and the places of the columns are."""
    footer = int.from_bytes(data[-8:-4], "little")
    data[len(data) - 8 - footer + int(place * footer)] ^= 0x81


def blank(data: bytearray, place: float) -> None:
    at = int(place * len(data))
    data[at : at + 20] = bytes(len(data[at : at + 20]))


@pytest.fixture
def walk(write_crosswalk: Any, make_media: Any, make_failure: Any) -> Path:
    """Two batches of three parts."""
    value = Hash("gone", (Part(b"abc", 5, 1.0, 2), Part(b"de")))
    batches = []
    for number in range(2):
        media = make_media(str(number), labels=[Label("s", "1", "", "x")])
        failure = make_failure(media, "phash")
        batches.append([HashedFile(media=media, hashes=(value,), failures=(failure,))])
    root: Path = write_crosswalk(*batches)
    return root


def readers(root: Path) -> list[Callable[[], object]]:
    read = Crosswalk.open(root)
    return [
        lambda: list(read.media()),
        lambda: list(read.hashes()),
        lambda: list(read.hash_columns("gone")),
        lambda: list(read.failures()),
        read.coverage,
    ]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    part=st.sampled_from(PARTS),
    damage=st.sampled_from([cut, flip, flip_in_footer, blank]),
    place=st.floats(0, 1, exclude_max=True),
)
@example(part=PARTS[0], damage=cut, place=0.0)
@example(part=PARTS[0], damage=flip_in_footer, place=0.078125)  # the name of a field
def test_damaged_parts_are_told_and_break_no_reader(
    part: str, damage: Damage, place: float, walk: Path
) -> None:
    data = bytearray((walk / part).read_bytes())
    whole = bytes(data)
    damage(data, place)
    (walk / part).write_bytes(data)
    try:
        problems = Crosswalk.open(walk).verify().problems
        assert all(problem.isprintable() for problem in problems)
        if damage is cut:
            assert any(problem.startswith(f"{part}: cannot be read") for problem in problems)
        for read in readers(walk):
            try:
                read()
            except HashwalkError as error:
                assert str(error).isprintable()  # noqa: PT017
    finally:
        (walk / part).write_bytes(whole)


def test_a_column_whose_name_is_no_text_is_damage(walk: Path) -> None:
    """Its name is quoted by errors that are no UTF-8 then."""
    part = walk / PARTS[2]
    part.write_bytes(part.read_bytes().replace(b"frame_index", b"frame\xa2index"))
    (problem,) = Crosswalk.open(walk).verify().problems
    assert problem == f"{PARTS[2]}: cannot be read (UnicodeDecodeError): restore it from a copy"
    for read in readers(walk):
        with pytest.raises(CrosswalkSchemaError, match="cannot be read"):
            read()


def test_a_part_that_sql_alone_cannot_read_is_named(walk: Path) -> None:
    """A bit of the list of the columns' orders, in the footer, which Arrow passes over."""
    data = bytearray((walk / PARTS[4]).read_bytes())
    data[data.rindex(b"\x19\x8c\x1c")] ^= 4
    (walk / PARTS[4]).write_bytes(data)
    (problem,) = Crosswalk.open(walk).verify().problems
    assert problem.startswith(f"{PARTS[4]}: cannot be read")
