"""How often a look-up of something unrelated in a list of a size raises a false alarm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hashwalk_bench.measure.model import Interval, Lookup, Measured, Point
from hashwalk_bench.statistics.agreement import lookup_false_alarm, lookup_interval

SIZES = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)


def lookups(measured: Iterable[Measured]) -> Iterator[Lookup]:
    """Yield each format's points at each size of a list.

    Without any collision there is no value, and `high` is what the one-sided bound allows.
    """
    for each in measured:
        for point in each.points:
            if (interval := point.collisions.interval) is not None:
                yield from _of_point(each, point, interval)


def _of_point(measured: Measured, point: Point, interval: Interval) -> Iterator[Lookup]:
    rate = point.collisions.value
    for size in SIZES:
        ends = lookup_interval(interval, size)
        yield Lookup(
            format=measured.format,
            medium=measured.medium,
            point=point.name,
            size=size,
            value=lookup_false_alarm(rate, size) if rate else None,
            low=ends.low,
            high=ends.high,
        )
