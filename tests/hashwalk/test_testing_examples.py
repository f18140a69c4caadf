"""The conformance kit wants examples that somebody else published, and computes what it can."""

import hashlib

import pytest

from hashwalk.format import PictureHasher
from hashwalk.registry import get_format
from hashwalk.testing import Check, Example, conformance_checks, make_picture


def checks_of(format_id: str, examples: list[Example]) -> dict[str, Check]:
    return {check.name: check for check in conformance_checks(format_id, examples=examples)}


@pytest.mark.parametrize(
    ("example", "reason"),
    [
        (Example("0" * 16, source=" "), "does not say where it is from"),
        (Example("0" * 15, source="a paper"), "read by none"),
        (Example("0" * 16, source="a paper", encoding="json"), "has no encoding 'json'"),
    ],
)
def test_an_example_must_be_a_hash_with_a_source(example: Example, reason: str) -> None:
    with pytest.raises(AssertionError, match=reason):
        checks_of("phash", [example])["examples"]()


def test_a_format_without_examples_fails() -> None:
    with pytest.raises(AssertionError, match="there is no example"):
        checks_of("phash", [])["examples"]()


def test_an_example_whose_file_is_at_hand_is_computed() -> None:
    right = hashlib.md5(b"abc", usedforsecurity=False).hexdigest()
    checks_of("md5", [Example(right, "RFC 1321", of=b"abc")])["computed-examples"]()
    with pytest.raises(AssertionError, match="not what the format computes"):
        checks_of("md5", [Example(right, "RFC 1321", of=b"abd")])["computed-examples"]()


def test_an_example_whose_picture_is_at_hand_is_computed() -> None:
    phash = get_format("phash")
    assert isinstance(phash, PictureHasher)
    right = phash.render(phash.hash_picture(make_picture(seed=1)))
    for seed in (1, 2):
        example = Example(right, "a paper", of=make_picture(seed=seed))
        check = checks_of("phash", [example])["computed-examples"]
        if seed == 1:
            check()
        else:
            with pytest.raises(AssertionError, match="not what the format computes"):
                check()


def test_an_example_of_what_the_format_does_not_hash_is_an_error() -> None:
    with pytest.raises(AssertionError, match="does not hash"):
        checks_of("phash", [Example("0" * 16, "a paper", of=b"abc")])["computed-examples"]()


def test_a_format_that_does_not_load_has_one_check_which_fails() -> None:
    checks = list(conformance_checks("no-such-format", examples=[]))
    assert [check.name for check in checks] == ["loads"]
    with pytest.raises(AssertionError, match="no format 'no-such-format'"):
        checks[0]()
