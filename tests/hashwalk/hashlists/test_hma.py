"""HMA bank signals: an object a medium, each field a signal type with its hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from hashwalk.errors import HashListError
from hashwalk.hashlists import Loss, MediaType, Record, Reject, Status, read_list, write_list

PDQ = hashlib.sha256(b"a landscape").hexdigest()
MD5 = PDQ[:32]


def read(path: Path, text: str) -> tuple[list[Record], list[Reject]]:
    path.write_text(text)
    rejects: list[Reject] = []
    return list(read_list(path, on_reject=rejects.append)), rejects


def write(path: Path, *records: Record) -> tuple[list[dict[str, Any]], Loss]:
    loss = write_list(records, path, "hma")
    return [json.loads(line) for line in path.read_text().splitlines()], loss


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "signals.json"


def test_the_signals_of_an_object_are_of_one_medium(path: Path) -> None:
    found, rejects = read(path, json.dumps({"pdq": PDQ, "video_md5": MD5, "note": "a note"}))
    assert not rejects
    assert found == [
        Record(
            algorithm="pdq",
            media_type=MediaType.PICTURE,
            value=PDQ,
            source="hma",
            media_uid="$",
            raw={"pdq": PDQ, "note": "a note"},
        ),
        Record(
            algorithm="md5",
            media_type=MediaType.VIDEO,
            value=MD5,
            source="hma",
            media_uid="$",
            raw={"video_md5": MD5, "note": "a note"},
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f'[{{"pdq": "{PDQ}"}}, {{"video_md5": "{MD5}"}}]',
        f'{{"pdq": "{PDQ}"}}\n{{"video_md5": "{MD5}"}}\n',
        f'\ufeff{{"pdq": "{PDQ}"}}\r\n\r\n{{"video_md5": "{MD5}"}}\r\n',
    ],
)
def test_objects_come_in_an_array_or_one_a_line(path: Path, text: str) -> None:
    found, rejects = read(path, text)
    assert [each.algorithm for each in found] == ["pdq", "md5"]
    assert not rejects
    assert len({each.media_uid for each in found}) == 2


def test_a_malformed_signal_costs_no_other_of_its_object(path: Path) -> None:
    text = json.dumps([{"pdq": PDQ[:-1], "video_md5": MD5, "vpdq": None}, {"note": "a note"}, 3])
    (found,), rejects = read(path, text)
    assert found.value == MD5
    assert [each.where for each in rejects] == ["$[0].pdq", "$[0].vpdq", "$[1]", "$[2]"]
    assert json.loads(rejects[0].start)["pdq"] == PDQ[:-1]


def test_what_is_written_is_read_again_medium_by_medium(path: Path) -> None:
    objects = [{"pdq": PDQ, "video_md5": MD5, "note": "é"}, {"pdq": PDQ}, {"of_tomorrow": "x"}]
    path.write_text(json.dumps(objects))
    written, loss = write(path, *list(read_list(path)))
    assert written == objects
    assert loss == Loss(written=4)


def test_two_hashes_of_one_type_are_two_objects(path: Path) -> None:
    records = [Record(algorithm="pdq", value=PDQ, media_uid="a") for _ in range(2)]
    assert write(path, *records)[0] == [{"pdq": PDQ}, {"pdq": PDQ}]


def test_a_tombstone_is_never_written_as_a_live_signal(path: Path) -> None:
    records = [Record(algorithm="pdq", value=PDQ, status=status) for status in Status]
    written, loss = write(path, *records)
    assert (written, loss.written) == ([{"pdq": PDQ}], 1)
    assert sum(loss.left_out.values()) == 2


@pytest.mark.parametrize("other", ["", '{"pdq":', "x", '{"pdq": 1} x'])
def test_another_document_is_refused(path: Path, other: str) -> None:
    path.write_text(other)
    with pytest.raises(HashListError, match=path.name):
        list(read_list(path, container="hma"))


@pytest.mark.oracle
def test_python_threatexchange_accepts_the_signals_written(path: Path) -> None:
    signal = pytest.importorskip("threatexchange.signal_type.pdq.signal").PdqSignal
    md5 = pytest.importorskip("threatexchange.signal_type.md5").VideoMD5Signal
    (written,), _ = write(
        path,
        Record(algorithm="pdq", value=PDQ.upper(), media_uid="a"),
        Record(algorithm="md5", media_type=MediaType.VIDEO, value=MD5.upper(), media_uid="a"),
    )
    kinds = (signal, md5)
    assert [kind.validate_signal_str(written[kind.get_name()]) for kind in kinds] == [PDQ, MD5]
