"""``hashwalk bench compare``: what changed from one run to another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashwalk.cli.console import counted, print_fields, print_note, print_table
from hashwalk.cli.errors import SOME_FAILED
from hashwalk_bench.cli.extra import require_extra

if TYPE_CHECKING:
    from hashwalk_bench.comparing.model import Change, Changes, OnlyIn
    from hashwalk_bench.statistics.model import Rate

_HEADER = ("FORMAT", "AT", "OF", "BEFORE", "AFTER", "CHANGE (95 %)")
_SHOWN = 20

Before = Annotated[Path, typer.Argument(metavar="RUN1", help="The folder of a measured run.")]
After = Annotated[Path, typer.Argument(metavar="RUN2", help="The one to compare with it.")]
FailIfWorse = Annotated[
    float | None,
    typer.Option(metavar="X", min=0, max=1, help="End with 3 if a rate is worse by more."),
]
FailIfConfused = Annotated[
    float | None,
    typer.Option(metavar="X", min=0, max=1, help="The same of collisions; default: as above."),
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="JSON", help="Write every change there.")
]


def compare(
    before: Before,
    after: After,
    fail_if_worse: FailIfWorse = None,
    fail_if_confused: FailIfConfused = None,
    output: Output = None,
) -> None:
    """Say what changed from RUN1 to RUN2: recall by format, family and transform, and collisions.

    Where both runs are over the same media, recall is compared source by source; else the rates
    are compared as measured apart, and of many changes one in forty looks worse by chance. A rate
    is worse if recall fell, or collisions rose, by more than X (0.01: one in a hundred) and the
    95 % interval of the change excludes 0; at thresholds chosen for a rate of collisions that is
    told for equal media and seeds only. What only one run has is not compared.
    """
    require_extra()
    from hashwalk_bench.comparing.runs import compare_runs

    found = compare_runs(before, after)
    if output:
        _write(found, output)
    _print_runs(found, before, after)
    _print_changes(found)
    if fail_if_worse is not None or fail_if_confused is not None:
        recall = math.inf if fail_if_worse is None else fail_if_worse
        collisions = recall if fail_if_confused is None else fail_if_confused
        worse = [change for change in found.changes if change.is_worse(recall, collisions)]
        _print_worse(worse)
        raise typer.Exit(SOME_FAILED if worse else 0)


def _write(found: Changes, output: Path) -> None:
    import msgspec

    from hashwalk.durable import written_whole

    with written_whole(output) as file:
        file.write(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")


def _print_runs(found: Changes, before: Path, after: Path) -> None:
    print_fields(
        [
            ("before", f"{before}: {_made(found.before)}"),
            ("after", f"{after}: {_made(found.after)}"),
            ("the same media", ", ".join(found.paired) or "none: rates measured apart"),
            ("compared", f"{counted(found.compared, 'rate')}, {len(found.changes):,} changed"),
        ]
    )
    for name, only in (("before", found.only_before), ("after", found.only_after)):
        _print_only(name, only)


def _made(made: dict[str, object]) -> str:
    suite = made.get("suite")
    named = f", suite {suite['name']}" if isinstance(suite, dict) and "name" in suite else ""
    return f"hashwalk {made.get('hashwalk', '?')}{named}, {made.get('date', '?')}"


def _print_only(name: str, only: OnlyIn) -> None:
    if only.formats or only.transforms:
        print_note(f"Only {name}", *filter(None, (", ".join(only.formats), *only.transforms)))


def _print_changes(found: Changes) -> None:
    whole = [c for c in found.changes if not (c.family or c.transform)]
    parts = [c for c in found.changes if (c.family or c.transform) and c.is_certain]
    for title, changes in (("Formats", whole), ("Families and transforms, for certain", parts)):
        if changes:
            print_note(f"{title}: the largest changes first")
            _print_table(changes)
    if not found.changes:
        print_note("No rate has changed")


def _print_worse(worse: Sequence[Change]) -> None:
    if worse:
        print_note(f"Worse by more than allowed: {counted(len(worse), 'rate')}")
        _print_table(worse)
    else:
        print_note("Nothing is worse by more than allowed")


def _print_table(changes: Sequence[Change]) -> None:
    print_table(_HEADER, map(_cells, changes[:_SHOWN]))
    if len(changes) > _SHOWN:
        print(f"… and {len(changes) - _SHOWN:,} more, which -o writes")


def _cells(change: Change) -> tuple[str, ...]:
    percent = change.asked.value == "recall"
    of = change.transform or change.family or ("recall" if percent else "collisions")
    rates = (_rate(rate, percent=percent) for rate in (change.before, change.after))
    return (change.format, change.point, of, *rates, _difference(change, percent=percent))


def _rate(rate: Rate, *, percent: bool) -> str:
    if rate.value is None:
        return "-"
    if percent:
        return f"{100 * rate.value:.1f} %"
    ends = rate.interval
    return f"<{ends.high:.1e}" if ends and not rate.hits else f"{rate.value:.1e}"


def _difference(change: Change, *, percent: bool) -> str:
    if change.change is None:
        return change.note or "-"
    factor, shape = (100, "+.1f") if percent else (1, "+.0e")
    ends = change.interval
    told = f"{factor * change.change:{shape}}"
    return told + (f" ({factor * ends.low:{shape}} {factor * ends.high:{shape}})" if ends else "")
