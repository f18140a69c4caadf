"""What was measured of each format, in a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hashwalk.cli.console import complain, print_note, print_table
from hashwalk_bench.run.tables import MEASURES_FILE

if TYPE_CHECKING:
    from hashwalk_bench.measure.model import Interval, Measured, Measures, Point, Rate

_MEDIA = {"picture": "PICTURES", "video": "VIDEOS"}
_PUBLISHED, _CHOSEN = "published", "fpr 1e-3"
_HEADER = ("FOUND %", "AT FPR 1e-3", "CONFUSED", "MS")
_NONE = "-"


def measure_and_print(folder: Path, *, quiet: bool = False) -> None:
    """Measure the finished run in `folder`, and print a table of the formats of each medium."""
    from hashwalk_bench.measure.measuring import measure_run

    if not quiet:
        complain("measuring")
    measures = measure_run(folder)
    print_measures(measures)
    if not quiet:
        complain(f"all measures are in {folder / MEASURES_FILE}")


def print_measures(measures: Measures) -> None:
    """Print recall, collisions and cost of each format, with 95 % intervals in brackets."""
    for medium, title in _MEDIA.items():
        rows = [_row(each) for each in measures.formats if each.medium == medium]
        if rows:
            print_table((title, *_HEADER), rows)
            print()
    made_up = ("All media were made up by a program.",) if measures.corpus.synthetic else ()
    print_note("What it says", *_legend(), *made_up)


def _legend() -> Iterator[str]:
    yield "FOUND: edited copies within the published threshold of their original."
    yield "AT FPR 1e-3: the same at a threshold that confuses one of a thousand pairs."
    yield "CONFUSED: unrelated pairs within the published threshold; < is an upper bound."
    yield "MS: milliseconds of a processor for one file, beyond decoding it."
    yield "In brackets: 95 % intervals. -: cannot be told; measures.json says why."


def _row(measured: Measured) -> tuple[str, ...]:
    points = {point.name: point for point in measured.points}
    published, chosen = points.get(_PUBLISHED), points.get(_CHOSEN)
    milliseconds = measured.cost.milliseconds
    return (
        measured.format,
        _share(published),
        _share(chosen),
        _confused(published.collisions if published else None),
        _NONE if milliseconds is None else f"{milliseconds:,.1f}",
    )


def _share(point: Point | None) -> str:
    if point is None or point.recall.value is None:
        return _NONE
    return f"{100 * point.recall.value:.1f}" + _brackets(point.recall.interval, 100, ".0f")


def _confused(rate: Rate | None) -> str:
    if rate is None or rate.value is None:
        return _NONE
    if not rate.hits:
        return f"<{rate.interval.high:.1e}" if rate.interval else _NONE
    return f"{rate.value:.1e}" + _brackets(rate.interval, 1, ".0e")


def _brackets(interval: Interval | None, factor: int, shape: str) -> str:
    if interval is None:
        return ""
    return f" ({factor * interval.low:{shape}}-{factor * interval.high:{shape}})"
