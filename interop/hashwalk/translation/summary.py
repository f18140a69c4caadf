"""What became of a whole list, by source format and target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hashwalk.translation.outcome import Fate, Outcome


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """How many records of one source algorithm had each fate in one target format."""

    source: str
    target: str
    fates: dict[Fate, int]


@dataclass(slots=True)
class TranslationSummary:
    """Counts of records by source algorithm, target format and fate; never a value.

    `reasons` counts why media that were found have no target value, by target.
    """

    counts: Counter[tuple[str, str, Fate]] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)

    def counted(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Yield the outcomes, and count them."""
        for outcome in outcomes:
            self.counts[outcome.record.algorithm, outcome.target, outcome.fate] += 1
            self.reasons.update((outcome.target, reason) for reason in outcome.reasons)
            yield outcome

    def rows(self) -> list[SummaryRow]:
        """Return the counts, a row a source and target; every fate has a number."""
        pairs = sorted({(source, target) for source, target, _ in self.counts})
        return [
            SummaryRow(s, t, {fate: self.counts[s, t, fate] for fate in Fate}) for s, t in pairs
        ]
