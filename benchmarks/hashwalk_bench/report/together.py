"""Formats against each other: what B finds that A missed, and what a second format adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hashwalk_bench.measure.model import Between, Equivalent, Measures
from hashwalk_bench.report import words
from hashwalk_bench.report.scope import Scope
from hashwalk_bench.report.table import (
    NONE,
    Cell,
    Column,
    Table,
    collisions,
    columns,
    number,
    points,
    share,
    square,
)


@dataclass(frozen=True)
class Pairing:
    """The pairs of formats of one medium, at the target at which most of them are told."""

    scope: Scope
    target: float
    pairs: tuple[Between, ...]

    def best(self, a: str) -> Between | None:
        """Return the pair of A with the format that adds most to it."""
        own = [pair for pair in self.pairs if pair.a == a and pair.union_gain.value is not None]
        return max(own, key=lambda pair: pair.union_gain.value or 0, default=None)


def pairing(scope: Scope, measures: Measures) -> Pairing | None:
    """Return the pairs of a scope: at its fair target, or the lowest where they are told."""
    own = [pair for pair in measures.between if pair.a in scope.ids and pair.b in scope.ids]
    told = {p.target for p in own if p.union_gain.value is not None}
    if not told:
        return None
    target = scope.target if scope.target in told else min(told)
    return Pairing(scope, target, tuple(pair for pair in own if pair.target == target))


_MATRICES: tuple[tuple[str, str, Callable[[Between], Cell]], ...] = (
    ("rescued", "Of what A misses, B finds", lambda p: share(p.b_finds_a_missed, heat=True)),
    ("gain", "Points of recall that B adds to A", lambda p: points(p.union_gain)),
    ("kappa", "Agreement of A and B beyond chance (Cohen's κ)", lambda p: number(p.kappa, 2)),
    ("shared", "Of what A confuses, B confuses too", lambda p: share(p.shared_collisions)),
)


def matrices(paired: Pairing) -> tuple[Table, ...]:
    """Return the tables of format by format, one for each question."""
    at = words.target_words(paired.target)
    things = paired.scope.things
    return tuple(
        square(
            f"{name}-{paired.scope.medium}",
            f"{says}: {things}, each at {at}",
            paired.scope.ids,
            {(pair.a, pair.b): cell_of(pair) for pair in paired.pairs},
        )
        for name, says, cell_of in _MATRICES
    )


def second_formats(paired: Pairing) -> Table:
    """Return, for each format, the one that adds most to it."""
    heads = (
        Column("Has", numeric=False),
        Column("Adds most", numeric=False),
        Column("Found alone"),
        Column("Found by either"),
        Column("Added, points"),
        Column("Of the missed, found"),
    )
    best = [pair for pair in map(paired.best, paired.scope.ids) if pair]
    rows = tuple(
        (
            Cell(pair.a),
            Cell(pair.b),
            share(pair.recall_a),
            share(pair.union),
            points(pair.union_gain),
            share(pair.b_finds_a_missed),
        )
        for pair in best
    )
    notes = (
        (
            "The thresholds of the two together are tightened until they raise as many false "
            "alarms as the one did alone."
        ),
    )
    at = words.target_words(paired.target)
    caption = f"What a second format adds, {paired.scope.things}, at {at} in all"
    return Table(f"second-{paired.scope.medium}", caption, heads, rows, notes)


def best_sets(scope: Scope, measures: Measures) -> Table | None:
    """Return the best set of each size under a budget of false alarms."""
    told = [each for each in measures.best_sets if each.medium == scope.medium]
    rows = tuple(
        (
            Cell(words.target_words(each.target)),
            Cell(", ".join(each.formats)),
            share(each.recall),
            collisions(each.collisions),
        )
        for each in told
    )
    heads = columns("Budget", "Formats", "Found", "Confused")
    heads = (heads[0], Column("Formats", numeric=False), *heads[2:])
    caption = f"The best set of formats of each size, {scope.things}, added greedily"
    return Table(f"sets-{scope.medium}", caption, heads, rows) if told else None


def equivalents(scope: Scope, measures: Measures) -> Table | None:
    """Return the threshold of B that confuses as much as one of A, for all of them."""
    told = [each for each in measures.equivalents if each.a in scope.ids and each.b in scope.ids]
    if not told:
        return None
    by_key = {(each.a, each.threshold_a, each.b): each for each in told}
    starts = dict.fromkeys((each.a, each.threshold_a) for each in told)
    rows = tuple(
        (Cell(f"{a} ≤ {at:g}"), *(_equivalent(by_key.get((a, at, b)), a == b) for b in scope.ids))
        for a, at in starts
    )
    heads = (Column("A at its threshold", numeric=False), *(Column(b) for b in scope.ids))
    caption = f"Equivalent thresholds, {scope.things}: that of B with as many collisions as A has"
    return Table(f"equivalent-{scope.medium}", caption, heads, rows, kind="matrix")


def _equivalent(found: Equivalent | None, same: bool) -> Cell:
    if found is None:
        return Cell("·" if same else NONE)
    if found.threshold_b is None:
        return Cell(NONE, detail=words.brief(found.note))
    inside = found.interval
    detail = f"{inside.low:g} to {inside.high:g}" if inside else ""
    low, high = (inside.low, inside.high) if inside else (None, None)
    return Cell(f"{found.threshold_b:g}", found.threshold_b, low, high, detail=detail)
