"""The manifest is plain JSON that anybody can edit: what it may say is checked when it is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hashwalk.crosswalk import Crosswalk, FormatEntry, Manifest, Member
from hashwalk.errors import CrosswalkSchemaError
from hashwalk.registry import formats

ENTRY = FormatEntry(version=1, kind="picture", shape="whole", bits=64)


def saved(root: Path) -> dict[str, Any]:
    Manifest(
        schema=1,
        created="2026-01-01T00:00:00+00:00",
        hashwalk="1.0",
        formats={"phash": replace(ENTRY, parameters={"distance": "hamming"})},
        libraries={"Pillow": ("12.0",)},
        members=(Member(name="a", created="2026", media=1),),
    ).save(root)
    found: dict[str, Any] = json.loads((root / "crosswalk.json").read_text())
    return found


def entry(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda m: m["formats"]["phash"].update(changes)


EDITS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a version that is no number": (entry(version="2"), "version of the format phash must be"),
    "a version of none": (entry(version=0), "version of the format phash must be"),
    "a version that is true": (entry(version=True), "version of the format phash must be"),
    "an unknown kind": (entry(kind="sound"), "must be one of file, picture, video"),
    "a kind that is a list": (entry(kind=[]), "must be one of file, picture, video"),
    "an unknown shape": (entry(shape="round"), "must be one of whole, segments, frames"),
    "bits of none": (entry(bits=0), "bits of the format phash must be null or a whole number"),
    "parameters of numbers": (entry(parameters={"a": 1}), "must be an object of lines of text"),
    "a parameter of two lines": (entry(parameters={"a": "b\nc"}), "an object of lines of text"),
    "an unknown key": (entry(colour="red"), "the format phash has an unknown key 'colour'"),
    "a missing key": (lambda m: m["formats"]["phash"].pop("bits"), "the format phash has no bits"),
    "an entry that is a text": (lambda m: m["formats"].update(phash="x"), "is not an object"),
    "formats that are a list": (lambda m: m.update(formats=[]), "formats of it must be an object"),
    "a date of two lines": (lambda m: m.update(created="a\nb"), "created of it must be a line"),
    "half a character": (lambda m: m.update(hashwalk="\ud800"), "hashwalk of it must be a line"),
    "versions that are a text": (lambda m: m["libraries"].update(x="1"), "a list of versions"),
    "members that are an object": (lambda m: m.update(members={}), "members of it must be a list"),
    "a member without media": (lambda m: m["members"][0].pop("media"), "a member has no media"),
    "a member of fewer than none": (lambda m: m["members"][0].update(media=-1), "a whole number"),
}


@pytest.mark.parametrize("kind", EDITS)
def test_what_a_manifest_cannot_say_is_one_line(kind: str, tmp_path: Path) -> None:
    edit, reason = EDITS[kind]
    read = saved(tmp_path)
    edit(read)
    (tmp_path / "crosswalk.json").write_text(json.dumps(read))
    with pytest.raises(CrosswalkSchemaError) as raised:
        Crosswalk.open(tmp_path)
    line = str(raised.value)
    assert reason in line
    assert str(tmp_path / "crosswalk.json") in line
    assert line.isprintable()


@pytest.mark.parametrize(
    "format_id", ["=1+2", "+a", "-a", "@a", "\ta", "\ra", "", "A", "a b", "a,b", 'a"', "a\n", "ζ"]
)
def test_an_id_that_no_format_may_have_is_neither_read_nor_written(
    format_id: str, tmp_path: Path
) -> None:
    read = saved(tmp_path)
    read["formats"][format_id] = read["formats"].pop("phash")
    (tmp_path / "crosswalk.json").write_text(json.dumps(read))
    with pytest.raises(CrosswalkSchemaError, match="no format id: one is lower-case words") as e:
        Crosswalk.open(tmp_path)
    assert str(e.value).isprintable()
    with pytest.raises(CrosswalkSchemaError, match="no format id: one is lower-case words"):
        Manifest.new().with_formats({format_id: ENTRY}, "the test")


def test_every_installed_format_can_be_recorded(tmp_path: Path) -> None:
    entries = {format_id: FormatEntry.of(made) for format_id, made in formats().items()}
    manifest = Manifest.new().with_formats(entries, "the test")
    manifest.save(tmp_path)
    assert Manifest.load(tmp_path) == manifest


@pytest.mark.parametrize(
    "text", [b"", b"\xff", b"{", b"[" * 100_000, b'{"schema": 1' + b"0" * 5000]
)
def test_what_is_not_json_is_one_line(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "crosswalk.json").write_bytes(text)
    with pytest.raises(CrosswalkSchemaError, match=r"cannot be read \(it is not JSON\)"):
        Crosswalk.open(tmp_path)


def test_a_folder_in_place_of_the_manifest_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "crosswalk.json").mkdir()
    with pytest.raises(CrosswalkSchemaError, match=r"cannot be read \(Is a directory\)"):
        Crosswalk.open(tmp_path)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(["formats", "libraries", "members", "created", "entry"]), value=anything)
def test_whatever_an_editor_leaves_is_read_or_refused(
    key: str, value: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.getbasetemp()
    read = saved(root)
    if key == "entry":
        read["formats"]["phash"] = value
    else:
        read[key] = value
    (root / "crosswalk.json").write_text(json.dumps(read))
    try:
        Manifest.load(root).save(root)
        reason = "it is damaged"
    except CrosswalkSchemaError as error:
        reason = str(error)
    assert "is damaged" in reason
    assert reason.isprintable()
