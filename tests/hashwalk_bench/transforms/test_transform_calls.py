"""Calls by name: what is checked of them, their words, their family, and who is edited."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from hashwalk_bench.errors import SuiteError, TransformError
from hashwalk_bench.transforms import (
    Call,
    Medium,
    Subject,
    Value,
    apply,
    check,
    describe,
    family,
    open_subject,
)


def call(name: str, *parameters: tuple[str, Value], of: str = "") -> Call:
    """Return the call of a picture transform."""
    return Call(Medium.PICTURE, name, parameters, family=of)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (call("jpg"), "there is no picture transform jpg; did you mean jpeg"),
        (call("xxxxxx"), "there is no picture transform xxxxxx"),
        (call("jpeg"), "jpeg needs the parameter quality"),
        (call("jpeg", ("qality", 30)), "jpeg has no parameter qality; did you mean quality"),
        (call("crop", ("zzz", 30)), "crop has no parameter zzz; it has share, sides"),
        (call("copy", ("quality", 30)), "copy has no parameter quality"),
        (call("jpeg", ("quality", 30), ("quality", 50)), "quality is given twice"),
        (call("jpeg", ("quality", "30")), "quality must be a whole number"),
        (call("jpeg", ("quality", 30.0)), "quality must be a whole number"),
        (call("jpeg", ("quality", True)), "quality must be a whole number"),
        (call("jpeg", ("quality", 101)), "quality must be from 1 to 100"),
        (call("crop", ("share", "ten")), "share must be a number"),
        (call("crop", ("share", float("nan"))), "share must be from 0.001 to 0.49"),
        (call("mirror", ("swaps", 1)), "swaps must be a text"),
        (call("mirror", ("swaps", "x")), "swaps must be one of left-right, top-bottom"),
    ],
)
def test_a_wrong_call_is_refused_in_one_line(wrong: Call, message: str) -> None:
    """The line names the transform and what to give instead; ``describe`` refuses it too."""
    for use in (check, describe):
        with pytest.raises(SuiteError, match=message) as caught:
            use(wrong)
        assert wrong.name in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("right", "words"),
    [
        (call("jpeg", ("quality", 30)), "JPEG, quality 30"),
        (call("jpeg", ("quality", 30), ("chroma", "4:2:0")), "JPEG, quality 30"),
        (
            call("jpeg", ("chroma", "4:4:4"), ("quality", 30)),
            "JPEG, quality 30, chroma 4:4:4",
        ),
        (call("crop", ("share", 0.1)), "crop by 10 %"),
        (call("border", ("share", 0.0625)), "border of 6.25 %"),
        (call("brightness", ("change", 0.05)), "brightness +5 %"),
        (call("brightness", ("change", -1)), "brightness -100 %"),
        (call("scale", ("factor", 2)), "scaled by 2"),
    ],
)
def test_a_call_is_said_in_words(right: Call, words: str) -> None:
    """What is left at its default is not said."""
    check(right)
    assert describe(right) == words


def test_a_suite_may_name_another_family() -> None:
    """Without one, the catalogue's holds."""
    assert family(call("jpeg")) == "coding"
    assert family(call("jpeg", of="loss")) == "loss"


def test_a_variant_is_named_after_its_call(subject: Subject, tmp_path: Path) -> None:
    """No character needs quoting, and calls that differ have names that differ."""
    paths = [
        apply(call("brightness", ("change", change)), subject, tmp_path, seed=1).path
        for change in (0.1, -0.1)
    ]
    names = ["brightness_change=0.1.bmp", "brightness_change=-0.1.bmp"]
    assert [path.name for path in paths] == names
    assert all(path.parent == tmp_path for path in paths)


def test_an_edit_without_effect_is_refused(tmp_path: Path) -> None:
    """A grey picture made grey is no variant of it."""
    Image.linear_gradient("L").save(tmp_path / "grey.png")
    subject = open_subject(tmp_path / "grey.png", Medium.PICTURE)
    with pytest.raises(TransformError, match="changes nothing"):
        apply(call("grey"), subject, tmp_path, seed=1)


def test_a_source_is_of_the_medium_that_is_asked_for(source_path: Path, tmp_path: Path) -> None:
    """A picture is no video, and a text is neither."""
    text = tmp_path / "text.png"
    text.write_text("no picture")
    for path, medium in ((source_path, Medium.VIDEO), (text, Medium.PICTURE)):
        with pytest.raises(TransformError, match=f"the source is no {medium}"):
            open_subject(path, medium)
    with pytest.raises(TransformError, match="cannot open the file"):
        open_subject(tmp_path / "missing.png", Medium.PICTURE)


def test_a_damaged_picture_can_be_copied_but_not_edited(source_path: Path, tmp_path: Path) -> None:
    """A copy decodes nothing."""
    damaged = tmp_path / "damaged.png"
    damaged.write_bytes(source_path.read_bytes()[:-200])
    subject = open_subject(damaged, Medium.PICTURE)
    assert apply(call("copy"), subject, tmp_path, 1).path.read_bytes() == damaged.read_bytes()
    with pytest.raises(TransformError, match="breaks off"):
        apply(call("grey"), subject, tmp_path, seed=1)


def test_a_call_of_another_medium_is_refused(
    subject: Subject, source_path: Path, tmp_path: Path
) -> None:
    """A picture transform edits no video."""
    video = Subject(source_path, Medium.VIDEO, subject.media)
    with pytest.raises(TransformError, match="a transform of a picture"):
        apply(call("grey"), video, tmp_path, seed=1)
