"""Small cells: no count of 1 to k - 1 is shared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.sharing.model import Count

Counts = NDArray[np.int64]


def of_copies(counts: Counts, smallest: int, border: int) -> Counts:
    """Return counts by bin in which each is 0 or at least `smallest`, with the same sum.

    Small cells are added to the next larger distance, so that copies are never said to be nearer;
    what is left at the end, to the last cell. The bins up to `border` (the published threshold)
    and those beyond are kept apart, and the recall there exact, where either side has none or
    enough; else the smaller side joins the larger. A sum under `smallest` must not be shared.
    """
    joined = counts.astype(np.int64)
    near, far = joined[: border + 1], joined[border + 1 :]
    if 0 < near.sum() < smallest and len(far):
        far[0] += near.sum()
        near[:] = 0
    elif 0 < far.sum() < smallest and len(near):
        near[-1] += far.sum()
        far[:] = 0
    return np.concatenate([_pushed(near, smallest), _pushed(far, smallest)])


def of_strangers(counts: Counts, smallest: int) -> Counts:
    """Return counts by bin in which each is 0 or at least `smallest`, with the same sum.

    Small cells are filled up from larger distances, so that collisions are never said to be
    fewer than they are; what is left at the end is added to the last cell. Nothing is told of a
    sum under `smallest`.
    """
    filled = counts.astype(np.int64)
    wanted = last = -1
    for number in np.flatnonzero(filled).tolist():
        if wanted >= 0:
            taken = min(smallest - filled[wanted], filled[number])
            filled[[wanted, number]] += taken, -taken
            if filled[wanted] == smallest:
                last, wanted = wanted, -1
        if filled[number] >= smallest:
            last = number
        elif filled[number]:
            wanted = number
    if wanted >= 0:
        filled[last] += filled[wanted] if last >= 0 else 0
        filled[wanted] = 0
    return filled


def count_of(hits: int, trials: int, smallest: int) -> Count:
    """Return events among trials, hidden where they or the others are few but not none."""
    hidden = any(0 < cell < smallest for cell in (hits, trials - hits))
    return Count(hits=None if hidden else hits, trials=trials)


def counts_of(hits: Sequence[int], trials: int, smallest: int) -> list[Count]:
    """Return the events of kinds that exclude each other and make up all trials.

    Few are hidden as :func:`count_of` hides them, and with them the next larger kind while what
    is hidden, which the trials less all that is told would say, is few.
    """
    told = [count_of(each, trials, smallest) for each in hits]
    larger = sorted((n for n, each in enumerate(told) if each.hits), key=lambda n: hits[n])
    while (
        larger and 0 < sum(n for n, t in zip(hits, told, strict=True) if t.hits is None) < smallest
    ):
        told[larger.pop(0)] = Count(hits=None, trials=trials)
    return told


def large(count: int, smallest: int) -> int:
    """Return a count, or 0 where it is too small to be told."""
    return count if count >= smallest else 0


def large_cells(cells: dict[str, int], smallest: int) -> dict[str, int]:
    """Return the cells that are large enough."""
    return {name: count for name, count in cells.items() if count >= smallest}


def _pushed(counts: Counts, smallest: int) -> Counts:
    pushed = counts.copy()
    held, last = 0, -1
    for number in np.flatnonzero(counts).tolist():
        held += int(counts[number])
        full = held >= smallest
        pushed[number] = held if full else 0
        last, held = (number, 0) if full else (last, held)
    if held:
        pushed[last] += held
    return pushed
