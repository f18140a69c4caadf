"""The text forms of vPDQ hashes are read and written without loss, and told by their structure."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk.errors import HashParseError, UsageError
from hashwalk.format import Hash, Part
from hashwalk_formats.vpdq import VPDQ
from hashwalk_formats.vpdq_text import FORMS

PARTS = st.builds(
    Part,
    value=st.binary(min_size=32, max_size=32),
    quality=st.none() | st.integers(0, 100),
    time_s=st.none() | st.floats(0, 1e9) | st.floats(0, 1e5, width=32),
)
HASH = "0f" * 32
WORDS = [64596, 32820, 28068, 11427, 34520, 65353, 6205, 28646]
WORDS += [57607, 4082, 27039, 14395, 53857, 52056, 9913, 58409]
OF_WORDS = "e42926b9cb58d261383b699f0ff2e1076fe6183dff4986d82ca36da48034fc54"
"""The first frame of a clip as two tests of python-threatexchange have it, by word and as text."""


def numbered(parts: list[Part], step: int = 29) -> Hash:
    frames = (Part(p.value, p.quality, p.time_s, n * step) for n, p in enumerate(parts))
    return Hash("vpdq", tuple(frames))


def by_frame(**changed: object) -> str:
    """Return an object with one frame, of which something is changed."""
    frame = {"quality": 100, "hash": {"w": WORDS}, "timestamp": 0.0}
    return json.dumps({"0": frame | changed})


@settings(deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=6))
def test_lines_read_back_without_loss(parts: list[Part]) -> None:
    value = numbered(parts)
    for form in (None, "vpdq-text", "hex", "base64"):
        assert VPDQ.parse(VPDQ.render(value, form), form) == value


@settings(deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=6))
def test_an_array_reads_back_all_but_the_frame_numbers(parts: list[Part]) -> None:
    text = VPDQ.render(numbered(parts), "vpdq-json")
    assert VPDQ.parse(text) == VPDQ.parse(text, "vpdq-json") == Hash("vpdq", tuple(parts))


@settings(deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=6))
def test_an_object_by_frame_reads_back_without_loss(parts: list[Part]) -> None:
    value = numbered(parts)
    text = VPDQ.render(value, "vpdq-json-frames")
    assert VPDQ.parse(text) == VPDQ.parse(text, "vpdq-json-frames") == value


@settings(deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=4))
def test_a_text_is_read_in_one_form_alone(parts: list[Part]) -> None:
    for written in FORMS:
        text = f"\n {VPDQ.render(numbered(parts), written)}" if "json" in written else ""
        text = text or VPDQ.render(numbered(parts), written)
        for other in FORMS.keys() - {written}:
            with pytest.raises(HashParseError):
                VPDQ.parse(text, other)


@given(st.text(max_size=40) | st.text('[]{}",:0123456789abcdefw \n', max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    for form in (None, *FORMS):
        with pytest.raises(HashParseError):
            VPDQ.parse(text, form)


def test_the_array_of_python_threatexchange_is_read() -> None:
    """It prints times with three significant digits."""
    text = json.dumps([f"{'0f' * 32},100,0.0", f"{'A0' * 32},7,1.23e+02"])
    assert VPDQ.parse(text).parts == (
        Part(b"\x0f" * 32, 100, 0.0),
        Part(b"\xa0" * 32, 7, 123.0),
    )


def test_the_object_of_older_python_threatexchange_is_read_and_written() -> None:
    value = Hash("vpdq", (Part(bytes.fromhex(OF_WORDS), 100, 0.0, 0),))
    assert VPDQ.parse(by_frame()) == VPDQ.parse(by_frame(hash=OF_WORDS)) == value
    assert json.loads(VPDQ.render(value, "vpdq-json-frames")) == json.loads(by_frame())


def test_the_frames_of_an_object_are_put_in_order() -> None:
    frames = {n: {"quality": 1, "hash": HASH, "timestamp": int(n)} for n in ("30", "0", "9")}
    assert [part.index for part in VPDQ.parse(json.dumps(frames)).parts] == [0, 9, 30]


@pytest.mark.parametrize("parts", [(Part(bytes(32)),), (Part(bytes(32), index=1),) * 2])
def test_an_object_is_not_written_of_frames_without_numbers_of_their_own(
    parts: tuple[Part, ...],
) -> None:
    with pytest.raises(UsageError, match="write vpdq-text or vpdq-json"):
        VPDQ.render(Hash("vpdq", parts), "vpdq-json-frames")


def test_lines_look_as_the_command_writes_them_where_three_decimals_suffice() -> None:
    value = numbered([Part(b"\x0f" * 32, 100, 0.0), Part(b"\xf0" * 32, 9, 0.968)])
    assert VPDQ.render(value) == f"0,100,{'0f' * 32},0.000\n29,9,{'f0' * 32},0.968"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected index, quality, value and time"),
        (f"0,100,{HASH}", "line 1: expected index, quality, value and time"),
        (f"{HASH},100,0.0", "line 1: expected index, quality, value and time"),
        (f"0,101,{HASH},0.0", "a quality is over 100"),
        (f"0,-1,{HASH},0.0", "line 1: a quality is not a whole number"),
        (f"x,1,{HASH},0.0", "line 1: an index is not a whole number"),
        (f"0,1,{HASH},nan", "line 1: a time is not a finite number"),
        (f"0,1,{HASH},1e999", "line 1: a time is not a finite number"),
        (f"0,1,{HASH},0.0\n0,1,{HASH},0.0", "the indices of the frames do not increase"),
        (f"0,1,{HASH},0.0\n\n1,1,{HASH},0.0", "line 2: expected index"),
        (f"0,1,{HASH[1:]},0.0", "line 1: not a pdq hash"),
        (f"0,{HASH},100,0.0", "line 1: not a pdq hash"),
        ("[]", "at least one frame"),
        ("[1]", "expected hash, quality and time"),
        ("[[[", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"a":' * 100_000, "no JSON"),
        (f'["{HASH},101,0.0"]', "a quality is over 100"),
        (f'["{HASH},1"]', "expected hash, quality and time"),
        (f'["0,100,{HASH},0.0"]', "expected hash, quality and time"),
        ("{}", "at least one frame"),
        ('{"0": 1}', "expected quality, hash and timestamp"),
        ('{"0": {"quality": 1}}', "expected quality, hash and timestamp"),
        (by_frame(more=1), "expected quality, hash and timestamp"),
        (by_frame(quality=101), "a quality is over 100"),
        (by_frame(quality=-1), "a quality is not a whole number"),
        (by_frame(quality=True), "a quality is not a whole number"),
        (by_frame(quality=1.0), "a quality is not a whole number"),
        (by_frame(quality=10**30), "a number has too many digits"),
        (by_frame(timestamp="0"), "a time is not a finite number"),
        (by_frame(timestamp=float("inf")), "a time is not a finite number"),
        (by_frame(timestamp=0).replace('p": 0', 'p": 1e999'), "a time is not a finite number"),
        (by_frame(hash=HASH[1:]), "not a pdq hash"),
        (by_frame(hash=1), "a hash is neither a text nor"),
        (by_frame(hash={"w": WORDS, "x": 1}), "a hash is neither a text nor"),
        (by_frame(hash={"w": [*WORDS[1:], 65536]}), "a hash is neither a text nor"),
        (by_frame(hash={"w": [*WORDS[1:], True]}), "a hash is neither a text nor"),
        (by_frame(hash={"w": WORDS[1:]}), "a hash has not 16 words"),
        (by_frame().replace('"0"', '""'), "a frame number or a quality is not a whole number"),
        (by_frame().replace('"0"', '"x"'), "a frame number is not a whole number"),
        (f"{by_frame()[:-1]}, {by_frame()[1:]}", "there twice"),
        (f"{by_frame()[:-1]}, {by_frame()[1:].replace('0', '00', 1)}", "do not increase"),
    ],
)
def test_what_is_no_frame_list_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(HashParseError) as refused:
        VPDQ.parse(text)
    assert reason in str(refused.value)
    assert HASH[1:] not in str(refused.value)
    assert str(WORDS[0]) not in str(refused.value)


def test_an_unknown_text_form_is_named() -> None:
    with pytest.raises(HashParseError, match="vpdq has no encoding 'xml'"):
        VPDQ.parse("0", "xml")
