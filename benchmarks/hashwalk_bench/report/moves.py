"""Cross-walk quality: what has a hash at all, and what becomes of a list that moves from A to B."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from hashwalk_bench.measure.model import Measures, Moved, MovedRecall
from hashwalk_bench.report.scope import Scope
from hashwalk_bench.report.table import Cell, Column, Table, cell, columns, points, share, square
from hashwalk_bench.statistics.model import Rate
from hashwalk_bench.statistics.proportions import exact_interval, exact_rate

FATES = {
    "right": "Right media",
    "wrong": "Wrong media",
    "ambiguous": "Several",
    "none": "Not found",
    "no_target": "No hash in B",
}


def coverage(measures: Measures) -> Table | None:
    """Return how many references have a usable hash in each format, and why the others do not."""
    heads = (
        Column("Format", numeric=False),
        Column("Hashes", numeric=False),
        Column("References"),
        Column("Usable"),
        Column("Why not", numeric=False),
    )
    rows = tuple(
        (
            Cell(each.format),
            Cell(each.medium),
            cell(each.references),
            share(exact_rate(each.usable, each.references)),
            Cell(", ".join(f"{why}: {count}" for why, count in each.reasons.items()) or "-"),
        )
        for each in measures.coverage
    )
    caption = "Coverage: originals with a usable hash"
    return Table("coverage", caption, heads, rows) if rows else None


def moved(scope: Scope, measures: Measures) -> Table | None:
    """Return what becomes of the hashes of edited copies in A, by family of edit.

    Rows of one A and family are added up over edits and formats B; since each has the same
    sources, the interval is that of one list.
    """
    own = sorted(
        (each for each in measures.moved if each.a in scope.ids),
        key=lambda each: (scope.ids.index(each.a), each.family),
    )
    rows = tuple(
        (Cell(a), Cell(family), *_fates(list(group)))
        for (a, family), group in groupby(own, key=lambda each: (each.a, each.family))
    )
    heads = columns("List in A", "Family of edits", *FATES.values())
    heads = (heads[0], Column("Family of edits", numeric=False), *heads[2:])
    caption = f"Lists of edited {scope.things} in A, translated through the originals to any B"
    notes = ("Shares of the list's hashes, over all formats B and edits of the family.",)
    return Table(f"moved-{scope.medium}", caption, heads, rows, notes, "long") if rows else None


def moved_recall(scope: Scope, measures: Measures) -> tuple[Table, ...]:
    """Return the change of recall when a list moves, as a matrix, and with before and after."""
    own = [each for each in measures.moved_recall if each.a in scope.ids and each.b in scope.ids]
    if not own:
        return ()
    cells = {(each.a, each.b): points(each.change) for each in own}
    title = f"Change of recall, in points, when a list of {scope.things} moves from A to B"
    return (
        square(f"change-{scope.medium}", title, scope.ids, cells),
        _before_and_after(scope, own),
    )


def _before_and_after(scope: Scope, own: list[MovedRecall]) -> Table:
    heads = (
        Column("From A", numeric=False),
        Column("To B", numeric=False),
        Column("Found in A"),
        Column("Found in B"),
        Column("Change, points"),
    )
    rows = tuple(
        (Cell(e.a), Cell(e.b), share(e.before), share(e.after), points(e.change)) for e in own
    )
    caption = f"What a list of {scope.things} finds before and after it moves"
    note = (
        "Found in A is not Found of the first table: here the list holds edited copies, not "
        "originals, and what is looked for in it are other copies."
    )
    return Table(f"before-after-{scope.medium}", caption, heads, rows, (note,), "long")


def _fates(group: list[Moved]) -> Iterable[Cell]:
    for fate in FATES:
        yield share(_added([getattr(each, fate) for each in group], group[0].list_size))


def _added(rates: list[Rate], sources: int) -> Rate:
    """Return rates of the same sources as one; its interval is that of so many sources.

    Where any of them is hidden, so is their sum.
    """
    hits, trials = sum(r.hits for r in rates), sum(r.trials for r in rates)
    hidden = [r.note for r in rates if r.trials and r.value is None]
    if hidden:
        return Rate(hits=0, trials=trials, value=None, interval=None, note=hidden[0])
    if not trials:
        return exact_rate(0, 0)
    counted = min(sources, trials)
    inside = exact_interval(round(hits / trials * counted), counted)
    return Rate(hits=hits, trials=trials, value=hits / trials, interval=inside)
