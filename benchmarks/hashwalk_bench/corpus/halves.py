"""The two halves of a corpus: thresholds are chosen on one and reported on the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum

from hashwalk_bench.corpus.sources import Source
from hashwalk_bench.transforms.contract import Medium


class Half(StrEnum):
    """Which half of the corpus a source is in."""

    CHOOSE = "choose"
    REPORT = "report"


def halves(sources: Iterable[Source], cluster_of: Mapping[int, int], seed: int) -> dict[int, Half]:
    """Return the half of each source, by number; a cluster is never divided.

    Of the clusters of pictures, and of those of videos, each half has as many; the report has
    the odd one. The seed and the lowest SHA-256 of a cluster place it.
    """
    by_number = {source.number: source for source in sources}
    firsts = [by_number[number] for number in sorted(set(cluster_of.values()))]
    half_of: dict[int, Half] = {}
    for medium in Medium:
        placed = sorted((s for s in firsts if s.medium is medium), key=lambda s: _place(s, seed))
        for rank, first in enumerate(placed):
            half_of[first.number] = Half.CHOOSE if rank < len(placed) // 2 else Half.REPORT
    return {number: half_of[cluster_of[number]] for number in sorted(by_number)}


def _place(source: Source, seed: int) -> bytes:
    return hashlib.sha256(f"{seed} {source.sha256}".encode()).digest()
