"""Everything that a run says of one format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Format, Hash, Kind
from hashwalk.registry import get_format
from hashwalk_bench.between.equivalents import Curve, curve_of
from hashwalk_bench.between.ground import Seen, loosest
from hashwalk_bench.measure.curves import areas, free_bits
from hashwalk_bench.measure.edits import edited, families
from hashwalk_bench.measure.facts import Facts
from hashwalk_bench.measure.localisation import Clipped, localised
from hashwalk_bench.measure.model import Localised, Measured
from hashwalk_bench.measure.recall import Variants
from hashwalk_bench.measure.targets import aims, point_of
from hashwalk_bench.moving.copies import Hashes
from hashwalk_bench.moving.lists import Searched, search
from hashwalk_bench.pairs.compared import Compared
from hashwalk_bench.pairs.trials import Trials, trials_of
from hashwalk_bench.pairs.usable import read_failures, read_hashes, reasons_of
from hashwalk_bench.statistics.node_rates import node_rate
from hashwalk_bench.statistics.unrelated import moments


@dataclass(frozen=True, slots=True)
class Found:
    """What is measured of a format alone, and what comparing it with others needs.

    Digests of files are not compared with others: their rate of collisions cannot be chosen.
    """

    measured: Measured
    seen: Seen | None
    curve: Curve | None
    searched: Searched | None


def measure_format(folder: Path, format_id: str, facts: Facts) -> Found:
    """Compare everything in a run by one format; raises RunError."""
    measured, hashes = get_format(format_id), read_hashes(folder, format_id)
    failures = read_failures(folder, format_id)
    reasons = reasons_of(measured, facts.units.items.tolist(), hashes, failures)
    compared = Compared(measured, facts.units, reasons, hashes)
    trials = trials_of(compared)
    far_drawn = facts.draws.of_pairs(trials.counts)
    told = _measured(measured, trials, facts, hashes, far_drawn)
    if measured.spec.kind is Kind.FILE:
        return Found(told, None, None, None)
    thresholds = [point.threshold for point in told.points if point.threshold is not None]
    return Found(
        told,
        _seen(compared, trials),
        curve_of(trials, facts.draws, far_drawn, thresholds),
        _searched(measured, hashes, facts),
    )


def _measured(
    measured: Format,
    trials: Trials,
    facts: Facts,
    hashes: Mapping[int, Hash],
    far_drawn: NDArray[np.float64],
) -> Measured:
    spec, variants = measured.spec, Variants(trials)
    told = aims(measured, trials)
    area, equal_errors = areas(trials, facts.draws, far_drawn)
    histogram = trials.counts.sum(axis=(0, 1), dtype=np.int64)
    lacking = Counter(reason for reason in trials.reasons if reason)
    items = set(facts.units.items.tolist())
    return Measured(
        format=spec.id,
        version=spec.version,
        medium=facts.units.medium,
        bits=spec.bits,
        unit=trials.scale.unit,
        grid=tuple(trials.scale.grid.tolist()),
        published_threshold=None if spec.threshold is None else spec.threshold.value,
        references=len(trials.reasons),
        unusable_references=lacking.total(),
        unusable_reasons=dict(sorted(lacking.items())),
        non_matching=tuple(histogram.tolist()),
        non_matching_pairs=int(trials.pairs.sum()),
        original_pairs=tuple(trials.original_counts.sum(axis=(0, 1), dtype=np.int64).tolist()),
        mean_unrelated=float(moments(histogram, trials.scale.grid)[0]) if histogram.any() else None,
        equal=node_rate(trials.equal, trials.pairs),
        points=tuple(point_of(aim, trials, variants) for aim in told),
        edited=edited(trials, variants, facts.steps, told),
        families=families(variants, facts.steps, told),
        auc=area,
        eer=equal_errors,
        effective_bits=free_bits(measured, trials, facts.draws),
        localised=_localised(measured, trials, facts, hashes),
        cost=facts.costs.of(spec.id, {i: value for i, value in hashes.items() if i in items}),
    )


def _seen(compared: Compared, trials: Trials) -> Seen:
    limit = loosest(trials)
    return Seen(
        format=trials.format,
        scale=trials.scale,
        distances=trials.distances,
        collisions=compared.collisions(limit),
        limit=limit,
        compared=trials.compared,
    )


def _searched(measured: Format, hashes: Mapping[int, Hash], facts: Facts) -> Searched | None:
    if measured.spec.threshold is None:
        return None
    references = facts.hashes_of_references(hashes)
    held = Hashes(measured, references, facts.hashes_of_copies(hashes))
    return search(facts.copies, held, facts.seed)


def _localised(
    measured: Format, trials: Trials, facts: Facts, hashes: Mapping[int, Hash]
) -> tuple[Localised, ...]:
    return localised(measured, _clipped(trials, facts, hashes)) if facts.spans else ()


def _clipped(trials: Trials, facts: Facts, hashes: Mapping[int, Hash]) -> Iterator[Clipped]:
    units = facts.units
    items, variants = units.items.tolist(), units.is_variant().tolist()
    usable = np.isfinite(trials.distances).tolist()
    for at, item in enumerate(items):
        if variants[at] and item in facts.spans:
            original = items[int(units.originals[units.source_of[at]])]
            pair = (hashes[item], hashes[original]) if usable[at] else (None, None)
            yield Clipped(str(units.transforms[at]), facts.spans[item], *pair)
