"""A hash knows its format; a format reads, writes and compares its own hashes and no others."""

import dataclasses
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.distances import Hamming
from hashwalk.encodings import Base64, Hex
from hashwalk.errors import FormatMismatchError, HashParseError
from hashwalk.format import (
    Format,
    FormatSpec,
    Hash,
    Kind,
    Part,
    QualityFloor,
    Threshold,
)


class Carried(Format):
    """A 64-bit format that can be carried and compared, not computed."""

    spec = FormatSpec(
        id="carried",
        summary="a format for tests",
        kind=Kind.PICTURE,
        bits=64,
        distance=Hamming(),
        threshold=Threshold(10, "a paper"),
        quality_floor=QualityFloor(50, "a paper"),
        licence="CC0-1.0",
        encodings=(Hex(64), Base64(64)),
        source="tests",
    )


class Unjudged(Format):
    """The same without threshold and floor."""

    spec = dataclasses.replace(Carried.spec, id="unjudged", threshold=None, quality_floor=None)


CARRIED = Carried()
ZERO = Hash.of("carried", bytes(8), 100)
PARTS = st.builds(
    Part,
    st.binary(max_size=40),
    st.none() | st.integers(0, 100),
    st.none() | st.floats(0, 1e6),
    st.none() | st.integers(0, 10**6),
)
HASHES = st.builds(Hash, st.just("carried"), st.lists(PARTS, max_size=5).map(tuple))


def with_bits(count: int, quality: int | None = 100) -> Hash:
    return Hash.of("carried", ((1 << count) - 1).to_bytes(8, "big"), quality)


@given(HASHES)
def test_hashes_pickle_to_equals_with_the_same_python_hash(value: Hash) -> None:
    copy = pickle.loads(pickle.dumps(value))  # noqa: S301
    assert copy == value
    assert hash(copy) == hash(value)


@given(PARTS)
def test_a_repr_never_shows_a_whole_value(part: Part) -> None:
    shown = repr(Hash("carried", (part,))) + repr(part)
    assert not part.value or part.value.hex() not in shown.replace("…", "") or len(part.value) < 2


def test_a_repr_of_a_short_value_shows_none_of_it() -> None:
    assert "beef" not in repr(Part(b"\xbe\xef"))


def test_a_repr_of_many_parts_stays_short() -> None:
    frames = tuple(Part(bytes(32), 100, float(i), i) for i in range(10_000))
    assert len(repr(Hash("carried", frames))) < 200


def test_a_hash_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ZERO.format = "other"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        ZERO.parts[0].value = b""  # type: ignore[misc]


def test_hashes_of_two_formats_are_not_equal() -> None:
    assert Hash.of("a", b"same") != Hash.of("b", b"same")


def test_a_frame_list_has_no_single_value_and_says_so() -> None:
    frames = Hash("carried", (Part(bytes(8)), Part(bytes(8))))
    for attribute in ("value", "quality"):
        with pytest.raises(FormatMismatchError, match="2 parts"):
            getattr(frames, attribute)


@given(st.binary(min_size=8, max_size=8), st.sampled_from([None, "hex", "base64"]))
def test_a_format_reads_back_what_it_wrote(value: bytes, encoding: str | None) -> None:
    text = CARRIED.render(Hash.of("carried", value), encoding)
    assert CARRIED.parse(text) == CARRIED.parse(text, encoding) == Hash.of("carried", value)


def test_the_first_encoding_is_the_one_written() -> None:
    assert CARRIED.render(ZERO) == "0" * 16


def test_a_parse_error_names_every_encoding_tried_and_never_the_text() -> None:
    secret = "c0ffee" * 4
    with pytest.raises(
        HashParseError, match=r"not a carried hash \(as hex: .*; as base64: .*\)"
    ) as e:
        CARRIED.parse(secret)
    assert secret not in str(e.value)
    assert e.value.__cause__ is None
    assert e.value.__context__ is None


def test_an_encoding_the_format_lacks_is_refused_with_those_it_has() -> None:
    with pytest.raises(HashParseError, match="has no encoding 'json'; it has hex, base64"):
        CARRIED.parse("0" * 16, "json")
    with pytest.raises(HashParseError, match="has no encoding 'json'"):
        CARRIED.render(ZERO, "json")


@pytest.mark.parametrize("foreign", [Hash.of("other", bytes(8)), Hash.of("carried", bytes(7))])
def test_a_hash_of_another_format_or_size_is_refused(foreign: Hash) -> None:
    for use in (
        lambda: CARRIED.render(foreign),
        lambda: CARRIED.distance(ZERO, foreign),
        lambda: CARRIED.distance(foreign, ZERO),
        lambda: CARRIED.compare(foreign, ZERO),
    ):
        with pytest.raises(FormatMismatchError, match="carried"):
            use()


@pytest.mark.parametrize(("bits", "match"), [(0, True), (10, True), (11, False)])
def test_a_distance_up_to_the_threshold_is_a_match(bits: int, match: bool) -> None:
    comparison = CARRIED.compare(ZERO, with_bits(bits))
    assert (comparison.distance, comparison.threshold) == (bits, 10)
    assert comparison.match is match
    assert comparison.reason == ""


@pytest.mark.parametrize("pair", [(ZERO, with_bits(0, 49)), (with_bits(0, 49), ZERO)])
def test_quality_under_the_floor_gives_a_distance_but_no_verdict(pair: tuple[Hash, Hash]) -> None:
    comparison = CARRIED.compare(*pair)
    assert comparison.distance == 0
    assert comparison.match is None
    assert "49 is under the floor of 50" in comparison.reason


@pytest.mark.parametrize("quality", [None, 50])
def test_quality_at_the_floor_or_unknown_is_judged(quality: int | None) -> None:
    assert CARRIED.compare(ZERO, with_bits(0, quality)).match is True


def test_one_frame_over_the_floor_suffices() -> None:
    class Framed(Carried):
        def distance_of_own(self, a: Hash, b: Hash) -> float:
            return 0

    frames = Hash("carried", (Part(bytes(8), 0), Part(bytes(8), 80)))
    assert Framed().compare(frames, frames).match is True


def test_without_a_published_threshold_there_is_no_verdict() -> None:
    value = Hash.of("unjudged", bytes(8))
    comparison = Unjudged().compare(value, value)
    assert (comparison.distance, comparison.threshold, comparison.match) == (0, None, None)
    assert "no published threshold" in comparison.reason


@pytest.mark.parametrize(("bits", "size"), [(None, None), (1, 1), (8, 1), (42, 6), (256, 32)])
def test_the_length_of_a_value_follows_from_its_bits(bits: int | None, size: int | None) -> None:
    assert dataclasses.replace(Carried.spec, bits=bits).value_bytes == size
