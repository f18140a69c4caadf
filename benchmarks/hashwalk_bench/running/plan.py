"""What a run has to do: items by number, cut into tasks that a worker does in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hashwalk_bench.corpus import Source
from hashwalk_bench.transforms.contract import Call, Medium

ITEMS_A_TASK = {Medium.PICTURE: 16, Medium.VIDEO: 4}
"""Small enough that workers end together and a killed run loses little, large enough that
opening the source once for several variants pays."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item to be hashed: a variant of the task's source, or the source itself."""

    item: int
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Items of one source that a worker makes and hashes in one go."""

    number: int
    source: Source
    entries: tuple[Entry, ...]

    def singly(self) -> Iterator[Task]:
        """Yield a task for each of the items."""
        return (replace(self, entries=(entry,)) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Plan:
    """All tasks of a run by number, those of originals apart, which come first.

    Items are numbered from 0 by source, and within one the original comes before its variants
    in the order of the suite: numbers follow from corpus and suite alone.
    """

    originals: tuple[Task, ...]
    variants: tuple[Task, ...]

    @property
    def items(self) -> int:
        """How many items there are."""
        return sum(len(task.entries) for task in (*self.originals, *self.variants))


def make_plan(sources: Sequence[Source], calls: Sequence[Call]) -> Plan:
    """Return what there is to do; tasks of videos, which take longest, are first to be begun."""
    originals, variants = [], []
    item = 0
    for source in sources:
        own = [call for call in calls if call.medium is source.medium]
        originals.append(Task(source.number, source, (Entry(item),)))
        entries = [Entry(item + place, call) for place, call in enumerate(own, start=1)]
        variants += [(source, part) for part in _cut(entries, ITEMS_A_TASK[source.medium])]
        item += 1 + len(own)
    numbered = (Task(n, s, part) for n, (s, part) in enumerate(variants, start=len(originals)))
    longest_first = sorted(numbered, key=lambda task: task.source.medium is not Medium.VIDEO)
    return Plan(tuple(originals), tuple(longest_first))


def _cut(entries: Sequence[Entry], size: int) -> Iterable[tuple[Entry, ...]]:
    return (tuple(entries[i : i + size]) for i in range(0, len(entries), size))
