"""Counts what a member shares of a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.measure.model import Between, Corpus, Edited, Measured, Measures, Moved, Rate
from hashwalk_bench.pairs.trials import Trials, read_trials
from hashwalk_bench.run.manifest import read_manifest
from hashwalk_bench.sharing.cells import count_of, large_cells, of_copies, of_strangers
from hashwalk_bench.sharing.model import (
    Count,
    Shared,
    SharedBetween,
    SharedEdited,
    SharedFormat,
    SharedMoved,
    SharedPairs,
)
from hashwalk_bench.sharing.spread import spread_of

SMALLEST = 5
HALVES = ("choose", "report")
ALL = "all"

Integers = NDArray[np.integer]


def shared_of(folder: Path, measures: Measures, smallest: int = SMALLEST) -> Shared:
    """Return the counts of a run that was measured, without cells of 1 to `smallest` - 1.

    Raises RunError where the run's tables cannot be read.
    """
    manifest = read_manifest(folder)
    large = [each for each in measures.formats if each.references >= smallest]
    formats = [_shared_format(folder, each, smallest) for each in large]
    moved = [each for each in measures.moved if each.list_size >= smallest]
    kept = sum(len(f.edited[half]) for f in formats for half in HALVES)
    wanted = sum(len(each.edited) for each in measures.formats) * len(HALVES)
    return Shared(
        smallest=smallest,
        left_out=wanted - kept + len(measures.moved) - len(moved),
        hashwalk=manifest.hashwalk,
        suite=manifest.suite.name,
        corpus=_corpus(measures.corpus, smallest),
        transforms=measures.transforms,
        formats=tuple(formats),
        between=tuple(_between(each, smallest) for each in measures.between),
        moved=tuple(_moved(each, smallest) for each in moved),
    )


def _shared_format(folder: Path, measured: Measured, smallest: int) -> SharedFormat:
    trials = read_trials(folder, measured.format, measured.medium)
    threshold = measured.published_threshold
    border = -1 if threshold is None else trials.scale.bin_of(threshold)
    originals = trials.original_counts.sum(axis=(0, 1))
    return SharedFormat(
        format=measured.format,
        version=measured.version,
        medium=measured.medium,
        bits=measured.bits,
        unit=measured.unit,
        grid=measured.grid,
        published_threshold=threshold,
        references=measured.references,
        queries=len(trials.units.items),
        unusable_references=measured.unusable_references,
        unusable_reasons=large_cells(measured.unusable_reasons, smallest),
        pairs={scope: _pairs(trials, scope, smallest) for scope in (ALL, *HALVES)},
        original_counts=_numbers(of_strangers(originals, smallest)),
        equal=count_of(int(trials.equal.sum()), int(trials.pairs.sum()), smallest),
        edited={h: tuple(_edited(trials, measured, h, border, smallest)) for h in HALVES},
        cost=measured.cost,
    )


def _pairs(trials: Trials, scope: str, smallest: int) -> SharedPairs:
    counts, pairs = trials.of_half(None if scope == ALL else scope)
    exact = counts.sum(axis=(0, 1))
    shared = of_strangers(exact, smallest)
    reached = np.cumsum(shared)
    told_up_to = np.where(reached, np.searchsorted(np.cumsum(exact), reached, "left"), -1)
    spread = spread_of(counts, pairs, told_up_to)
    nodes = int((pairs.sum(axis=0) + pairs.sum(axis=1) > 0).sum())
    return SharedPairs(counts=_numbers(shared), trials=int(pairs.sum()), sources=nodes, **spread)


def _edited(
    trials: Trials, measured: Measured, half: str, border: int, smallest: int
) -> Iterator[SharedEdited]:
    among = trials.units.in_half(half)
    for each in measured.edited:
        counts, count = trials.matching(among & (trials.units.transforms == each.transform))
        if count >= smallest:
            yield _cell(each, counts, count, border, smallest)


def _cell(
    edited: Edited, counts: Integers, trials: int, border: int, smallest: int
) -> SharedEdited:
    """Return a transform's counts; the unusable are one more cell behind the last bin."""
    line = np.append(counts, trials - counts.sum())
    return SharedEdited(
        transform=edited.transform,
        family=edited.family,
        strength=edited.strength,
        counts=_numbers(of_copies(line, smallest, border)[:-1]),
        trials=trials,
    )


def _corpus(corpus: Corpus, smallest: int) -> Corpus:
    return msgspec.structs.replace(
        corpus,
        licences=large_cells(corpus.licences, smallest),
        near_duplicates=tuple(size for size in corpus.near_duplicates if size >= smallest),
    )


def _between(between: Between, smallest: int) -> SharedBetween:
    def shared(rate: Rate) -> Count:
        return count_of(rate.hits, rate.trials, smallest)

    return SharedBetween(
        a=between.a,
        b=between.b,
        target=between.target,
        recall_a=shared(between.recall_a),
        recall_b=shared(between.recall_b),
        b_finds_a_missed=shared(between.b_finds_a_missed),
        union=shared(between.union),
        shared_collisions=shared(between.shared_collisions),
        kappa=between.kappa.value,
    )


def _moved(moved: Moved, smallest: int) -> SharedMoved:
    def shared(rate: Rate) -> Count:
        return count_of(rate.hits, rate.trials, smallest)

    return SharedMoved(
        a=moved.a,
        b=moved.b,
        transform=moved.transform,
        family=moved.family,
        list_size=moved.list_size,
        right=shared(moved.right),
        wrong=shared(moved.wrong),
        ambiguous=shared(moved.ambiguous),
        none=shared(moved.none),
        no_target=shared(moved.no_target),
    )


def _numbers(counts: Integers) -> tuple[int, ...]:
    return tuple(map(int, counts))
