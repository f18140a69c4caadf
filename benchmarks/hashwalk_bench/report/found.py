"""What is found: the summary of all formats, and the heat map of transforms by formats."""

from __future__ import annotations

from itertools import groupby

from hashwalk_bench.measure.model import Edited, Measured
from hashwalk_bench.report import words
from hashwalk_bench.report.facts import milliseconds
from hashwalk_bench.report.scope import Scope, nothing, point_of
from hashwalk_bench.report.table import NONE, Cell, Column, Table, cell, collisions, share
from hashwalk_bench.report.words import PUBLISHED
from hashwalk_bench.statistics.model import Rate

NOTES = (
    (
        "A dash: at this rate the pairs of this run resolve no threshold of the format, or the "
        "edit could be made of no source."
    ),
)


def summary(scope: Scope) -> Table:
    """Return the table of the first screen: format by question.

    The column at equal confusion is there if any target is resolved.
    """
    at = words.point_words(scope.fair)
    heads: tuple[Column, ...] = (
        Column("Format", numeric=False),
        Column("Found, at equal confusion", says=f"Share of edited copies found at {at}"),
        Column("Found, as published", says="Share found at the format's published threshold"),
        Column("Confused, as published", says="Share of unrelated pairs that match there"),
        Column("Published threshold"),
        Column("Cost, ms", says="Milliseconds for one item, beyond decoding it"),
        Column("Bytes", says="Bytes of one hash"),
    )
    rows = tuple(_summary_row(scope, measured) for measured in scope.formats)
    note = f"Equal confusion: each format at the threshold that it needs for {at}."
    if scope.target is None:
        heads, rows = (heads[0], *heads[2:]), tuple((row[0], *row[2:]) for row in rows)
        note = (
            "The pairs of this run resolve no threshold at which formats confuse equally much: "
            "published thresholds differ, and a lax one finds more."
        )
    caption = f"Formats for {scope.things}: what each finds, confuses and costs"
    return Table(f"summary-{scope.medium}", caption, heads, rows, (note,))


def _summary_row(scope: Scope, measured: Measured) -> tuple[Cell, ...]:
    published = point_of(measured, PUBLISHED)
    none = nothing("no threshold is published")
    at = published if published and published.threshold is not None else None
    shown = cell(at.threshold, words.threshold_words(measured, at.threshold)) if at else Cell(NONE)
    return (
        Cell(measured.format),
        share(scope.found(measured)),
        share(at.recall if at else none),
        collisions(at.collisions if at else none),
        shown,
        milliseconds(measured.cost),
        cell(measured.cost.bytes),
    )


def families(scope: Scope, point: str) -> Table:
    """Return families by formats: every transform and source of a family has equal weight."""
    names = family_names(scope)
    rows = tuple(
        (Cell(name), *(share(family_rate(m, name, point), heat=True) for m in scope.formats))
        for name in names
    )
    caption = f"Recall by family of edits, {scope.things}, at {words.point_words(point)}"
    heads = (Column("Family", numeric=False), *map(Column, scope.ids))
    return Table(f"families-{scope.medium}", caption, heads, rows, NOTES, "heat")


def heat_map(scope: Scope, point: str, said: dict[str, str]) -> Table:
    """Return transforms by formats, ladders in order of strength beneath their family."""
    rows: list[tuple[Cell, ...]] = []
    groups: dict[int, str] = {}
    for family, calls in groupby(ordered_calls(scope), key=lambda call: call.family):
        groups[len(rows)] = family
        for call in calls:
            rates = [edit_rate(m, call.transform, point) for m in scope.formats]
            name = said.get(call.transform) or call.transform
            rows.append((Cell(name), *(share(rate, heat=True) for rate in rates)))
    caption = f"Recall by edit, {scope.things}, at {words.point_words(point)}"
    heads = (Column("Edit", numeric=False), *map(Column, scope.ids))
    return Table(f"heat-{scope.medium}", caption, heads, tuple(rows), NOTES, "heat", groups)


def ordered_calls(scope: Scope) -> list[Edited]:
    """Return one row of each call, families together, the order of the suite inside them."""
    calls = {e.transform: e for m in scope.formats for e in m.edited}
    order = {family: n for n, family in enumerate(dict.fromkeys(e.family for e in calls.values()))}
    return sorted(calls.values(), key=lambda call: order[call.family])


def edit_rate(measured: Measured, transform: str, point: str) -> Rate:
    """Return the recall after one transform at a point."""
    edited = next((e for e in measured.edited if e.transform == transform), None)
    none = nothing("not measured")
    return edited.recall.get(point, none) if edited else none


def family_names(scope: Scope) -> tuple[str, ...]:
    """Return the families of edits in the order of the suite."""
    return tuple(dict.fromkeys(f.family for m in scope.formats for f in m.families))


def family_rate(measured: Measured, family: str, point: str) -> Rate:
    """Return the recall of a family at a point."""
    found = next((f for f in measured.families if f.family == family), None)
    none = nothing("not measured")
    return found.recall.get(point, none) if found else none
