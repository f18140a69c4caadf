"""The checks as cases of a pytest test."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hashwalk.testing.check import Check

if TYPE_CHECKING:
    import pytest


def parametrize_with_checks(*checks: Iterable[Check]) -> pytest.MarkDecorator:
    """Return a decorator that runs a test with a parameter ``check`` once for each check.

    ::

        @parametrize_with_checks(conformance_checks("myhash", examples=[...]))
        def test_the_format_conforms(check: Check) -> None:
            check()

    Expected failures become strict ``xfail`` marks.
    """
    import pytest  # noqa: PLC0415  (the kit's checks run without pytest)

    cases = []
    for check in itertools.chain(*checks):
        reason = check.expected_failure
        xfail = pytest.mark.xfail(reason=reason, strict=True, raises=AssertionError)
        bare = dataclasses.replace(check, expected_failure="")
        name = f"{check.format_id}-{check.name}"
        cases.append(pytest.param(bare, id=name, marks=[xfail] if reason else []))
    return pytest.mark.parametrize("check", cases)
