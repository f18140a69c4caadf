"""An encoding loses nothing, refuses garbage, and never repeats what it refused."""

import base64
import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.encodings import Base64, CommaBytes, Encoding, FloatList, Hex

WIDTHS = st.integers(min_value=1, max_value=600)


@st.composite
def packed(draw: st.DrawFn) -> tuple[int, bytes]:
    """Draw a width in bits and a value of it, left-aligned as ``numpy.packbits`` packs it."""
    bits = draw(WIDTHS)
    number = draw(st.integers(min_value=0, max_value=(1 << bits) - 1))
    return bits, (number << -bits % 8).to_bytes((bits + 7) // 8, "big")


@given(packed())
def test_hex_reads_back_what_it_wrote(drawn: tuple[int, bytes]) -> None:
    bits, value = drawn
    text = Hex(bits).render(value)
    assert len(text) == (bits + 3) // 4
    assert Hex(bits).parse(text) == Hex(bits).parse(f" {text.upper()}\n") == value


@given(packed())
def test_base64_reads_back_what_it_wrote(drawn: tuple[int, bytes]) -> None:
    bits, value = drawn
    assert Base64(bits).parse(f"\t{Base64(bits).render(value)} ") == value


@given(packed())
def test_comma_bytes_read_back_what_they_wrote(drawn: tuple[int, bytes]) -> None:
    bits, value = drawn
    text = CommaBytes(bits).render(value)
    assert CommaBytes(bits).parse(text.replace(",", " , ")) == value
    assert text == str(list(value)).strip("[]").replace(" ", "")


@pytest.mark.parametrize("encoding", [Hex(None), Base64(None), CommaBytes(None)])
@given(value=st.binary(min_size=1, max_size=200))
def test_a_value_without_a_width_has_any_number_of_bytes(encoding: Encoding, value: bytes) -> None:
    assert encoding.parse(encoding.render(value)) == value


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=50))
def test_a_float_list_reads_back_every_bit_of_its_numbers(numbers: list[float]) -> None:
    value = struct.pack(f"<{len(numbers)}d", *numbers)
    encoding = FloatList(len(numbers))
    assert encoding.parse(encoding.render(value)) == value


def test_hex_aligns_odd_widths_as_imagehash_writes_and_numpy_packs() -> None:
    """42 bits are eleven digits, two zero bits in front, and six bytes, six zero bits behind."""
    encoding = Hex(42)
    assert encoding.parse("00000000001") == (1 << 6).to_bytes(6, "big")
    assert encoding.render((1 << 47).to_bytes(6, "big")) == "20000000000"


def test_hex_matches_pythons_own_for_whole_bytes() -> None:
    value = bytes(range(32))
    assert Hex(256).render(value) == value.hex()


def test_base64_matches_pythons_own() -> None:
    value = bytes(range(32))
    assert Base64(256).render(value) == base64.b64encode(value).decode()


def test_a_float_list_is_json_and_takes_whole_numbers() -> None:
    assert json.loads(FloatList(2).render(struct.pack("<2d", 0.1, -2.0))) == [0.1, -2.0]
    assert FloatList(2).parse("[1, 2.5]") == struct.pack("<2d", 1.0, 2.5)


GARBAGE = [
    "",
    "   ",
    "q" * 16,
    "0123456789abcdeg",
    "0123456789abcde",
    "0123456789abcdef0",
    "0x23456789abcdef",
    "+123456789abcdef",
    "0123_456789abcdef"[:16],
    "\u0661" * 16,
    "\uff10" * 16,
    "\x00" * 16,
    "f" * 100_000,
    "[" * 100_000,
    "[1, 2, 3",
    "[true, false]",
    '["1", "2"]',
    "[NaN, 1]",
    "[Infinity, 1]",
    "[1e999, 1]",
    "[1" + "0" * 400 + ", 1]",
    "[" + "9" * 5000 + ", 1]",
    "[1]",
    "[1, 2, 3]",
    '{"0": 1, "1": 2}',
    "\ud800",
]


@pytest.mark.parametrize(
    "encoding", [Hex(64), Base64(64), CommaBytes(64), FloatList(2)], ids=lambda e: e.name
)
@pytest.mark.parametrize("text", GARBAGE, ids=lambda t: ascii(t[:12]))
def test_garbage_is_refused_and_never_repeated(encoding: Encoding, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        encoding.parse(text)
    assert len(str(caught.value)) < 100
    assert len(text.strip()) < 4 or text not in str(caught.value)


@given(st.text())
def test_any_text_is_read_or_refused_with_a_value_error(text: str) -> None:
    for encoding in (Hex(12), Base64(12), CommaBytes(12), FloatList(1)):
        try:
            value = encoding.parse(text)
        except ValueError:
            continue
        assert encoding.parse(encoding.render(value)) == value


@pytest.mark.parametrize(
    ("encoding", "text"),
    [(Hex(11), "fff"), (Base64(12), "//8="), (CommaBytes(12), "255,255")],
    ids=["hex", "base64", "comma"],
)
def test_bits_beyond_the_width_are_refused(encoding: Encoding, text: str) -> None:
    with pytest.raises(ValueError, match=r"more than 1[12] bits"):
        encoding.parse(text)


def test_negative_zero_keeps_its_sign() -> None:
    value = FloatList(1).parse(FloatList(1).render(struct.pack("<d", -0.0)))
    assert math.copysign(1, struct.unpack("<d", value)[0]) == -1
