"""The format holds what hashwalk and its users rely on."""

from hashwalk.testing import (
    Check,
    Example,
    conformance_checks,
    make_picture,
    parametrize_with_checks,
)

EXAMPLES = [Example("1810363e3cf7f868", source="the first release", of=make_picture(seed=1))]


@parametrize_with_checks(conformance_checks("example-mean8x8", examples=EXAMPLES))
def test_the_format_conforms(check: Check) -> None:
    check()
