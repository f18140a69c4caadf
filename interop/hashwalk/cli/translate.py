"""``hashwalk translate``: a list in one format into a list in another, through a cross-walk."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashwalk.cli.console import complain, counted, print_json, print_table
from hashwalk.cli.errors import SOME_FAILED
from hashwalk.errors import UsageError

if TYPE_CHECKING:
    from hashwalk.translation import Fate, TranslatedList

List = Annotated[Path, typer.Argument(metavar="LIST", help="The hash list to translate.")]
CrosswalkPath = Annotated[
    Path, typer.Option("--crosswalk", metavar="CROSSWALK", help="Of the reference media.")
]
Targets = Annotated[
    list[str], typer.Option("--to", metavar="ID", help="Format; repeat, or join with commas.")
]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="The list to write.")]
WrittenAs = Annotated[
    str | None, typer.Option("--as", metavar="CONTAINER", help="What OUT is; default: by its name.")
]
ReadAs = Annotated[
    str | None, typer.Option("--from", metavar="CONTAINER", help="What LIST is; default: told.")
]
Algorithm = Annotated[
    str | None, typer.Option(metavar="ID", help="Format of hashes that do not name their own.")
]
MaxDistance = Annotated[
    list[str] | None,
    typer.Option(metavar="[ID=]N", help="In place of published thresholds; 0: equal hashes only."),
]
Ambiguous = Annotated[
    str | None,
    typer.Option(
        metavar="keep|drop",
        help="Hashes that several media are equally near to; default: keep, drop with --only.",
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="HOW", help="Write only these: re-encoded, exact, near."),
]
Calibration = Annotated[
    Path | None,
    typer.Option(metavar="CARD", help="Of `hashwalk bench calibrate`: how sure near matches are."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON summary.")]


def translate(  # noqa: PLR0917 - each is an option
    source: List,
    crosswalk: CrosswalkPath,
    to: Targets,
    output: Output,
    written_as: WrittenAs = None,
    read_as: ReadAs = None,
    algorithm: Algorithm = None,
    max_distance: MaxDistance = None,
    ambiguous: Ambiguous = None,
    only: Only = None,
    calibration: Calibration = None,
    as_json: AsJson = False,
) -> None:
    """Translate a hash list into other formats, through the cross-walk of reference media.

    A hash is looked up in the cross-walk: equal, else the nearest within the format's published
    threshold. Every record written says how it was found. OUT.unmatched.jsonl lists what
    someone who holds the media has to re-hash, OUT.loss.json what OUT cannot say, and
    OUT.rejects.jsonl what could not be read. Withdrawn and deleted hashes stay so.
    The exit code is 3 when records could not be read.
    """
    from hashwalk.crosswalk import Crosswalk
    from hashwalk.hashlists.containers import name_by_suffix
    from hashwalk.translation import read_card, translate_list

    card = read_card(calibration) if calibration else None
    targets = _split(to)
    if not targets:
        raise UsageError("--to names no format; `hashwalk formats` lists those installed")
    done = translate_list(
        source,
        Crosswalk.open(crosswalk),
        output,
        to=targets,
        written_as=written_as or name_by_suffix(output, "--as"),
        read_as=read_as,
        algorithm=algorithm,
        max_distances=_distances(max_distance or []),
        only=_wanted(_split(only or []), ambiguous),
        calibration=card,
    )
    if card is not None:
        _tell_uncalibrated({row.source for row in done.summary.rows()} - card.formats.keys())
    if as_json:
        print_json(_summary(done), indent=2)
    else:
        _print_summary(done, output)
    raise typer.Exit(SOME_FAILED if done.rejects else 0)


def _tell_uncalibrated(sources: set[str]) -> None:
    if sources:
        complain(f"the card says nothing of {', '.join(sorted(sources))}: no probability for these")


def _split(values: list[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _distances(texts: list[str]) -> dict[str, float]:
    """Return the distance by format id; one without an id is that of every format."""
    from hashwalk.registry import formats, get_format

    found: dict[str, float] = {}
    for text in _split(texts):
        format_id, _, number = text.rpartition("=")
        ids = [get_format(format_id).spec.id] if format_id else list(formats())
        found.update(dict.fromkeys(ids, _distance(number, text)))
    return found


def _distance(number: str, text: str) -> float:
    try:
        found = float(number)
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        raise UsageError(f"--max-distance {text!r} is no distance: give N, or ID=N, of 0 or more")
    return found


def _wanted(only: list[str], ambiguous: str | None) -> set[Fate]:
    from hashwalk.translation import TRANSLATED, Fate

    if ambiguous not in {"keep", "drop", None}:
        raise UsageError(f"--ambiguous {ambiguous!r} is neither keep nor drop")
    named = [fate for fate in TRANSLATED if fate is not Fate.AMBIGUOUS]
    unknown = sorted(set(only) - set(named))
    if unknown:
        raise UsageError(f"--only {unknown[0]!r} is none of {', '.join(named)}")
    kept = {Fate(each) for each in only} or {*named}
    is_kept = ambiguous == "keep" or (ambiguous is None and not only)
    return kept | ({Fate.AMBIGUOUS} if is_kept else set())


def _summary(done: TranslatedList) -> dict[str, object]:
    rows = [
        {"source": row.source, "target": row.target, **{f.value: n for f, n in row.fates.items()}}
        for row in done.summary.rows()
    ]
    reasons = [
        {"target": target, "reason": reason, "media": count}
        for (target, reason), count in done.summary.reasons.most_common()
    ]
    return {
        "written": done.loss.written,
        "left out": sum(done.loss.left_out.values()),
        "unmatched": done.unmatched,
        "rejects": done.rejects,
        "translated": rows,
        "no target value": reasons,
    }


def _print_summary(done: TranslatedList, output: Path) -> None:
    from hashwalk.translation import Fate

    header = ("FROM", "TO", *(fate.value.upper() for fate in Fate))
    rows = [
        (row.source, row.target, *(f"{row.fates[fate]:,}" for fate in Fate))
        for row in done.summary.rows()
    ]
    print_table(header, rows)
    for (target, reason), count in done.summary.reasons.most_common(10):
        complain(f"{count:,} media without {target}: {reason}")
    complain(f"{counted(done.loss.written, 'record')} into {output}")
    if done.unmatched:
        complain(f"{done.unmatched:,} to re-hash in {output}.unmatched.jsonl")
    for reason, count in done.loss.left_out.most_common():
        complain(f"{count:,} left out: {reason}")
    if done.rejects:
        complain(f"{done.rejects:,} that could not be read in {output}.rejects.jsonl")
