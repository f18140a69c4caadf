"""A format nobody may compute is read without guessing, and only equality is told of it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.encodings import Base64, CommaBytes, Hex
from hashwalk.errors import HashParseError
from hashwalk.format import FormatSpec, Hash, Kind
from hashwalk.opaque import OpaqueFormat

NAMES = ("hex", "base64", "comma")


def opaque(bits: int | None) -> OpaqueFormat:
    """Return an opaque format of a width, or of any."""
    return OpaqueFormat(
        FormatSpec(
            id="secret",
            summary="somebody's secret",
            kind=Kind.PICTURE,
            bits=bits,
            threshold=None,
            licence="proprietary",
            encodings=(Hex(bits), Base64(bits), CommaBytes(bits)),
            source="these tests",
        )
    )


@pytest.mark.parametrize("name", NAMES)
@given(value=st.binary(min_size=2, max_size=300))
def test_a_value_of_known_width_is_read_in_any_encoding_without_naming_it(
    name: str, value: bytes
) -> None:
    secret = opaque(8 * len(value))
    assert secret.parse_part(secret.render_part(value, name)) == value


@pytest.mark.parametrize("name", NAMES)
@given(value=st.binary(min_size=16, max_size=300))
def test_a_long_value_of_any_width_is_read_in_any_encoding_without_naming_it(
    name: str, value: bytes
) -> None:
    secret = opaque(None)
    assert secret.parse_part(secret.render_part(value, name)) == value


@pytest.mark.parametrize("name", NAMES)
@given(value=st.binary(min_size=1, max_size=15))
def test_a_short_value_of_any_width_is_read_rightly_or_not_at_all(name: str, value: bytes) -> None:
    secret = opaque(None)
    text = secret.render_part(value, name)
    assert secret.parse_part(text, name) == value
    try:
        read = secret.parse_part(text)
    except HashParseError:
        return
    assert read == value


@pytest.mark.parametrize("text", ["cafebabe", "12", "deadbeefdeadbeef", "0123456789abcdef"])
def test_a_short_text_that_reads_in_two_ways_is_refused_with_the_ways_named(text: str) -> None:
    with pytest.raises(HashParseError, match=r"may be hex or (base64|comma), name the enc") as seen:
        opaque(None).parse(text)
    assert text not in str(seen.value)


def test_base64_of_odd_characters_is_clear_however_short() -> None:
    text = base64.b64encode(b"\xff\xfe\xfd").decode()
    assert opaque(None).parse_part(text) == b"\xff\xfe\xfd"


def test_equal_values_match_and_of_others_nothing_is_claimed() -> None:
    secret = opaque(None)
    one, two = Hash.of("secret", b"one"), Hash.of("secret", b"two")
    same, different = secret.compare(one, one), secret.compare(one, two)
    assert (same.distance, same.match) == (0, True)
    assert (different.distance, different.match) == (1, None)
    assert "not public" in different.reason
