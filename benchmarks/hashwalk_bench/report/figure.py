"""A chart as numbers: lines in a box with ticks, and the words that stand for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Scale = Callable[[float], float]
"""From a value to 0 … 1 along an axis."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick of an axis: where, and its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line: the points as SVG has them, and its style, `other` or a number from 1."""

    label: str
    points: str
    style: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart in a box of `width` x `height` with margins; `description` says it in words.

    `across` and `upward` are the titles of the axes; a small chart has none upward.
    """

    id: str
    title: str
    description: str
    width: int
    height: int
    left: int
    bottom: int
    across: str
    upward: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]

    TOP = 10
    RIGHT = 14

    @property
    def labelled(self) -> tuple[Line, ...]:
        """The lines that have a name in the legend."""
        return tuple(line for line in self.lines if line.style != "other")


@dataclass(frozen=True, slots=True)
class Frame:
    """The box of a chart: places values in it."""

    width: int
    height: int
    left: int = 52
    bottom: int = 44

    def x(self, share: float) -> float:
        """Return the place of a share of the width."""
        return round(self.left + share * (self.width - self.left - Figure.RIGHT), 1)

    def y(self, share: float) -> float:
        """Return the place of a share of the height, upward."""
        return round(Figure.TOP + (1 - share) * (self.height - Figure.TOP - self.bottom), 1)

    def points(self, shares: Sequence[tuple[float, float]]) -> str:
        """Return points for SVG; what is outside the box goes to its edge."""
        placed = [f"{self.x(_inside(x)):g},{self.y(_inside(y)):g}" for x, y in shares]
        return " ".join(dict.fromkeys(placed))

    def ticks_x(self, scale: Scale, values: Sequence[tuple[float, str]]) -> tuple[Tick, ...]:
        """Return the ticks along the bottom."""
        return tuple(Tick(self.x(scale(value)), text) for value, text in values)

    def ticks_y(self, scale: Scale, values: Sequence[tuple[float, str]]) -> tuple[Tick, ...]:
        """Return the ticks along the left side."""
        return tuple(Tick(self.y(scale(value)), text) for value, text in values)


def linear(low: float, high: float) -> Scale:
    """Return a linear axis."""
    span = high - low or 1
    return lambda value: (value - low) / span


def _inside(share: float) -> float:
    return min(max(share, 0.0), 1.0)
