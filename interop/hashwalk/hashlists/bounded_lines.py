"""Lines of a binary file in bounded memory, whatever their length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from hashwalk.hashlists.record import MOST_REJECT_CHARACTERS

MOST_LINE_BYTES = 4 << 20
"""Longer lines are no records: the longest value, a TMK+PDQF vector in base64, has 0.35 MB."""
_BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """One line without its end, with the problem it has, empty for a good one."""

    number: int
    text: str
    problem: str = ""

    def __repr__(self) -> str:
        """Show what is no secret."""
        return f"Line({self.number}, {self.problem!r})"

    @property
    def where(self) -> str:
        """The place, for people."""
        return f"line {self.number}"

    @property
    def checked(self) -> str:
        """The text; raises ValueError with the problem, if there is one."""
        if self.problem:
            raise ValueError(self.problem)
        return self.text


def bounded_lines(file: BinaryIO, *, verbatim: bool = False) -> Iterator[Line]:
    """Yield the lines of UTF-8 text, of either kind of line end, that are not blank.

    A byte order mark is skipped. A line that is too long or no UTF-8 has a problem, and a
    `text` of at most MOST_REJECT_CHARACTERS characters. What is `verbatim` has blank lines,
    too, and each line with its end.
    """
    number = 0
    while data := file.readline(MOST_LINE_BYTES):
        number += 1
        if number == 1:
            data = data.removeprefix(_BOM)
        too_long = len(data) == MOST_LINE_BYTES and not data.endswith(b"\n")
        if too_long:
            _skip_line(file)
            yield Line(number, _start(data), f"a line of over {MOST_LINE_BYTES >> 20} MiB")
        elif verbatim:
            yield _line(number, data)
        elif data.strip():
            yield _line(number, data.rstrip(b"\r\n"))


def _line(number: int, data: bytes) -> Line:
    try:
        return Line(number, data.decode())
    except UnicodeDecodeError:
        return Line(number, _start(data), "not UTF-8")


def _start(data: bytes) -> str:
    return data[:MOST_REJECT_CHARACTERS].decode("utf-8", "replace")


def _skip_line(file: BinaryIO) -> None:
    while (data := file.readline(MOST_LINE_BYTES)) and not data.endswith(b"\n"):
        pass
