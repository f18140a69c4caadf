"""One check of the conformance kit: a name, the format it is of, and how to run it."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from hashwalk.format import Format

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Check:
    """A check that is ready to run: call it, and it raises AssertionError if it fails.

    With `expected_failure`, the reason why the format is known to fail it, the check is strict
    the other way round: it raises if it passes.
    """

    format_id: str
    name: str
    run: Callable[[], None]
    expected_failure: str = ""

    def __call__(self) -> None:
        """Run the check; raises AssertionError with the reason."""
        if not self.expected_failure:
            self.run()
            return
        try:
            self.run()
        except AssertionError:
            return
        raise AssertionError(
            f"{self.format_id}: {self.name} passes, though it is expected to fail "
            f"({self.expected_failure}): remove the expectation"
        )


def expect(condition: bool, message: str) -> None:
    """Raise AssertionError with `message` unless `condition` holds."""
    if not condition:
        raise AssertionError(message)


def guarded(
    check: Callable[Concatenate[Format, P], None],
) -> Callable[Concatenate[Format, P], None]:
    """Make any error of a check an AssertionError that names the format.

    A RuntimeWarning counts as an error: numpy gives it where a value becomes NaN or overflows.
    """

    @functools.wraps(check)
    def run(candidate: Format, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", RuntimeWarning)
                check(candidate, *args, **kwargs)
        except Exception as error:
            kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
            raise AssertionError(f"{candidate.spec.id}: {kind}{error}") from error

    return run
