"""The whole report as findings, tables and figures: every form of it is made of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hashwalk_bench.measure.model import Measures
from hashwalk_bench.report import confused, curves, facts, found, moves, published, together
from hashwalk_bench.report.figure import Figure
from hashwalk_bench.report.findings import Finding, findings, warnings
from hashwalk_bench.report.glossary import EQUAL, LIMITS, READING, UNEQUAL
from hashwalk_bench.report.scope import Scope, scopes
from hashwalk_bench.report.table import Table


@dataclass(frozen=True)
class Medium:
    """Everything of the pictures, or of the videos."""

    scope: Scope
    findings: list[Finding]
    summary: Table
    edits: list[Table]
    confusion: list[Table]
    together: list[Table]
    matrices: list[Table]
    moves: list[Table]
    cost: Table
    localisation: Table | None
    published: list[Table]
    det: Figure | None
    ladders: list[Figure]
    histograms: list[Figure]


@dataclass(frozen=True)
class Contents:
    """A report: what must be said first, the media, and what is of the run as a whole."""

    origin: str
    warnings: list[Finding]
    media: list[Medium]
    coverage: Table | None
    corpus: list[tuple[str, str]]
    made: list[tuple[str, str]]
    limits: list[str]
    reading: list[str]

    def tables(self) -> Iterator[Table]:
        """Yield every table in the order of the page."""
        for medium in self.media:
            yield from (medium.summary, *medium.edits)
            yield from (*medium.confusion, *medium.together, *medium.matrices, *medium.moves)
            yield from (medium.cost, *_there(medium.localisation), *medium.published)
        yield from _there(self.coverage)


def contents(measures: Measures) -> Contents:
    """Return the report of what was measured."""
    return Contents(
        origin=facts.origin(measures),
        warnings=warnings(measures),
        media=[_medium(scope, measures) for scope in scopes(measures)],
        coverage=moves.coverage(measures),
        corpus=facts.corpus_lines(measures.corpus),
        made=facts.made_lines(measures.made),
        limits=[*measures.limits, *LIMITS],
        reading=[*READING, _comparing(scopes(measures))],
    )


def _comparing(told: Sequence[Scope]) -> str:
    """Return which column formats are compared in, of the columns that are there."""
    if not (equal := [scope for scope in told if scope.target is not None]):
        return UNEQUAL
    return EQUAL.format(where="" if len(equal) == len(told) else f", of {equal[0].things}")


def _medium(scope: Scope, measures: Measures) -> Medium:
    paired = together.pairing(scope, measures)
    return Medium(
        scope=scope,
        findings=findings(scope, measures),
        summary=found.summary(scope),
        edits=[
            *_there(found.families(scope, scope.fair)),
            *_there(found.heat_map(scope, scope.fair, measures.transforms)),
        ],
        confusion=[
            confused.thresholds(scope),
            confused.separation(scope),
            *_there(confused.look_ups(scope, measures)),
            *_there(confused.daily_alarms(scope, measures)),
        ],
        together=[
            *_there(together.second_formats(paired) if paired else None),
            *_there(together.best_sets(scope, measures)),
            *_there(together.equivalents(scope, measures)),
        ],
        matrices=list(together.matrices(paired)) if paired else [],
        moves=[*moves.moved_recall(scope, measures), *_there(moves.moved(scope, measures))],
        cost=facts.cost(scope),
        localisation=facts.localisation(scope, measures.transforms),
        published=[
            *_there(published.distances(scope, measures.transforms)),
            *_there(published.recalls(scope)),
        ],
        det=curves.det(scope) if any(m.edited for m in scope.formats) else None,
        ladders=curves.ladders(scope),
        histograms=[curves.histogram(measured) for measured in scope.formats],
    )


def _there(table: Table | None) -> list[Table]:
    """Return a table that has rows."""
    return [table] if table and table.rows else []
