"""Figures that others published, beside those of this run where they can be compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hashwalk_bench.measure.model import Edited, Measured
from hashwalk_bench.report import words
from hashwalk_bench.report.scope import Scope, point_of
from hashwalk_bench.report.table import Cell, Column, Table, share
from hashwalk_bench.report.words import PUBLISHED

MILLION = "McKeown and Buchanan 2023 (arXiv 2212.08035), a million pictures"
THORN = "Thorn, perception's benchmark, 42,394 pictures"


@dataclass(frozen=True, slots=True)
class Distance:
    """A published mean of normalised Hamming distances; `transform` is empty for unrelated."""

    format: str
    transform: str
    mean: float


@dataclass(frozen=True, slots=True)
class Recall:
    """A published recall of a format after one call of a transform."""

    format: str
    calls: tuple[str, ...]
    recall: float
    what: str


DISTANCES = (
    Distance("phash", "scale", 0.0020),
    Distance("phash", "jpeg", 0.0053),
    Distance("phash", "crop", 0.1686),
    Distance("phash", "border", 0.2656),
    Distance("phash", "", 0.4904),
    Distance("pdq", "crop", 0.3255),
    Distance("pdq", "border", 0.3949),
    Distance("pdq", "", 0.5000),
)
RECALLS = (
    Recall("pdq", ("jpeg(quality=95)",), 0.9990, "JPEG, quality 95"),
    Recall("pdq", ("blur(sigma=2)", "gaussian_blur(sigma=2)"), 0.9995, "Gaussian blur, σ 2"),
    Recall("pdq", ("crop(share=0.05)", "crop(share=0.05,sides=all)"), 0.0903, "crop by 5 %"),
)
_OTHERWISE = ("sides", "chroma")
"""Parameters of edits of this program that the studies' edits of the same name do not have."""
DISTANCES_DIFFER = (
    (
        "The published means are each of one strength of the edit, which the study chose; the rows "
        "here are those of this run's ladders, so that the nearest strength is the one to compare."
    ),
    (
        "The studies shrank their pictures to other sizes before hashing and hashed with other "
        "decoders; a format's own resampling makes small copies differ more than large ones."
    ),
    (
        "Unrelated pictures of one small corpus share subjects and photographers, which draws "
        "their mean distance below one half; pictures that a program drew do so more."
    ),
)
RECALLS_DIFFER = (
    (
        "The published recalls are at a precision of 99.99 % in a gallery of that size; those "
        "here are at the format's published threshold. Precision depends on the size of the "
        "gallery: the two agree only where recall hardly depends on the threshold."
    ),
)


def distances(scope: Scope, said: dict[str, str]) -> Table | None:
    """Return published mean distances beside those of this run, as shares of the bits."""
    known = {m.format: m for m in scope.formats if m.bits}
    rows = [
        row
        for published in DISTANCES
        if published.format in known
        for row in _distance_rows(published, known[published.format], said)
    ]
    heads = (
        Column("Format", numeric=False),
        Column("Edit of this run", numeric=False),
        Column("Published mean distance"),
        Column("Here"),
    )
    caption = "Mean distance from the original, as a share of the hash's bits"
    notes = (f"Published by {MILLION}.", *DISTANCES_DIFFER)
    return Table("published-distances", caption, heads, tuple(rows), notes) if rows else None


def recalls(scope: Scope) -> Table | None:
    """Return published recalls beside those of this run at the published threshold."""
    rows = [
        (
            Cell(published.format),
            Cell(published.what),
            Cell(words.percent(published.recall), published.recall),
            share(edited.recall[PUBLISHED]),
        )
        for published in RECALLS
        for m in scope.formats
        if m.format == published.format and point_of(m, PUBLISHED)
        for edited in m.edited
        if edited.transform in published.calls and PUBLISHED in edited.recall
    ]
    heads = (
        Column("Format", numeric=False),
        Column("Edit", numeric=False),
        Column("Published recall"),
        Column("Here"),
    )
    notes = (f"Published by {THORN}.", *RECALLS_DIFFER)
    return (
        Table("published-recalls", "Recall after edits", heads, tuple(rows), notes)
        if rows
        else None
    )


def _distance_rows(
    published: Distance, measured: Measured, said: dict[str, str]
) -> list[tuple[Cell, ...]]:
    told = Cell(f"{published.mean:.4f}", published.mean)
    bits = measured.bits or 1
    if not published.transform:
        if measured.mean_unrelated is None:
            return []
        here = measured.mean_unrelated / bits
        text = "none: unrelated pairs"
        return [(Cell(published.format), Cell(text), told, Cell(f"{here:.4f}", here))]
    return [
        (
            Cell(published.format),
            Cell(said.get(edited.transform) or edited.transform),
            told,
            _mean(measured, edited, bits),
        )
        for edited in measured.edited
        if edited.transform.partition("(")[0] == published.transform
        and not any(f"{name}=" in edited.transform for name in _OTHERWISE)
    ]


def _mean(measured: Measured, edited: Edited, bits: int) -> Cell:
    """Return the mean distance with its normal interval over sources."""
    counted = np.asarray(edited.distances, float)
    number = counted.sum()
    if edited.mean_distance is None or number < 2:
        return Cell("-")
    grid = np.asarray(measured.grid)
    spread = math.sqrt(float((counted * (grid - edited.mean_distance) ** 2).sum()) / (number - 1))
    half = 1.96 * spread / math.sqrt(number) / bits
    mean = edited.mean_distance / bits
    low = max(mean - half, 0)
    return Cell(f"{mean:.4f}", mean, low, mean + half, detail=f"{low:.4f} to {mean + half:.4f}")
