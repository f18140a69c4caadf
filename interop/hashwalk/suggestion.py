"""Names that a mistyped one may have been meant for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(wanted: str, known: Iterable[str], *, before: str = "", after: str = "") -> str:
    """Return ``; did you mean A or B?`` of up to three known names, empty if none is close.

    `known` are in lower case; `before` and `after` make of a name what the user is to write.
    """
    close = difflib.get_close_matches(wanted.lower(), list(known), n=3, cutoff=0.5)
    names = " or ".join(f"{before}{name}{after}" for name in close)
    return f"; did you mean {names}?" if names else ""
