"""The option ``-f`` that names formats: repeated, or joined with commas."""

from __future__ import annotations

from typing import Annotated

import typer

from hashwalk.errors import UsageError


def _split(values: list[str] | None) -> list[str] | None:
    ids = [part.strip() for value in values or () for part in value.split(",")]
    if any(not value.strip(" ,") for value in values or ()):
        raise UsageError("-f names no format; `hashwalk formats` lists those installed")
    return [format_id for format_id in ids if format_id] or None


FormatIds = Annotated[
    list[str] | None,
    typer.Option(
        "-f",
        "--format",
        metavar="ID",
        help="Repeat for more, or join with commas; default: all.",
        callback=_split,
    ),
]
