"""Write the pages that come from the program itself: run it by ``make docs``.

The table of formats in README.md, a card for each format in docs/formats.md, the table of
containers in docs/lists.md, and the help of every command in docs/cli.md. With ``--check``
nothing is written, and a page that is not current is an error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import typer

from hashwalk.cli.app import app
from hashwalk.cli.formats import card_lines, table_row
from hashwalk.cli.lists_view import HEADER, container_fields, container_row
from hashwalk.format import Format
from hashwalk.hashlists import containers
from hashwalk.registry import registry

INSTALLED = "computed here"
"""What a card says of this installation, with its extras, rather than of the format."""

MEASURED = """\
What is said to be measured on 88 photographs: copies of free photographs of at most 1024 pixels a
side, each compared with its original. JPEG: saved at quality 50. Half size: resized. Text: two
words written over the middle, a tenth of the height. Crop: a tenth of width and height cut off,
half of it on either side. Mirrored: left to right. Turned: by 90 degrees. The 10 clips have 62 to
295 frames, and are encoded again by H.264. So small a sample orders formats; it gives no error
rates."""
"""How the figures on the cards came about."""

EXIT_CODES = """
| exit code | meaning |
| --- | --- |
| 0 | all went well |
| 1 | stopped by what is on the machine, or by a fault of hashwalk |
| 2 | wrong usage; nothing was done |
| 3 | finished, but some items failed, or `verify` found problems; each is listed |
| 130 | interrupted by Ctrl-C |

1 means that a disk is full, that output cannot be written, that a hash list is not there or not
what it says, or that a cross-walk is not there, damaged, in use by another job or in conflict with
another one. 2 means that the arguments, or the labels or the configuration that they name, make no
sense, or that a hash list names no algorithm and `--algorithm` has to.

A media file that is not there or cannot be read is a failed item, in every command: the others are
hashed, and the code is 3. A format that does not apply to the kind of a file, such as `vpdq` to
a picture, is no failure: `hash` and `rehash` say so where there is no hash at all, and the code
is 0. Only `compare` needs the hash, and ends with 3.

What goes wrong is one line on standard error. Where standard error is closed or full, the line is
lost and the work goes on; where standard output is, the code is 1, unless there was nothing to
print. Characters that the encoding of the terminal lacks are escaped.
""".strip()

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- formats: written by `make docs` -->", "<!-- end of formats -->"
CONTAINERS_BEGIN = "<!-- containers: written by `make docs` -->"
CONTAINERS_END = "<!-- end of containers -->"


def readme() -> str:
    """Return README.md with the current table of formats."""
    before, rest = (ROOT / "README.md").read_text().split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{formats_table()}\n{END}{after}"


def formats_table() -> str:
    """Return the table of formats and the list of families."""
    header = ("format", "hashes a", "bits", "distance", "match at ≤", "quality ≥", "licence")
    rows = [header, ("---",) * len(header)]
    rows += [(f"`{first}`", *rest) for first, *rest in map(table_row, registry().values())]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    families = [f"- `{family.pattern}`: {family.summary}" for family in registry().families()]
    return "\n".join([table, "", "Made on demand:", "", *families])


def lists_page() -> str:
    """Return docs/lists.md with the current table of containers."""
    before, rest = (ROOT / "docs" / "lists.md").read_text().split(CONTAINERS_BEGIN)
    _, after = rest.split(CONTAINERS_END)
    return f"{before}{CONTAINERS_BEGIN}\n{containers_table()}\n{CONTAINERS_END}{after}"


def containers_table() -> str:
    """Return the table of containers, with the fields that each cannot carry."""
    rows = [(*HEADER, "what it is", "cannot carry")]
    rows += [("---",) * len(rows[0])]
    for each in containers():
        name, *facts = container_row(each)
        loses = ", ".join(f"`{field}`" for field in container_fields(each)["loses"])
        rows += [(f"`{name}`", *facts, each.summary.replace("|", "\\|"), loses)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def formats_page() -> str:
    """Return docs/formats.md."""
    parts = ["# Formats", "Written by `make docs` from what the formats declare.", MEASURED]
    for offered in registry().values():
        parts += ["## " + offered.spec.id, *_card(offered)]
    for family in registry().families():
        examples = ", ".join(f"`{example}`" for example in family.examples) or "none"
        parts += [f"## {family.prefix}", f"`{family.pattern}`: {family.summary}"]
        parts += [f"- by default: {examples}"]
        for example in family.examples:
            parts += ["### " + example, *_card(registry()[example])]
    return "\n\n".join(parts) + "\n"


def _card(offered: Format) -> list[str]:
    """Return the paragraphs of one card."""
    said = [line for line in card_lines(offered)[2:] if line[1] != "-"]
    fields = [f"- {name}: {text}" for name, text in said if name != INSTALLED]
    return [offered.spec.summary, "\n".join(fields)]


def commands_page() -> str:
    """Return docs/cli.md."""
    parts = ["# The command line", "Written by `make docs` from the program's own help."]
    parts += ["## Exit codes", EXIT_CODES]
    for command in ((), *_commands(typer.main.get_command(app))):
        name = " ".join(("hashwalk", *command))
        parts += [f"## {name}", f"```text\n{_help(command)}\n```"]
    return "\n\n".join(parts) + "\n"


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command and group beneath `group`, our own mounted ones too."""
    context = typer.Context(group)
    for name in group.list_commands(context) if hasattr(group, "list_commands") else ():
        yield (*path, name)
        yield from _commands(group.get_command(context, name), (*path, name))


def _help(command: tuple[str, ...]) -> str:
    """Return what a command prints with ``--help`` on a terminal of 80 columns."""
    os.environ["COLUMNS"] = "80"
    with redirect_stdout(StringIO()) as printed:
        typer.main.get_command(app).main([*command, "--help"], "hashwalk", standalone_mode=False)
    return printed.getvalue().strip()


def main(arguments: list[str]) -> None:
    """Write the pages, or check them."""
    pages = {
        "README.md": readme(),
        "docs/formats.md": formats_page(),
        "docs/lists.md": lists_page(),
        "docs/cli.md": commands_page(),
    }
    for name, text in pages.items():
        path = ROOT / name
        if path.is_file() and path.read_text() == text:
            continue
        if "--check" in arguments:
            raise SystemExit(f"{name} is not current: run `make docs`")
        path.write_text(text)
        print(f"wrote {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
