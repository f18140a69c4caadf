"""Suites: what is read of a TOML file, and what is refused in one line that says where."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk_bench.errors import SuiteError
from hashwalk_bench.suites import SUITES, Suite, load_suite
from hashwalk_bench.transforms import TRANSFORMS, Call, Medium, describe

FORMATS = '[formats]\npicture = ["pdq", "sha256"]\nvideo = ["vpdq"]\n'
NO_VALUE = "must be a number, a text, true or false, or a list of such"
JPEG = '[[picture]]\ntransform = "jpeg"\n'


def load(folder: Path, text: str) -> Suite:
    path = folder / "mine.toml"
    path.write_text(text)
    return load_suite(path)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(SuiteError) as caught:
        load(folder, text)
    message = str(caught.value)
    assert message.startswith(f"{folder / 'mine.toml'}: ")
    assert "\n" not in message
    return message.removeprefix(f"{folder / 'mine.toml'}: ")


def test_a_list_is_a_ladder_of_calls_in_its_order(tmp_path: Path) -> None:
    suite = load(tmp_path, FORMATS + JPEG + 'quality = [75, 20]\nchroma = "4:4:4"\n')
    assert suite.calls == tuple(
        Call(
            Medium.PICTURE,
            "jpeg",
            (("quality", quality), ("chroma", "4:4:4")),
            "coding",
            float(quality),
        )
        for quality in (75, 20)
    )


def test_one_value_or_a_ladder_of_words_has_no_strength(tmp_path: Path) -> None:
    text = FORMATS + '[[picture]]\ntransform = "crop"\nshare = 0.1\nsides = ["left", "all"]\n'
    assert [call.strength for call in load(tmp_path, text).calls] == [None, None]


def test_a_table_may_name_another_family(tmp_path: Path) -> None:
    suite = load(tmp_path, FORMATS + JPEG + 'quality = 20\nfamily = "harsh"\n')
    assert [call.family for call in suite.calls] == ["harsh"]
    assert [call.id for call in suite.calls] == ["jpeg(quality=20)"]


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    suite = load(tmp_path, FORMATS + JPEG + "quality = 20\n")
    assert suite.sha256 == hashlib.sha256((tmp_path / "mine.toml").read_bytes()).hexdigest()
    assert suite.name == "mine"


def test_formats_named_elsewhere_replace_those_of_the_suite(tmp_path: Path) -> None:
    suite = load(tmp_path, FORMATS + JPEG + "quality = 20\n").with_formats(["md5", "vpdq", "md5"])
    assert suite.formats(Medium.PICTURE) == ("md5",)
    assert suite.formats(Medium.VIDEO) == ("md5", "vpdq")


def test_media_that_no_named_format_hashes_are_not_edited(tmp_path: Path) -> None:
    """Videos take long to make, and nothing would be hashed of them."""
    text = '[formats]\npicture = ["pdq"]\nvideo = ["vpdq"]\n' + JPEG + "quality = 20\n"
    suite = load(tmp_path, text + '[[video]]\ntransform = "copy"\n')
    assert {call.medium for call in suite.with_formats(["phash"]).calls} == {Medium.PICTURE}
    assert {call.medium for call in suite.with_formats(["md5"]).calls} == set(Medium)


@pytest.mark.parametrize(
    ("ids", "reason"),
    [([], "no format"), (["pdqq"], "did you mean pdq"), (["vpdq"], "edits nothing that vpdq")],
)
def test_other_formats_are_checked(tmp_path: Path, ids: list[str], reason: str) -> None:
    suite = load(tmp_path, FORMATS + JPEG + "quality = 20\n")
    with pytest.raises(SuiteError, match=reason):
        suite.with_formats(ids)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it has no [[picture]] and no [[video]]: there is nothing to make"),
        (FORMATS, "it has no [[picture]] and no [[video]]: there is nothing to make"),
        ("a = ", "it is not TOML: Invalid value (at end of document)"),
        ("pictures = 1", "there is no key pictures; did you mean picture?"),
        ("picture = 1", "picture must be a list: begin each with [[picture]]"),
        ("picture = [1]", "[[picture]] 1, it must be a table: begin it with [[picture]]"),
        (
            JPEG + "quality = 20",
            "it has a [[picture]], but no formats: name some in [formats]",
        ),
        (
            "formats = 3\n" + JPEG + "quality = 2",
            "formats must be a table: begin it with [formats]",
        ),
        (
            '[formats]\npicture = "pdq"\n' + JPEG + "quality = 2",
            "[formats], picture: must be a list of the ids of formats",
        ),
        (
            '[formats]\npicture = ["pdk"]\n' + JPEG + "quality = 2",
            "[formats], picture: no format 'pdk'; did you mean pdq or vpdq?",
        ),
        (
            '[formats]\npicture = ["vpdq"]\n' + JPEG + "quality = 2",
            "[formats], picture: vpdq is no format of a picture",
        ),
        (
            FORMATS + JPEG + "quality = 20\n[[picture]]\nquality = 3",
            "[[picture]] 2, the key transform must name one",
        ),
        (
            FORMATS + '[[picture]]\ntransform = "jpg"',
            "[[picture]] 1, there is no picture transform jpg; did you mean jpeg?",
        ),
        (
            FORMATS + JPEG + "qualty = 20",
            "[[picture]] 1, jpeg has no parameter qualty; did you mean quality?",
        ),
        (FORMATS + JPEG, "[[picture]] 1, jpeg needs the parameter quality"),
        (
            FORMATS + JPEG + 'quality = "20"',
            "[[picture]] 1, jpeg: quality must be a whole number",
        ),
        (FORMATS + JPEG + "quality = []", "[[picture]] 1, jpeg: quality is an empty list"),
        (
            FORMATS + JPEG + 'quality = [1, 2]\nchroma = ["4:4:4"]',
            "[[picture]] 1, jpeg: quality and chroma are lists, but only one is the ladder",
        ),
        (
            FORMATS + JPEG + "quality = [20, 20]",
            "[[picture]] 1, jpeg(quality=20) was there before",
        ),
        (
            FORMATS + JPEG + "quality = 20\n" + JPEG + "quality = [30, 20]",
            "[[picture]] 2, jpeg(quality=20) was there before",
        ),
        (
            FORMATS + JPEG + "quality = nan",
            f"[[picture]] 1, jpeg: quality {NO_VALUE}",
        ),
        (
            FORMATS + JPEG + "quality = 20\nfamily = 3",
            "[[picture]] 1, family must be one line of text",
        ),
        ('name = "a\\nb"\n' + FORMATS + JPEG + "quality = 20", "name must be one line of text"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, reason: str) -> None:
    assert refusal(tmp_path, text) == reason


def test_a_format_that_cannot_be_computed_is_refused_with_the_remedy(tmp_path: Path) -> None:
    text = '[formats]\npicture = ["photodna"]\n' + JPEG + "quality = 20"
    assert "cannot be" not in refusal(tmp_path, text).partition("but not computed here")[0]
    assert "hashwalk.toml" in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ("quik", "there is no suite quik; did you mean quick?, or name a .toml file"),
        ("zzz", "there is no suite zzz; there are quick, standard, full, or name a .toml file"),
        ("none.toml", "the suite none.toml cannot be read: No such file or directory"),
    ],
)
def test_a_suite_that_is_not_there_is_told(named: str, reason: str) -> None:
    with pytest.raises(SuiteError) as caught:
        load_suite(named)
    assert str(caught.value) == reason


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_a_file_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.toml"
    path.write_bytes(data)
    with pytest.raises(SuiteError, match=r"any\.toml"):
        load_suite(path)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Suite]:
    return {name: load_suite(name) for name in SUITES}


def test_each_suite_makes_all_that_the_quicker_one_makes(shipped: dict[str, Suite]) -> None:
    for quicker, slower in itertools.pairwise(SUITES):
        few, many = ({call.id for call in shipped[name].calls} for name in (quicker, slower))
        assert few < many
        for medium in Medium:
            assert set(shipped[quicker].formats(medium)) <= set(shipped[slower].formats(medium))


def test_the_full_suite_has_every_transform(shipped: dict[str, Suite]) -> None:
    made = {(call.medium, call.name) for call in shipped["full"].calls}
    assert made == {(transform.medium, transform.name) for transform in TRANSFORMS}


def test_every_call_of_every_suite_can_be_said_in_words(shipped: dict[str, Suite]) -> None:
    for suite in shipped.values():
        for medium in Medium:
            words = [describe(call) for call in suite.calls_of(medium)]
            assert len(set(words)) == len(words)
