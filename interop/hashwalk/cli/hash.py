"""``hashwalk hash``: the hashes of a few files, at once and without a cross-walk."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from hashwalk.cli.console import complain, print_json, print_table, printable
from hashwalk.cli.errors import SOME_FAILED
from hashwalk.cli.format_ids import FormatIds
from hashwalk.errors import UsageError
from hashwalk.format import Format, Part
from hashwalk.opaque import PROPRIETARY
from hashwalk.registry import get_format, registry
from hashwalk.results import ALL_FORMATS, Failure, HashedFile

_LONGEST_SHOWN = 4_000
_SHOWN_OF_LONGER = 64
"""Characters; a crop-resistant hash or a list of numbers is shown whole, a vector is not."""
_SHOWN_OF_SECRET = 4


def hash_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Pictures or videos.")],
    format_ids: FormatIds = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON line a value.")] = False,
) -> None:
    """Print the hashes of a few files.

    Files that fail are named on standard error, the others are printed, and the exit code
    is 3. That no format applies to the kind of a file is said there too, and is no failure.
    For folders, and for anything large, there is `hashwalk rehash`.
    """
    from hashwalk.hashing import hash_file

    _refuse_folders(paths)
    chosen = tuple(get_format(i).spec.id for i in format_ids or registry().default_ids())
    failed = printed = False
    for path in paths:
        hashed = hash_file(path, chosen)
        if as_json:
            _print_lines(hashed)
        elif hashed.hashes:
            _print_block(path, hashed, apart=printed)
            printed = True
        sys.stdout.flush()
        for complaint in complaints(hashed, chosen):
            complain(f"{path}: {complaint}")
        failed = failed or bool(hashed.failures)
    if failed:
        raise typer.Exit(SOME_FAILED)


def complaints(hashed: HashedFile, asked: Sequence[str]) -> list[str]:
    """Return why hashes are missing, a line each: failures, or that no format applies."""
    if hashed.media and not (hashed.hashes or hashed.failures):
        kind = "file of no known type" if hashed.media.type == "other" else hashed.media.type
        return [f"no hash, since {', '.join(asked)} cannot be made of a {kind}"]
    return [_reason(failure) for failure in hashed.failures]


def _reason(failure: Failure) -> str:
    whose = "" if failure.format == ALL_FORMATS else f"{failure.format}: "
    return f"{whose}{failure.message} ({failure.code})"


def _refuse_folders(paths: list[Path]) -> None:
    for path in paths:
        if _is_folder(path):
            raise UsageError(f"{path} is a folder: use `hashwalk rehash {path} -o CROSSWALK`")


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what cannot be looked at fails by itself, when it is opened
        return False


def _print_lines(hashed: HashedFile) -> None:
    for format_id, number, part in _parts(hashed):
        print_json(
            {
                "uri": hashed.media.uri if hashed.media else None,
                "sha256": hashed.media.sha256 if hashed.media else None,
                "format": format_id,
                "part": number,
                "time_s": part.time_s,
                "value": get_format(format_id).render_part(part.value),
                "quality": part.quality,
            }
        )


def _print_block(path: Path, hashed: HashedFile, *, apart: bool) -> None:
    """Print a table of the values; columns in which no row says anything are left out."""
    print(("\n" if apart else "") + printable(str(path)))
    header = ("format", "part", "time_s", "quality", "value")
    rows = [_row(*found) for found in _parts(hashed)]
    kept = [number for number, column in enumerate(zip(*rows, strict=True)) if any(column)]
    print_table([header[n] for n in kept], [[row[n] for n in kept] for row in rows])


def _row(format_id: str, number: int, part: Part) -> tuple[str, ...]:
    return (
        format_id,
        "" if part.time_s is None else str(number),
        "" if part.time_s is None else f"{part.time_s:.3f}",
        "" if part.quality is None else str(part.quality),
        _shown(get_format(format_id), part.value),
    )


def _shown(offered: Format, value: bytes) -> str:
    text = offered.render_part(value)
    if offered.spec.licence == PROPRIETARY:
        return _shortened(text, _SHOWN_OF_SECRET)
    return text if len(text) <= _LONGEST_SHOWN else _shortened(text, _SHOWN_OF_LONGER)


def _shortened(text: str, kept: int) -> str:
    return f"{text[:kept]}… ({len(text):,} characters: --json gives them all)"


def _parts(hashed: HashedFile) -> Iterator[tuple[str, int, Part]]:
    for found in hashed.hashes:
        for number, part in enumerate(found.parts):
            yield found.format, number, part
