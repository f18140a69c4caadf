"""What every command prints with: plain lines, JSON and tables that fit the terminal."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from hashwalk.cli.streams import say

if TYPE_CHECKING:
    from rich.table import Table

_PIPE_WIDTH = 10_000
"""Wider than any line: what reads from a pipe wants values in one piece."""


def complain(line: str) -> None:
    """Print one line for people on standard error."""
    say(f"hashwalk: {printable(line)}")


def print_json(value: object, *, indent: int | None = None) -> None:
    """Print a JSON document, on one line unless `indent` is given."""
    print(json.dumps(value, indent=indent))


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns as wide as the terminal, or as needed where there is none.

    Numbers are aligned to the right. What does not fit gets narrower gaps, and is folded then,
    never cut. The first column is not folded, so that ids can be copied.
    """
    from rich.console import Console
    from rich.text import Text

    cells = [[printable(cell) for cell in row] for row in rows]
    free = "COLUMNS" not in os.environ and not sys.stdout.isatty()
    console = Console(highlight=False, emoji=False, width=_PIPE_WIDTH if free else None)
    table = _table(header, cells, console.width)
    for row in cells:
        table.add_row(*map(Text, row))
    with console.capture() as drawn:
        console.print(table)
    print("\n".join(line.rstrip() for line in drawn.get().splitlines()))


def print_fields(fields: Iterable[tuple[str, str]]) -> None:
    """Print a name and a text a line, the text wrapped to the width of the terminal."""
    shown = [(name, printable(text)) for name, text in fields]
    margin = max(len(name) for name, _ in shown) + 2
    width = shutil.get_terminal_size().columns
    for name, text in shown:
        lines = _wrapped(text, max(width - margin, 20)) or [""]
        print(f"{name:<{margin}}" + f"\n{'':{margin}}".join(lines))


def print_note(title: str, *texts: str) -> None:
    """Print a title, and texts wrapped beneath it, after an empty line."""
    width = max(shutil.get_terminal_size().columns - 2, 20)
    lines = (line for text in texts for line in _wrapped(printable(text), width))
    print("\n  ".join(["\n" + printable(title), *lines]))


def counted(count: int, thing: str, things: str = "") -> str:
    """Return a number of things in words: 1 file, 2 files."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def printable(text: str) -> str:
    """Return `text` with what could steer a terminal escaped: names of files may hold anything."""
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _wrapped(text: str, width: int) -> list[str]:
    """Wrap at spaces alone, so that ids and commands can be copied."""
    return textwrap.wrap(text, width, break_on_hyphens=False)


def _escaped(character: str) -> str:
    """Return a control character as in Python, a byte that is no text in hexadecimal."""
    code = ord(character)
    stands_for_byte = 0xDC80 <= code <= 0xDCFF
    return f"\\x{code - 0xDC00:02x}" if stands_for_byte else ascii(character)[1:-1]


def _table(header: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> Table:
    from rich.table import Table

    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    wide = sum(widths) + 2 * (len(widths) - 1) > width
    table = Table(box=None, pad_edge=False, collapse_padding=wide, header_style="bold")
    for number, name in enumerate(header):
        numeric = all(_is_number(row[number]) for row in cells)
        justify: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(name, justify=justify, overflow="fold", no_wrap=number == 0)
    return table


def _is_number(text: str) -> bool:
    return not text.strip("0123456789.,%- ")
