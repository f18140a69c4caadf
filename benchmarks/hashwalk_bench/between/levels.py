"""Formats on one scale: how many pairs of the half ``choose`` collide where a trial is found.

The level of a distance in a format is the number of non-matching pairs of the half ``choose``
that are as near or nearer. Formats at equal levels have equal rates of collisions there, so that
several formats are used together at one level, each with its own threshold, and the level at
which they collide as often together as one alone would is searched for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEVER = np.iinfo(np.int64).max
"""The level of what no threshold of interest finds."""


@dataclass(frozen=True, slots=True)
class Near:
    """The non-matching pairs that are near in some format: their numbers, growing, and levels."""

    pair: Ints
    level: Ints

    def within(self, level: int) -> Ints:
        """Return the numbers of the pairs that collide at a level."""
        return self.pair[self.level <= level]


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """One format: the level of each matching trial, and the near pairs of both halves.

    All formats have the same trials, in the same order.
    """

    format: str
    matching: Ints
    choose: Near
    report: Near


def together(several: Sequence[Levels]) -> Levels:
    """Return what several formats find, each at the same level: the least level counts."""
    return Levels(
        format=" + ".join(each.format for each in several),
        matching=np.minimum.reduce([each.matching for each in several]),
        choose=_either([each.choose for each in several]),
        report=_either([each.report for each in several]),
    )


def level_for(near: Near, allowed: float) -> int:
    """Return a level at which as many pairs of the half ``choose`` collide as are `allowed`.

    No level at which no more than those collide finds more. `near` are pairs of that half, all
    up to the level `allowed` or more.
    """
    count = int(allowed * (1 + 1e-12))
    if count >= len(near.level):
        return count
    return int(np.partition(near.level, count)[count]) - 1


def _either(several: Sequence[Near]) -> Near:
    pair = np.concatenate([near.pair for near in several])
    level = np.concatenate([near.level for near in several])
    order = np.lexsort((level, pair))
    pair, level = pair[order], level[order]
    first = np.ones(len(pair), np.bool_)
    first[1:] = pair[1:] != pair[:-1]
    return Near(pair[first], level[first])
