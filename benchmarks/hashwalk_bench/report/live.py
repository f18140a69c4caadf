"""The numbers that the page's script works with: counts by bin, and rates at other points."""

from __future__ import annotations

from itertools import groupby

from hashwalk_bench.measure.model import Edited, Measured
from hashwalk_bench.report import words
from hashwalk_bench.report.counts import matching, pair_units, recall_units
from hashwalk_bench.report.found import families, heat_map
from hashwalk_bench.report.scope import Scope, point_of
from hashwalk_bench.report.words import PUBLISHED


def slider(measured: Measured) -> dict[str, object]:
    """Return what a format's threshold slider needs: the grid and counts in its bins.

    A family has a row for each number of trials that its edits have, since every edit has equal
    weight: how many edits, their trials each, their counts. Trailing zeros of counts are left out.
    `units` are how many independent copies and pairs the
    intervals of its points are like, from which the script makes approximate ones.
    """
    order = sorted(measured.edited, key=lambda edited: edited.family)
    grouped = [(f, tuple(e)) for f, e in groupby(order, key=lambda edited: edited.family)]
    whole = measured.grid == tuple(float(n) for n in range(len(measured.grid)))
    return {
        "grid": len(measured.grid) if whole else list(measured.grid),
        "unit": words.unit_words(measured),
        "start": start(measured),
        "pairs": measured.non_matching_pairs,
        "far": _short(measured.non_matching),
        "units": [recall_units(measured), pair_units(measured)],
        "families": [
            [family, [_equally_tried(measured, edits, trials) for trials in _numbers(edits)]]
            for family, edits in grouped
        ],
    }


def _numbers(edits: tuple[Edited, ...]) -> list[int]:
    return sorted({edited.trials for edited in edits if edited.trials})


def _equally_tried(measured: Measured, edits: tuple[Edited, ...], trials: int) -> list[object]:
    own = tuple(edited for edited in edits if edited.trials == trials)
    counted, _ = matching(measured, own)
    return [len(own), trials, _short(counted.tolist())]


def start(measured: Measured) -> int:
    """Return the bin at which a slider starts: the published threshold, or the first point's."""
    told = point_of(measured, PUBLISHED)
    threshold = told.threshold if told else None
    if threshold is None:
        known = [p.threshold for p in measured.points if p.threshold is not None]
        threshold = known[-1] if known else measured.grid[0]
    return max(n for n, at in enumerate(measured.grid) if n == 0 or at <= threshold)


def heats(scope: Scope, said: dict[str, str]) -> dict[str, object]:
    """Return the cells of the heat maps at every point: each distinct text once, by number."""
    texts: dict[tuple[str, str, int | None], int] = {}
    points = {
        point: [
            [_number(texts, (c.text, c.detail, c.heat)) for row in table.rows for c in row[1:]]
            for table in (families(scope, point), heat_map(scope, point, said))
        ]
        for point in scope.points
    }
    return {
        "texts": [list(text) for text in texts],
        "points": {
            point: {"said": words.point_words(point), "cells": cells}
            for point, cells in points.items()
        },
    }


def heat_tables(scope: Scope) -> list[str]:
    """Return the ids of the tables that the cells of :func:`heats` are for, in their order."""
    return [f"families-{scope.medium}", f"heat-{scope.medium}"]


def _number(
    texts: dict[tuple[str, str, int | None], int], text: tuple[str, str, int | None]
) -> int:
    return texts.setdefault(text, len(texts))


def _short(counts: tuple[int, ...] | list[int]) -> list[int]:
    end = max((n + 1 for n, count in enumerate(counts) if count), default=0)
    return list(counts[:end])
