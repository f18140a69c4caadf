"""The command ``hashwalk`` and its sub-commands."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from hashwalk.cli.compare import compare
from hashwalk.cli.crosswalk import app as crosswalk
from hashwalk.cli.errors import EXIT_CODES, exit_code_of
from hashwalk.cli.formats import formats
from hashwalk.cli.hash import hash_files
from hashwalk.cli.lists import app as lists
from hashwalk.cli.mounted import MountingGroup
from hashwalk.cli.rehash import rehash
from hashwalk.cli.streams import prepare_streams
from hashwalk.cli.translate import translate
from hashwalk.configuration import CONFIG

app = typer.Typer(
    name="hashwalk",
    cls=MountingGroup,
    help="Re-hash reference media into every hash format, and keep the cross-walk.",
    epilog=EXIT_CODES,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("rehash")(rehash)
app.add_typer(crosswalk, name="crosswalk")
app.command("formats")(formats)
app.command("hash")(hash_files)
app.command("compare")(compare)
app.command("translate")(translate)
app.add_typer(lists, name="lists")


def main() -> NoReturn:
    """Run the command line with the process's arguments, and exit."""
    prepare_streams()
    command = typer.main.get_command(app)
    arguments = sys.argv[1:] or ["--help"]
    sys.exit(exit_code_of(lambda: command.main(arguments, "hashwalk", standalone_mode=False)))


def _configure(file: Path | None) -> None:
    if file is not None:
        os.environ[CONFIG] = str(file.absolute())


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"hashwalk {version('hashwalk')}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    _config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            callback=_configure,
            help="Formats that other programs compute; default: ~/.config/hashwalk/hashwalk.toml.",
        ),
    ] = None,
) -> None:
    pass
