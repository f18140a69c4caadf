"""A record that a list cannot say is left out as a whole: it counts among no field's losses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hashwalk.hashlists import Record, Status, write_list
from hashwalk.hashlists.record import Feedback, MediaType
from hashwalk.results import Label

FULL = Record(
    media_uid="medium",
    media_type=MediaType.PICTURE,
    algorithm="phash",
    implementation="imagehash",
    version="4.3",
    encoding="hex",
    bit_order="msb",
    value="d879f8f89b1bbf00",
    quality=7,
    frame_time_s=1.5,
    source="somebody",
    member_id="17",
    entry_id="entry",
    labels=(Label("scheme", "1", "EU", "A1"),),
    feedback=(Feedback("member", "Blocked"),),
    created="2026-01-01T00:00:00Z",
    updated="2026-01-02T00:00:00Z",
    raw={"key": "value"},
)
"""A record that holds every field but a translation."""


@pytest.mark.parametrize(
    ("container", "unsayable"),
    [
        ("hex-lines", replace(FULL, algorithm="anything", value="no digits")),
        ("tx-file", replace(FULL, algorithm="anything", value="two\nlines")),
        ("stopncii", FULL),
        ("stopncii", replace(FULL, algorithm="pdq", value=None, status=Status.DELETED)),
        ("threatexchange", replace(FULL, value=None, status=Status.DELETED)),
        ("threatexchange", replace(FULL, algorithm="anything", value="x" * 1_000_000)),
        ("ncmec", replace(FULL, algorithm="md5", value="0" * 32, entry_id=None)),
    ],
)
def test_a_record_that_the_writer_leaves_out_has_lost_no_field(
    tmp_path: Path, container: str, unsayable: Record
) -> None:
    loss = write_list([unsayable], tmp_path / "out", container)
    assert (loss.written, sum(loss.left_out.values()), +loss.fields) == (0, 1, {})


def test_of_two_algorithms_that_one_alone_can_be_written_only_its_own_fields_are_lost(
    tmp_path: Path,
) -> None:
    others = [replace(FULL, algorithm="dhash"), replace(FULL, algorithm="ahash")]
    loss = write_list([FULL, *others, FULL], tmp_path / "out", "hex-lines")
    assert (loss.written, sum(loss.left_out.values())) == (2, 2)
    assert set(loss.fields.values()) == {2}
    assert {"labels", "feedback", "raw", "source", "entry_id"} <= loss.fields.keys()
