"""What the report is about: the formats of one medium, and the point at which they are ranked."""

from __future__ import annotations

from dataclasses import dataclass

from hashwalk_bench.measure.model import Measured, Measures, Point
from hashwalk_bench.report.words import PUBLISHED
from hashwalk_bench.statistics.model import Rate

MEDIA = {"picture": ("picture", "pictures"), "video": ("video", "videos")}
LEADING = 5
"""So many formats have a colour of their own in figures of many lines."""


@dataclass(frozen=True)
class Scope:
    """The formats of one medium, those that find most first.

    `fair` is the point with the lowest target that at least half of them resolve: there all of
    them confuse equally much. It is the published one where no target is resolved by so many.
    """

    medium: str
    formats: tuple[Measured, ...]
    fair: str

    @property
    def things(self) -> str:
        """The medium in the plural."""
        return MEDIA[self.medium][1]

    @property
    def ids(self) -> tuple[str, ...]:
        """The formats' ids, those that find most first."""
        return tuple(measured.format for measured in self.formats)

    @property
    def target(self) -> float | None:
        """The rate of collisions of the fair point; None for the published one."""
        return None if self.fair == PUBLISHED else float(self.fair.removeprefix("fpr "))

    @property
    def points(self) -> tuple[str, ...]:
        """The names of the points at which any format has a threshold, the published one first."""
        names = [p.name for m in self.formats for p in m.points if p.threshold is not None]
        return tuple(sorted(set(names), key=lambda name: (name != PUBLISHED, -_target(name))))

    def found(self, measured: Measured) -> Rate:
        """Return what a format finds at the fair point."""
        return recall_at(measured, self.fair)


def scopes(measures: Measures) -> tuple[Scope, ...]:
    """Return a scope for each medium that has formats, pictures first."""
    media = [m for m in MEDIA if any(each.medium == m for each in measures.formats)]
    return tuple(_scope(m, [f for f in measures.formats if f.medium == m]) for m in media)


def point_of(measured: Measured, name: str) -> Point | None:
    """Return a point of a format by its name."""
    return next((point for point in measured.points if point.name == name), None)


def recall_at(measured: Measured, name: str) -> Rate:
    """Return the recall of a format at a point, without value where there is none."""
    point = point_of(measured, name)
    return point.recall if point else nothing("not measured")


def nothing(note: str) -> Rate:
    """Return a rate that was not measured."""
    return Rate(hits=0, trials=0, value=None, interval=None, note=note)


def _scope(medium: str, formats: list[Measured]) -> Scope:
    fair = _fair(formats)
    ranked = sorted(formats, key=lambda m: (-(recall_at(m, fair).value or 0), m.format))
    return Scope(medium, tuple(ranked), fair)


def _fair(formats: list[Measured]) -> str:
    targets = {p.name: p.target for m in formats for p in m.points if p.target is not None}
    resolved = {
        target: name
        for name, target in targets.items()
        if 2 * sum(recall_at(m, name).value is not None for m in formats) >= len(formats)
    }
    return resolved[min(resolved)] if resolved else PUBLISHED


def _target(name: str) -> float:
    return 0 if name == PUBLISHED else float(name.removeprefix("fpr "))
