"""What changed from one run to another, as ``hashwalk bench compare -o`` writes it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from hashwalk_bench.statistics.model import Interval, Rate


class Asked(StrEnum):
    """Which rate changed: of edited copies found, or of unrelated pairs confused."""

    RECALL = "recall"
    COLLISIONS = "collisions"


class Change(Struct, frozen=True, kw_only=True):
    """One rate in both runs; `change` is after less before, None where `note` says why.

    `point` is the threshold's name. `family` and `transform` say what the recall is of; both are
    empty for all transforms with equal weights, and for collisions. `chosen_apart` says that the
    thresholds were chosen on other sources in the one run than in the other: how much that alone
    changes is not in the interval, so that the change is not certain.
    """

    asked: Asked
    format: str
    medium: str
    point: str
    before: Rate
    after: Rate
    family: str = ""
    transform: str = ""
    change: float | None = None
    interval: Interval | None = None
    chosen_apart: bool = False
    note: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether the change is no chance: its interval excludes 0."""
        ends = self.interval
        return not self.chosen_apart and ends is not None and (ends.low > 0 or ends.high < 0)

    def is_worse(self, recall: float, collisions: float) -> bool:
        """Tell whether recall fell, or collisions rose, by more than that, and certainly."""
        if self.change is None or not self.is_certain:
            return False
        if self.asked is Asked.RECALL:
            return self.change < -recall
        return self.change > collisions


class OnlyIn(Struct, frozen=True, kw_only=True):
    """Formats (``medium/id``) and transforms (ids of calls) that the other run lacks."""

    formats: tuple[str, ...]
    transforms: tuple[str, ...]


class Changes(Struct, frozen=True, kw_only=True):
    """Everything that changed; no path and no hash.

    `before` and `after` say what the runs were made of and with. `paired` has the media whose
    sources are the same in both, `compared` how many rates were compared: `changes` are those
    that are not equal, or that cannot be compared, recall first, the largest first.
    """

    schema: int
    before: dict[str, object]
    after: dict[str, object]
    paired: tuple[str, ...]
    compared: int
    changes: tuple[Change, ...]
    only_before: OnlyIn
    only_after: OnlyIn
