"""What became of each copy of a list in another format: right, wrong, ambiguous, none, no value."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.moving.finding import Ints, Lists


class Fate(IntEnum):
    """The classes of translation; media of one cluster of near-duplicates are one media item."""

    RIGHT = 0
    WRONG = 1
    AMBIGUOUS = 2
    NONE = 3
    NO_TARGET = 4


def fates(media: Lists, node: Ints, own: Ints, usable: NDArray[np.bool_]) -> Ints:
    """Return each copy's `Fate`.

    `media` are the references its hash leads to, `node` the cluster of each reference, `own`
    that of each copy, and `usable` says which references have a usable hash in the target.
    """
    found = np.flatnonzero(media.lengths)
    fate = np.full(len(own), Fate.NONE, np.int64)
    if len(found):
        starts, nodes = media.starts[found], node[media.at]
        least, most = (f.reduceat(nodes, starts) for f in (np.minimum, np.maximum))
        told = np.where(least == own[found], Fate.RIGHT, Fate.WRONG)
        told[least != most] = Fate.AMBIGUOUS
        told[~np.logical_or.reduceat(usable[media.at], starts)] = Fate.NO_TARGET
        fate[found] = told
    return fate
