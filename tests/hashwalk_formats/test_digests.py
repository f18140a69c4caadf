"""Digests are those of the file's bytes, in hex or base64."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashwalk.errors import HashParseError
from hashwalk.format import Hash
from hashwalk_formats.digests import MD5, SHA1, SHA256, Digest

DIGESTS = pytest.mark.parametrize("digest", [MD5, SHA1, SHA256], ids=lambda d: d.spec.id)


def digest_of(digest: Digest, *chunks: bytes) -> Hash:
    sink = digest.start_file()
    for chunk in chunks:
        sink.update(memoryview(chunk))
    return sink.finish()


@DIGESTS
@settings(deadline=None)
@given(chunks=st.lists(st.binary(max_size=200), max_size=5))
def test_a_digest_is_of_all_bytes_however_they_arrive(digest: Digest, chunks: list[bytes]) -> None:
    expected = hashlib.new(digest.spec.id, b"".join(chunks)).digest()
    assert digest_of(digest, *chunks).value == expected


@DIGESTS
def test_upper_and_lower_case_hex_and_base64_are_read(digest: Digest) -> None:
    value = digest_of(digest, b"hashwalk")
    text = digest.render(value)
    assert text == text.lower()
    assert digest.parse(text.upper()) == value
    assert digest.parse(digest.render(value, "base64")) == value


@DIGESTS
def test_only_the_same_bytes_match(digest: Digest) -> None:
    a, b = digest_of(digest, b"a"), digest_of(digest, b"b")
    assert digest.compare(a, a).match is True
    assert digest.compare(a, b).match is False


def test_the_digest_of_another_algorithm_is_refused_by_its_length() -> None:
    with pytest.raises(HashParseError, match="expected 40 hexadecimal digits, got 32"):
        SHA1.parse(MD5.render(digest_of(MD5, b"")))
