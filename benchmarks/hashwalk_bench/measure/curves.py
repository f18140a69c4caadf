"""What the whole curve of a format says: AUC, EER, and how many bits of it are free."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Format
from hashwalk.searchable import LeastOverParts
from hashwalk_bench.measure.model import Rate
from hashwalk_bench.pairs.scale import counts_bits
from hashwalk_bench.pairs.trials import Trials
from hashwalk_bench.statistics.curves import auc, eer, roc
from hashwalk_bench.statistics.node_draws import Draws, drawn_quantity, drawn_share
from hashwalk_bench.statistics.proportions import no_trials
from hashwalk_bench.statistics.unrelated import effective_bits

Reals = NDArray[np.float64]


def areas(trials: Trials, draws: Draws, far_drawn: Reals) -> tuple[Rate, Rate]:
    """Return AUC and EER over all sources and transforms; unusable hashes are missed.

    `far_drawn` (draws, bins) are the counts of unrelated pairs in the draws.
    """
    units = trials.units
    variant = units.is_variant()
    pairs = int(trials.pairs.sum())
    if not variant.any() or not pairs:
        return no_trials(), no_trials()
    bins = trials.scale.bins(trials.distances[variant])
    width, nodes = len(trials.scale) + 1, len(units.halves)
    cells = units.node_of_item[variant].astype(np.int64) * width + bins
    matching = np.bincount(cells, minlength=nodes * width).reshape(nodes, width)
    near, far = matching[:, :-1], trials.counts
    drawn = roc(
        draws.of_nodes(near),
        far_drawn,
        draws.of_nodes(matching.sum(axis=1)),
        draws.of_pairs(trials.pairs),
    )
    whole = roc(
        near.sum(axis=0), far.sum(axis=(0, 1), dtype=np.int64), float(matching.sum()), float(pairs)
    )
    area, equal = (
        drawn_share(float(of(whole)), of(drawn), 0, int(variant.sum())) for of in (auc, eer)
    )
    return area, equal


def free_bits(measured: Format, trials: Trials, draws: Draws) -> Rate:
    """Return the effective bits of the originals' distances, for hashes of bits."""
    bits = measured.spec.bits
    single = counts_bits(measured) and not isinstance(measured, LeastOverParts)
    if bits is None or not single or len(trials.scale) != bits + 1:
        return no_trials("only told of formats that count differing bits")
    histogram = trials.original_counts.sum(axis=(0, 1), dtype=np.int64)
    value = float(effective_bits(histogram, bits))
    if not np.isfinite(value):
        return no_trials("the distances of the originals do not vary")
    drawn = effective_bits(draws.of_pairs(trials.original_counts), bits)
    return drawn_quantity(value, drawn, int(trials.original_pairs.sum()))
