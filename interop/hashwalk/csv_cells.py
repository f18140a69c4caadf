"""Text in CSV cells that no spreadsheet takes for a formula, there and back."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_SUSPECT = frozenset("'=+-@\t\r")


def escaped(text: str) -> str:
    """Return the cell of `text`: with an apostrophe in front where it looks like a formula.

    A text of apostrophes and a formula gets one more, so that :func:`unescaped` is exact.
    """
    if text[:1] in _SUSPECT and _FORMULA.match(text):
        return f"'{text}"
    return text


def escaped_row(cells: Iterable[object]) -> list[object]:
    """Return cells with the texts among them escaped; numbers and None stay as they are."""
    return [escaped(cell) if type(cell) is str and cell[:1] in _SUSPECT else cell for cell in cells]


def unescaped(cell: str) -> str:
    """Return the text that :func:`escaped` made the cell of; other cells stay as they are."""
    return cell[1:] if cell[:1] == "'" and _ESCAPED.match(cell) else cell
