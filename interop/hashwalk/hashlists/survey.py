"""What is in a list: its records by algorithm and status, and what cannot be read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hashwalk.hashlists.reading import container_reader, read_items
from hashwalk.hashlists.record import Record, Reject, Status

OTHERS = "(others)"
"""Stands for the algorithms beyond the first MOST_ALGORITHMS, which no honest list has."""
MOST_ALGORITHMS = 1_000
MOST_PROBLEMS_KEPT = 1_000


@dataclass(slots=True)
class Survey:
    """What a list holds, in bounded memory.

    `algorithms` counts the records by algorithm and status; `examples` has the first record
    with a value of each algorithm; `problems` are the first MOST_PROBLEMS_KEPT of the `rejects`.
    """

    container: str
    records: int = 0
    rejects: int = 0
    algorithms: dict[str, Counter[Status]] = field(default_factory=dict)
    examples: dict[str, Record] = field(default_factory=dict)
    problems: list[Reject] = field(default_factory=list)

    def count(self, record: Record) -> None:
        """Take a record."""
        self.records += 1
        algorithm = record.algorithm
        if algorithm not in self.algorithms and len(self.algorithms) >= MOST_ALGORITHMS:
            algorithm = OTHERS
        self.algorithms.setdefault(algorithm, Counter())[record.status] += 1
        if record.value is not None and algorithm != OTHERS:
            self.examples.setdefault(algorithm, record)

    def reject(self, reject: Reject) -> None:
        """Take what cannot be read."""
        self.rejects += 1
        if len(self.problems) < MOST_PROBLEMS_KEPT:
            self.problems.append(reject)


def survey_list(
    path: str | os.PathLike[str],
    *,
    container: str | None = None,
    algorithm: str | None = None,
    on_reject: Callable[[Reject], object] = lambda _: None,
) -> Survey:
    """Read all of a list and return what is in it; `on_reject` is told of each reject at once.

    The other arguments, and what is raised, are those of :func:`hashwalk.hashlists.read_list`.
    """
    reader = container_reader(Path(path), container)
    found = Survey(reader.name)
    for item in read_items(path, container=reader.name, algorithm=algorithm):
        if isinstance(item, Record):
            found.count(item)
        else:
            found.reject(item)
            on_reject(item)
    return found
