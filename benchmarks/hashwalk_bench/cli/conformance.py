"""``hashwalk bench conformance``: whether other programs compute the same hashes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashwalk.cli.console import complain, counted, print_fields, print_note, print_table
from hashwalk.cli.errors import SOME_FAILED
from hashwalk.cli.format_ids import FormatIds
from hashwalk.errors import UsageError

if TYPE_CHECKING:
    from hashwalk_bench.conformance.check import Compared, Conformance, Peer

_HEADER = ("asked for", "format", "files", "equal", "bits", "mean", "median", "max", "verdict")

Against = Annotated[
    list[str],
    typer.Option(metavar="NAME", help="Implementation; repeat for more, or join with commas."),
]
Media = Annotated[
    Path, typer.Option("--media", metavar="DIR", help="A folder of pictures and videos.")
]
Tolerance = Annotated[
    float | None, typer.Option(metavar="BITS", min=0, help="In place of the declared ones.")
]
Python = Annotated[
    str | None,
    typer.Option(metavar="PYTHON", help="The interpreter of an environment that has NAME."),
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="JSON", help="Write the outcome there.")
]
Files = Annotated[
    bool, typer.Option("--files", help="List the files that differ, in the JSON too.")
]


def conformance(  # noqa: PLR0917 - each is an option
    against: Against,
    media: Media,
    formats: FormatIds = None,
    tolerance: Tolerance = None,
    python: Python = None,
    output: Output = None,
    files: Files = False,
) -> None:
    """Compare other programs' hashes with hashwalk's, file by file, in bits.

    NAME is blockhash, imagehash, opencv, pdqhash, perception, threatengine, threatexchange or
    videohash. Each opens the files by itself, in a process of its own; --python runs it in the
    environment that has it, where it and hashwalk exclude each other. The exit code is 3 unless
    every hash is within the tolerance, which is 0 bits where nothing else is declared. The JSON
    has no path unless --files is given, and never a hash.
    """
    from hashwalk_bench.conformance.check import Question, check_conformance

    question = Question(
        against=_names(against), formats=formats or (), tolerance=tolerance, python=python
    )
    found = check_conformance(question, media, complain=complain, name_files=files)
    if output:
        _write(found, output)
    for peer in found.peers:
        _print_peer(peer, [row for row in found.compared if row.implementation == peer.name])
    for each in found.differing or ():
        print_note(each.path, f"{each.implementation}, {each.call}: {counted(each.drift, 'bit')}")
    raise typer.Exit(0 if found.conforms else SOME_FAILED)


def _names(against: list[str]) -> list[str]:
    names = [name.strip().lower() for text in against for name in text.split(",")]
    if not all(names):
        raise UsageError("--against names no implementation; --help lists them")
    return list(dict.fromkeys(names))


def _write(found: Conformance, output: Path) -> None:
    import msgspec

    from hashwalk.durable import written_whole

    with written_whole(output) as file:
        file.write(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")


def _print_peer(peer: Peer, rows: list[Compared]) -> None:
    libraries = "".join(f", {name} {found}" for name, found in peer.libraries.items())
    print_fields([(f"{peer.name} {peer.version}", f"Python {peer.python}{libraries}")])
    print_table(_HEADER, [_cells(row) for row in rows if not row.missing])
    remarks = _remarks(peer, rows)
    if remarks:
        print_note("Mind", *[f"{text}." for text in remarks])
    print()


def _cells(row: Compared) -> tuple[str, ...]:
    counts = (f"{n:,}" for n in (row.files, row.equal, row.bits))
    drifts = ("-" if d is None else f"{d:.4g}" for d in (row.mean, row.median, row.max))
    return (row.call, row.format, *counts, *drifts, str(row.verdict))


def _remarks(peer: Peer, rows: list[Compared]) -> list[str]:
    found = [peer.remark] if peer.remark else []
    for row in rows:
        if row.missing:
            found.append(f"{row.call} was not asked: {row.missing}")
            continue
        if row.tolerance:
            found.append(f"{row.call} may be {row.tolerance:g} bits off: {row.tolerance_reason}")
        alone = {"hashwalk": row.only_ours, peer.name: row.only_theirs, "neither": row.neither}
        found += [
            f"{row.call}: {counted(n, 'file')} {_hashed_by(by)}" for by, n in alone.items() if n
        ]
    return found


def _hashed_by(name: str) -> str:
    return "that neither hashes" if name == "neither" else f"that only {name} hashes"
