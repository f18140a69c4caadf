"""``hashwalk compare``: the distance of two hashes, and whether that is a match."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hashwalk.cli.console import complain, print_fields, print_json
from hashwalk.cli.errors import SOME_FAILED
from hashwalk.cli.hash import complaints
from hashwalk.errors import HashParseError, UsageError
from hashwalk.format import Comparison, Format, Hash
from hashwalk.registry import get_format


def compare(
    format_id: Annotated[str, typer.Argument(metavar="ID", help="The format of both.")],
    a: Annotated[str, typer.Argument(metavar="A", help="A hash, or a file to hash.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the distance of two hashes, and the verdict.

    A and B are files, or hashes in any encoding of the format (`hashwalk formats ID` names
    them). The verdict is that of the published threshold. The exit code is 0 whatever it says.
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
    if _is_file(argument):
        return _hash_of_file(offered, argument)
    try:
        return offered.parse(argument)
    except HashParseError as error:
        raise UsageError(f"{name} is neither a file nor a hash: {error}") from error


def _hash_of_file(offered: Format, path: str) -> Hash:
    from hashwalk.hashing import hash_file

    hashed = hash_file(Path(path), (offered.spec.id,))
    if not hashed.hashes:
        for complaint in complaints(hashed, (offered.spec.id,)):
            complain(f"{path}: {complaint}")
        raise typer.Exit(SOME_FAILED)
    return hashed.hashes[0]


def _is_file(argument: str) -> bool:
    try:
        return Path(argument).is_file()
    except (OSError, ValueError):  # a long hash is no possible file name
        return False
