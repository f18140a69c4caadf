"""Makes the calibration card of a run's measures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from hashwalk.durable import written_whole
from hashwalk.translation import Card, CardThreshold, FormatCard
from hashwalk.translation.calibration import match_probabilities
from hashwalk_bench.errors import RunError
from hashwalk_bench.measure.model import Measured, Measures, Point

Shares = NDArray[np.float64]


def card_of(measures: Measures, date: str) -> Card:
    """Return the card of all formats that were measured on copies and on unrelated pairs.

    `date` is the day of the run, ISO 8601. The card has no path and no hash. Raises RunError
    where there is no such format: nothing could be told from the card.
    """
    formats = {each.format: _format_card(each) for each in measures.formats if _is_measured(each)}
    if not formats:
        raise RunError(
            "the run has no unrelated pairs to calibrate with: it needs two media of a kind or more"
        )
    return Card(date=date, corpus=msgspec.to_builtins(measures.corpus), formats=formats)


def write_card(path: Path, card: Card) -> None:
    """Write a card to a file, with mode 0600, whole or not at all."""
    with written_whole(path) as file:
        file.write(msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")


def _is_measured(measured: Measured) -> bool:
    return bool(sum(measured.non_matching) and sum(each.trials for each in measured.edited))


def _format_card(measured: Measured) -> FormatCard:
    copies = sum(each.trials for each in measured.edited)
    counted = np.sum([each.distances for each in measured.edited], axis=0)
    different = shares_of_different(measured.non_matching, measured.non_matching_pairs)
    same = falling_ratio(counted / copies, different)
    media = measured.references - measured.unusable_references
    return FormatCard(
        version=measured.version,
        unit=measured.unit,
        grid=measured.grid,
        same=tuple(same.tolist()),
        different=tuple(different.tolist()),
        probability=match_probabilities(same.tolist(), different.tolist(), media),
        copies=copies,
        pairs=measured.non_matching_pairs,
        media=media,
        thresholds=tuple(map(_threshold, filter(lambda p: p.target, measured.points))),
    )


def shares_of_different(counts: Sequence[int], pairs: int) -> Shares:
    """Return the share of unrelated pairs in each bin, never 0 where pairs may yet be found.

    By the rule of succession one more pair is supposed, evenly in the bins up to the nearest one
    in which any was seen: what the corpus cannot resolve is not called impossible.
    """
    found = np.asarray(counts, np.float64)
    nearest = int(np.argmax(found > 0)) + 1
    found[:nearest] += 1 / nearest
    return found / (pairs + 1)


def falling_ratio(same: Shares, different: Shares) -> Shares:
    """Return the shares of copies, smoothed so that a nearer hash is never the weaker evidence.

    The ratio of copies to unrelated pairs is made to fall with the distance, by pooling adjacent
    violators, which keeps the sum.
    """
    held = different > 0
    fitted = np.array(same)
    ratio = same[held] / different[held]
    fitted[held] = (
        isotonic_regression(ratio, weights=different[held], increasing=False).x * different[held]
    )
    return fitted


def _threshold(point: Point) -> CardThreshold:
    interval = point.threshold_interval
    return CardThreshold(
        target=point.target or 0.0,
        threshold=point.threshold,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        note=point.note,
    )
