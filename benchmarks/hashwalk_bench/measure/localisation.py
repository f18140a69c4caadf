"""How well a frame list tells which part of a video stands where in an edited copy.

The ranges that hashwalk tells are those of `Index.frame_match`; what is told of one video is
taken from the first to the last frame that has a counterpart in the other one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from hashwalk.format import Format, Hash
from hashwalk.index import FrameMatch, Index, TimeRange
from hashwalk.searchable import FrameLists
from hashwalk_bench.measure.model import Localised
from hashwalk_bench.statistics.proportions import exact_rate
from hashwalk_bench.transforms.contract import Span


@dataclass(frozen=True, slots=True)
class Clipped:
    """An edited copy that holds a part of its original, and their hashes, None if not usable."""

    transform: str
    span: Span
    copy: Hash | None
    original: Hash | None


def localised(searched: Format, copies: Iterable[Clipped]) -> tuple[Localised, ...]:
    """Return how well the ranges are told, by transform; nothing for a format of no frame list.

    A copy counts as found if it is within the published threshold. The error of one that is
    found is the mean of how far the four ends are off: start and end, in original and copy.
    """
    if not isinstance(searched, FrameLists) or searched.spec.threshold is None:
        return ()
    by_transform: dict[str, list[float | None]] = {}
    for clipped in copies:
        by_transform.setdefault(clipped.transform, []).append(_error(searched, clipped))
    return tuple(_localised(name, errors) for name, errors in by_transform.items())


def _localised(transform: str, errors: Sequence[float | None]) -> Localised:
    found = [error for error in errors if error is not None]
    timed = [error for error in found if not np.isnan(error)]
    return Localised(
        transform=transform,
        found=exact_rate(len(found), len(errors)),
        median_error_s=float(np.median(timed)) if timed else None,
        p90_error_s=float(np.quantile(timed, 0.9)) if timed else None,
    )


def _error(searched: Format, clipped: Clipped) -> float | None:
    """Return how far off the ranges are, NaN where frames have no times, None if not found."""
    threshold = searched.spec.threshold
    if clipped.copy is None or clipped.original is None or threshold is None:
        return None
    if searched.distance(clipped.copy, clipped.original) > threshold.value:
        return None
    index = Index(searched.spec.id, [("original", clipped.original)])
    (match,) = index.frame_match(clipped.copy, "original")
    return _off(clipped.span, match)


def _off(span: Span, match: FrameMatch) -> float:
    told = [*_ends(match.found_ranges), *_ends(match.query_ranges)]
    true = [span.source_start_s, span.source_end_s, span.variant_start_s, span.variant_end_s]
    return float(np.mean(np.abs(np.subtract(told, true))))


def _ends(ranges: Sequence[TimeRange]) -> tuple[float, float]:
    starts = [r.start_s for r in ranges if r.start_s is not None]
    ends = [r.end_s for r in ranges if r.end_s is not None]
    return (min(starts), max(ends)) if starts and ends else (np.nan, np.nan)
