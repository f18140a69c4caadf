"""The difference of two rates that were measured apart."""

from __future__ import annotations

from math import hypot

from hashwalk_bench.statistics.model import Interval, Rate

METHOD = "of two rates measured apart, from the interval of each (MOVER)"


def difference(before: Rate, after: Rate) -> Interval | None:
    """Return the 95 % interval of `after` less `before`, None where one of them has none.

    Each end is as far from the difference as the two rates' own ends together, square and add:
    Newcombe's method for two proportions (1998), for rates with an interval of any kind as of
    Zou and Donner (2008). It is too wide, never too narrow, for runs over the same media.
    """
    if before.value is None or after.value is None:
        return None
    if before.interval is None or after.interval is None:
        return None
    change = after.value - before.value
    below = hypot(after.value - after.interval.low, before.interval.high - before.value)
    above = hypot(after.interval.high - after.value, before.value - before.interval.low)
    return Interval(low=max(change - below, -1.0), high=min(change + above, 1.0), method=METHOD)
