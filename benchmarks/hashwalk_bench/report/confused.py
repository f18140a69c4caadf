"""What is confused: collisions at every point, and false alarms of one look-up in a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from hashwalk_bench.measure.model import Lookup, Measured, Measures, Point
from hashwalk_bench.report import words
from hashwalk_bench.report.scope import Scope
from hashwalk_bench.report.table import (
    NONE,
    Cell,
    Column,
    Table,
    cell,
    collisions,
    columns,
    number,
    share,
)
from hashwalk_bench.report.words import PUBLISHED

A_DAY = 1_000_000
"""Look-ups a day that the daily budget is told for."""


def thresholds(scope: Scope) -> Table:
    """Return every point of every format: its threshold, what it finds and confuses."""
    heads = columns("Format", "Chosen for", "Threshold", "Confused", "Found", "Unrelated pairs")
    rows = tuple(row for m in scope.formats for row in _rows(m))
    notes = (
        (
            "A threshold for a rate was chosen on one half of the sources; its rates are those of "
            "the other half."
        ),
    )
    caption = f"Thresholds, {scope.things}: chosen on one half, told of the other"
    return Table(f"thresholds-{scope.medium}", caption, _texts(heads, 2), rows, notes)


def separation(scope: Scope) -> Table:
    """Return how far apart matching and unrelated pairs are, over all thresholds."""
    heads = columns(
        "Format",
        "AUC",
        "Equal error rate",
        "Effective bits",
        "Bits",
        "Equal hashes",
        "Mean unrelated distance",
        "Unrelated pairs",
    )
    rows = tuple(
        (
            Cell(m.format),
            number(m.auc),
            share(m.eer),
            number(m.effective_bits),
            cell(m.bits),
            collisions(m.equal),
            cell(m.mean_unrelated),
            cell(m.non_matching_pairs, f"{m.non_matching_pairs:,}"),
        )
        for m in scope.formats
    )
    caption = f"Separation of {scope.things} that match from those that do not"
    return Table(f"separation-{scope.medium}", caption, heads, rows)


def look_ups(scope: Scope, measures: Measures) -> Table | None:
    """Return the chance of a false alarm for one look-up in lists of several sizes."""
    caption = f"False alarms: the chance that one look-up of an unrelated {scope.medium} raises one"
    note = (
        "1 - (1 - f)ⁿ for n entries and the rate f of the threshold: the published one, and "
        "the strictest that this run resolves."
    )
    return _by_size(scope, measures, Table(f"lookups-{scope.medium}", caption, (), (), (note,)), 0)


def daily_alarms(scope: Scope, measures: Measures) -> Table | None:
    """Return how many false alarms a day lists of several sizes raise."""
    caption = (
        f"Daily budget: false alarms a day, of {A_DAY:,} look-ups of unrelated {scope.things} a day"
    )
    note = (
        "The chance of one look-up times their number. Divide by the part of a million that you "
        "look up a day, and compare with how many your reviewers can look at."
    )
    return _by_size(
        scope, measures, Table(f"daily-{scope.medium}", caption, (), (), (note,)), A_DAY
    )


def _by_size(scope: Scope, measures: Measures, table: Table, a_day: int) -> Table | None:
    """Return a table of formats by sizes of lists: chances, or alarms of so many look-ups a day."""
    shown = {(m.format, name) for m in scope.formats for name in (PUBLISHED, _strictest(m))}
    told = [
        each
        for each in measures.lookups
        if (each.format, each.point) in shown and each.medium == scope.medium
    ]
    if not told:
        return None
    sizes = sorted({each.size for each in told})
    by_key = {(each.format, each.point, each.size): each for each in told}
    keys = sorted(
        {(each.format, each.point) for each in told},
        key=lambda key: (scope.ids.index(key[0]), key[1] != PUBLISHED),
    )
    rows = tuple(
        (
            Cell(name),
            Cell(words.point_words(point)),
            *(_chance(by_key, name, point, s, a_day) for s in sizes),
        )
        for name, point in keys
    )
    heads = columns("Format", "Threshold", *(f"{size:,} entries" for size in sizes))
    return replace(table, columns=_texts(heads, 2), rows=rows)


def _strictest(measured: Measured) -> str:
    """Return the name of the point with the lowest target that has a threshold."""
    known = [p for p in measured.points if p.threshold is not None and p.target is not None]
    return min(known, key=lambda p: p.target or 0).name if known else PUBLISHED


def _rows(measured: Measured) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each point; those that are not resolved are one row."""
    for point in measured.points:
        if point.threshold is not None:
            yield _row(measured, point, _threshold(measured, point))
        elif point.target is None:
            yield _row(measured, point, Cell(NONE, detail=words.brief(point.note)))
    unresolved = [p for p in measured.points if p.threshold is None and p.target is not None]
    if unresolved:
        first = max(unresolved, key=lambda point: point.target or 0)
        yield _row(measured, first, Cell(NONE, detail=words.brief(first.note)), len(unresolved) > 1)


def _row(
    measured: Measured, point: Point, threshold: Cell, fewer: bool = False
) -> tuple[Cell, ...]:
    known = point.threshold is not None
    return (
        Cell(measured.format),
        Cell(words.point_words(point.name) + (" or fewer" if fewer else "")),
        threshold,
        collisions(point.collisions) if known else Cell(NONE),
        share(point.recall) if known else Cell(NONE),
        cell(point.collisions.trials, f"{point.collisions.trials:,}") if known else Cell(NONE),
    )


def _threshold(measured: Measured, point: Point) -> Cell:
    inside = point.threshold_interval
    detail = f"{inside.low:g} to {inside.high:g}" if inside else ""
    low, high = (inside.low, inside.high) if inside else (None, None)
    text = words.threshold_words(measured, point.threshold)
    return Cell(text, point.threshold, low, high, detail=detail)


def _chance(
    told: dict[tuple[str, str, int], Lookup], name: str, point: str, size: int, a_day: int
) -> Cell:
    found = told.get((name, point, size))
    if found is None:
        return Cell(NONE)
    say = partial(_alarms, a_day=a_day) if a_day else words.percent
    scale = a_day or 1
    low, high = found.low * scale, found.high * scale
    if found.value is None or found.value == 0:
        return Cell(f"≤ {say(found.high)}", high, low, high)
    said_low, said_high = say(found.low), say(found.high)
    detail = "" if said_low == said_high else f"{said_low.removesuffix(' %')} to {said_high}"
    return Cell(say(found.value), found.value * scale, low, high, detail=detail)


def _alarms(chance: float, a_day: int) -> str:
    alarms = chance * a_day
    return f"{alarms:,.0f}" if alarms >= 10 else f"{alarms:.2g}"


def _texts(heads: tuple[Column, ...], count: int) -> tuple[Column, ...]:
    return tuple(Column(h.name, numeric=n >= count, says=h.says) for n, h in enumerate(heads))
