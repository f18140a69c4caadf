"""Files of one vPDQ or TMK+PDQF hash are read and written as other programs have them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk import Hash, Part, get_format
from hashwalk.errors import AmbiguousAlgorithmError, HashListError, UsageError
from hashwalk.hashlists import Record, Status, convert_list, read_list, write_list

FORMS = ("vpdq-text", "vpdq-json", "vpdq-json-frames")
FRAMES = Hash(
    "vpdq",
    (Part(bytes(32), 100, 0.0, 0), Part(bytes(range(32)), 51, 123.456, 30)),
)


def text_in(form: str, value: Hash = FRAMES) -> str:
    return get_format(value.format).render(value, form)


def only(path: Path, algorithm: str | None = None) -> Record:
    (record,) = read_list(path, algorithm=algorithm)
    return record


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrapping", ["{}", "\ufeff{}", "{}\r\n", "\n{}\n\n"])
def test_a_vpdq_file_is_told_by_its_content(tmp_path: Path, form: str, wrapping: str) -> None:
    path = tmp_path / "video.txt"
    path.write_text(wrapping.format(text_in(form)), encoding="utf-8", newline="")
    found = only(path, algorithm="vpdq")
    assert (found.algorithm, found.encoding, found.value) == ("vpdq", form, text_in(form))


def test_a_vpdq_file_does_not_say_how_often_frames_were_sampled(tmp_path: Path) -> None:
    path = tmp_path / "video.txt"
    path.write_text(text_in("vpdq-text"))
    with pytest.raises(AmbiguousAlgorithmError) as raised:
        only(path)
    assert raised.value.candidates == ("vpdq", "vpdq-all")


@pytest.mark.parametrize("written", FORMS)
@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_written_from_each(tmp_path: Path, form: str, written: str) -> None:
    """Only the JSON array has no frame numbers: the report says so, and what needs them fails."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.write_text(text_in(form))
    if (form, written) == ("vpdq-json", "vpdq-json-frames"):
        with pytest.raises(UsageError, match="needs a number for each frame"):
            convert_list(source, out, written_as=written, algorithm="vpdq")
        return
    done = convert_list(source, out, written_as=written, algorithm="vpdq")
    loses = written == "vpdq-json" and form != "vpdq-json"
    assert done.loss.fields.get("frame numbers", 0) == loses
    reported = json.loads((tmp_path / "out.loss.json").read_text())
    assert reported == {"written": 1, "fields": done.loss.fields, "left_out": {}}
    found = get_format("vpdq").parse(only(out, algorithm="vpdq").value or "")
    expected = [(p.value, p.quality, p.time_s) for p in FRAMES.parts]
    assert [(p.value, p.quality, p.time_s) for p in found.parts] == expected


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.integers(0, 100)), min_size=1),
    st.sampled_from(["vpdq-text", "vpdq-json-frames"]),
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, frames: list[tuple[bytes, int]], form: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"written.{form}"
    parts = (Part(value, quality, n / 3, n) for n, (value, quality) in enumerate(frames))
    value = Hash("vpdq-all", tuple(parts))
    record = Record(algorithm="vpdq-all", value=text_in("vpdq-text", value))
    write_list([record], path, form)
    found = only(path, algorithm="vpdq-all")
    assert get_format("vpdq-all").parse(found.value or "", form) == value


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (text_in("vpdq-text") + "\n40,100,00ff,1.0", "line 3"),
        (text_in("vpdq-text") + "\n", ""),
        (text_in("vpdq-json")[:-1], "no JSON"),
        (text_in("vpdq-json-frames")[:-1], "no JSON"),
        (text_in("vpdq-text").replace("51,", "101,"), "over 100"),
    ],
)
def test_a_damaged_vpdq_file_is_refused_without_its_values(
    tmp_path: Path, content: str, reason: str
) -> None:
    path = tmp_path / "video.txt"
    path.write_text(content)
    if not reason:
        assert only(path, algorithm="vpdq").value == content.strip()
        return
    with pytest.raises(HashListError, match=reason) as raised:
        only(path, algorithm="vpdq")
    assert "0001020304" not in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_vpdq_file_that_is_no_text_or_endless_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "video.txt"
    path.write_bytes(text_in("vpdq-text").encode() + b"\xff")
    with pytest.raises(HashListError, match="not UTF-8"):
        only(path, algorithm="vpdq")
    path.write_text(text_in("vpdq-text"))
    monkeypatch.setattr("hashwalk.hashlists.vpdq_files.MOST_BYTES", 100)
    with pytest.raises(HashListError, match="no vPDQ hash"):
        only(path, algorithm="vpdq")


def test_a_tmk_file_is_read_and_written_byte_for_byte(tmp_path: Path, vectors_folder: Path) -> None:
    source = vectors_folder / "tmk" / "life-mpeg4-15fps.tmk"
    found = only(source)
    assert (found.algorithm, found.encoding) == ("tmk-pdqf", "base64")
    assert base64.b64decode(found.value or "") == source.read_bytes()
    loss = write_list([found], tmp_path / "out.tmk", "tmk")
    assert (tmp_path / "out.tmk").read_bytes() == source.read_bytes()
    assert (loss.written, loss.fields) == (1, {})


@pytest.mark.parametrize("change", ["cut", "longer", "broken"])
def test_a_damaged_tmk_file_is_refused(tmp_path: Path, vectors_folder: Path, change: str) -> None:
    content = (vectors_folder / "tmk" / "life-mpeg4-15fps.tmk").read_bytes()
    changed = {
        "cut": content[:-1],
        "longer": content + b"\0",
        "broken": content[:20] + b"\xff" * 40 + content[60:],
    }
    path = tmp_path / "video.tmk"
    path.write_bytes(changed[change])
    with pytest.raises(HashListError, match="not a tmk-pdqf hash"):
        only(path)


@pytest.mark.parametrize("count", [0, 2])
def test_a_file_of_one_hash_takes_neither_none_nor_several(tmp_path: Path, count: int) -> None:
    record = Record(algorithm="vpdq", value=text_in("vpdq-text"))
    path = tmp_path / "out"
    path.write_text("what was there")
    with pytest.raises(HashListError, match="holds one hash"):
        write_list([record] * count, path, "vpdq-json")
    assert path.read_text() == "what was there"


def test_a_withdrawn_hash_is_not_written_where_nothing_can_say_that_it_is(tmp_path: Path) -> None:
    records = [
        Record(algorithm="vpdq", value=text_in("vpdq-text"), status=Status.WITHDRAWN),
        Record(algorithm="pdq", value="00" * 32),
        Record(algorithm="vpdq", value=text_in("vpdq-json")),
    ]
    loss = write_list(records, tmp_path / "out", "vpdq-json")
    assert len(json.loads((tmp_path / "out").read_text())) == 2
    assert loss.written == 1
    assert sum(loss.left_out.values()) == 2
