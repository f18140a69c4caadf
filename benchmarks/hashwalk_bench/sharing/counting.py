"""Counts what a member shares of a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.measure.model import (
    Between,
    Corpus,
    Cost,
    Edited,
    Measured,
    Measures,
    Moved,
    Rate,
)
from hashwalk_bench.pairs.trials import Trials, read_trials
from hashwalk_bench.run.manifest import read_manifest
from hashwalk_bench.sharing.cells import (
    count_of,
    counts_of,
    large,
    large_cells,
    of_copies,
    of_strangers,
)
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
_JOINT = ("recall_a", "recall_b", "b_finds_a_missed", "union")
_FATES = ("right", "wrong", "ambiguous", "none", "no_target")

Integers = NDArray[np.integer]


def shared_of(folder: Path, measures: Measures, smallest: int = SMALLEST) -> Shared:
    """Return the counts of a run that was measured, without cells of 1 to `smallest` - 1.

    Raises RunError where the run's tables cannot be read.
    """
    manifest = read_manifest(folder)
    many = [each for each in measures.formats if each.references >= smallest]
    formats = [_shared_format(folder, each, smallest) for each in many]
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
        unusable_references=large(measured.unusable_references, smallest),
        unusable_reasons=large_cells(measured.unusable_reasons, smallest),
        pairs={scope: _pairs(trials, scope, smallest) for scope in (ALL, *HALVES)},
        original_counts=_numbers(of_strangers(originals, smallest)),
        equal=count_of(int(trials.equal.sum()), int(trials.pairs.sum()), smallest),
        edited={h: tuple(_edited(trials, measured, h, border, smallest)) for h in HALVES},
        cost=_cost(measured.cost, smallest),
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


def _cost(cost: Cost, smallest: int) -> Cost:
    """Return what a format costs, with no word on time where few items were timed."""
    if cost.items >= smallest:
        return cost
    return msgspec.structs.replace(
        cost, items=0, milliseconds=None, decode_milliseconds=None, times_real_time=None
    )


def _corpus(corpus: Corpus, smallest: int) -> Corpus:
    pictures, videos = (large(count, smallest) for count in (corpus.pictures, corpus.videos))
    left_out = corpus.pictures + corpus.videos - pictures - videos
    return msgspec.structs.replace(
        corpus,
        pictures=pictures,
        videos=videos,
        clusters=large(max(corpus.clusters - left_out, 0), smallest),
        groups=large(corpus.groups, smallest),
        picture_megapixels=corpus.picture_megapixels if pictures else 0.0,
        video_seconds=corpus.video_seconds if videos else 0.0,
        licences=large_cells(corpus.licences, smallest),
        near_duplicates=tuple(size for size in corpus.near_duplicates if size >= smallest),
        left_out=large(corpus.left_out, smallest),
    )


def _between(between: Between, smallest: int) -> SharedBetween:
    def shared(rate: Rate) -> Count:
        return count_of(rate.hits, rate.trials, smallest)

    counts = {name: shared(getattr(between, name)) for name in _JOINT}
    hidden = any(each.hits is None for each in counts.values())
    return SharedBetween(
        a=between.a,
        b=between.b,
        target=between.target,
        shared_collisions=shared(between.shared_collisions),
        kappa=None if hidden else between.kappa.value,
        **counts,
    )


def _moved(moved: Moved, smallest: int) -> SharedMoved:
    hits = [getattr(moved, fate).hits for fate in _FATES]
    fates = counts_of(hits, moved.list_size, smallest)
    return SharedMoved(
        a=moved.a,
        b=moved.b,
        transform=moved.transform,
        family=moved.family,
        list_size=moved.list_size,
        **dict(zip(_FATES, fates, strict=True)),
    )


def _numbers(counts: Integers) -> tuple[int, ...]:
    return tuple(map(int, counts))
