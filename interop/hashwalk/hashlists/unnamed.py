"""The algorithm of lists that do not name it: told by the caller, else by values in front."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

from hashwalk.hashlists.container import Told
from hashwalk.hashlists.values import settle

_T = TypeVar("_T")
_VALUES_LOOKED_AT = 100


def with_algorithm(
    items: Iterable[_T], value_of: Callable[[_T], str], told: Told
) -> tuple[str, Iterator[_T]]:
    """Return the algorithm of a list and all its items; those in front are looked at.

    Raises as :func:`hashwalk.hashlists.values.settle` does.
    """
    rest = iter(items)
    looked_at = [] if told.algorithm else list(islice(rest, _VALUES_LOOKED_AT))
    values = [value for value in map(value_of, looked_at) if value]
    return settle(values, told.algorithm, told.name), chain(looked_at, rest)
