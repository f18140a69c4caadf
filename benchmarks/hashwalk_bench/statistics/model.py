"""A rate and its interval, as every measure has them."""

from __future__ import annotations

from msgspec import Struct


class Interval(Struct, frozen=True, kw_only=True):
    """A 95 % interval; `method` says how it was made, in words for a reader."""

    low: float
    high: float
    method: str


class Rate(Struct, frozen=True, kw_only=True):
    """A share of trials; `value` is None where `note` says why it cannot be told.

    For a rate with no event the interval is one-sided, from 0 to the exact upper bound.
    """

    hits: int
    trials: int
    value: float | None
    interval: Interval | None
    note: str = ""
