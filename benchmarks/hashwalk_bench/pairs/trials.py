"""What one format makes of a run: the distance of each variant, and counts of unrelated pairs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hashwalk.registry import get_format
from hashwalk_bench.pairs.blocks import Counts
from hashwalk_bench.pairs.compared import Compared
from hashwalk_bench.pairs.scale import Distances, Scale
from hashwalk_bench.pairs.units import Units, read_units
from hashwalk_bench.pairs.usable import read_failures, read_hashes, reasons_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """Counts of pairs at every distance, by node of the reference and node of the query.

    `reasons` says for each source why its original has no usable hash, nothing if it has.
    `distances` are those of each item to its source's original, inf where either is not usable.
    `counts` (nodes, nodes, bins) has the usable pairs of an original and an item of another
    cluster, `pairs` (nodes, nodes) all such pairs, usable or not, `equal` (nodes, nodes) those
    of equal hashes. Items that are not `compared` were left out of the pairs: the format's
    distance is slow, and these are drawn at random. `original_…` are the same of two originals,
    each pair once. On the diagonal are pairs of two clusters of one group.
    """

    format: str
    units: Units
    scale: Scale
    reasons: tuple[str, ...]
    distances: Distances
    compared: NDArray[np.bool_]
    counts: Counts
    pairs: NDArray[np.int64]
    equal: NDArray[np.int64]
    original_counts: Counts
    original_pairs: NDArray[np.int64]

    def of_half(self, half: str | None) -> tuple[Counts, NDArray[np.int64]]:
        """Return `counts` and `pairs` among the nodes of a half; of None, all."""
        nodes = self.units.nodes_of(half)
        among = np.ix_(nodes, nodes)
        return self.counts[among], self.pairs[among]

    def recall_counts(
        self, threshold: float, chosen: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many of the chosen variants are within `threshold`, and how many there are.

        Both are (clusters,); an item without a usable hash is missed.
        """
        trials = chosen & self.units.is_variant()
        found = trials & (self.distances <= np.float32(threshold))
        clusters, count = self.units.cluster_of_item, int(self.units.clusters.max(initial=-1)) + 1
        hits, all_of = (np.bincount(clusters[mask], minlength=count) for mask in (found, trials))
        return hits.astype(np.int64), all_of.astype(np.int64)

    def matching(self, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.int64], int]:
        """Return how many chosen variants are in each bin, and how many there are in all."""
        trials = chosen & self.units.is_variant()
        bins = self.scale.bins(self.distances[trials])
        counts = np.bincount(bins, minlength=len(self.scale) + 1)[:-1]
        return counts.astype(np.int64), int(trials.sum())


def read_trials(folder: Path, format_id: str, medium: str) -> Trials:
    """Compare everything in a run by one format; `medium` is ``picture`` or ``video``.

    Raises RunError for what is no run. Deterministic.
    """
    return trials_of(read_compared(folder, format_id, medium))


def read_compared(folder: Path, format_id: str, medium: str) -> Compared:
    """Return the hashes of a run by one format, ready to be compared; raises RunError."""
    compared, units = get_format(format_id), read_units(folder, medium)
    hashes = read_hashes(folder, format_id)
    reasons = reasons_of(compared, units.items.tolist(), hashes, read_failures(folder, format_id))
    return Compared(compared, units, reasons, hashes)


def trials_of(compared: Compared) -> Trials:
    """Compare everything."""
    counts, pairs = compared.non_matching()
    original_counts, original_pairs = compared.originals()
    return Trials(
        format=compared.format.spec.id,
        units=compared.units,
        scale=compared.scale,
        reasons=compared.source_reasons(),
        distances=compared.matching(),
        compared=compared.kept,
        counts=counts,
        pairs=pairs,
        equal=compared.equal(),
        original_counts=original_counts,
        original_pairs=original_pairs,
    )
