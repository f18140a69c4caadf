"""``hashwalk compare``: the distance of two hashes, and whether that is a match."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from hashwalk.cli.console import complain, print_fields, print_json
from hashwalk.cli.errors import SOME_FAILED
from hashwalk.cli.hash import complaints
from hashwalk.errors import HashParseError, HashwalkError, UnreadableError, UsageError
from hashwalk.format import Comparison, Format, Hash
from hashwalk.registry import get_format

_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
"""The end of a file's name, and of no hash: numbers have digits after the point."""


def compare(
    format_id: Annotated[str, typer.Argument(metavar="ID", help="The format of both.")],
    a: Annotated[str, typer.Argument(metavar="A", help="A hash, or a file.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the distance of two hashes, and the verdict.

    A and B are pictures or videos, files that hold one hash (such as a .tmk file), or hashes in
    any encoding of the format (`hashwalk formats ID` names them). The verdict is that of the
    published threshold. The exit code is 0 whatever it says, and 3 where a file has no hash.
    """
    offered = get_format(format_id)
    compared = offered.compare(_hash_of(offered, a, "A"), _hash_of(offered, b, "B"))
    if as_json:
        print_json(
            {
                "format": format_id,
                "distance": compared.distance,
                "threshold": compared.threshold,
                "match": compared.match,
                "reason": compared.reason,
            }
        )
    else:
        print_fields(_fields(offered, compared))


def _fields(offered: Format, compared: Comparison) -> list[tuple[str, str]]:
    spec = offered.spec
    threshold = f"{spec.threshold.value:g} ({spec.threshold.source})" if spec.threshold else "none"
    return [
        ("distance", f"{compared.distance:g} ({spec.distance.name})"),
        ("threshold", threshold),
        ("verdict", _verdict(compared)),
    ]


def _verdict(compared: Comparison) -> str:
    if compared.match is None:
        return f"no verdict: {compared.reason}"
    return "match" if compared.match else "no match"


def _hash_of(offered: Format, argument: str, name: str) -> Hash:
    if os.path.lexists(argument):
        return _hash_of_file(offered, argument, name)
    try:
        return offered.parse(argument)
    except HashParseError as error:
        if _looks_like_a_path(argument):
            raise UnreadableError(f"{argument}: there is no such file") from None
        raise UsageError(f"{name} is neither a file that is there nor a hash: {error}") from error


def _hash_of_file(offered: Format, path: str, name: str) -> Hash:
    from hashwalk.hashing import hash_file

    if Path(path).is_dir():
        raise UsageError(f"{name} is a folder, {path}: name a file, or give a hash")
    hashed = hash_file(Path(path), (offered.spec.id,))
    if not hashed.hashes:
        if hashed.media and hashed.media.type == "other":
            held = _held_by(offered, path)
            if held is not None:
                return held
        for complaint in complaints(hashed, (offered.spec.id,)):
            complain(f"{path}: {complaint}")
        raise typer.Exit(SOME_FAILED)
    return hashed.hashes[0]


def _held_by(offered: Format, path: str) -> Hash | None:
    """Return the hash that a file holds, None unless it holds exactly one, of the format."""
    from hashwalk.hashlists import read_list

    with suppress(HashwalkError):
        held = list(islice(read_list(path, algorithm=offered.spec.id), 2))
        if len(held) == 1 and held[0].algorithm == offered.spec.id and held[0].value:
            return offered.parse(held[0].value, held[0].encoding)
    return None


def _looks_like_a_path(argument: str) -> bool:
    """Tell whether a text that is no hash is meant as a path, which a message may repeat."""
    folder = Path(argument).parent
    try:
        return bool(_SUFFIX.search(argument)) or (folder.name != "" and folder.is_dir())
    except OSError:  # a long hash is no possible file name
        return False
