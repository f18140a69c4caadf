"""Calibration cards: what a distance is worth, as a benchmark measured it on a stated corpus."""

from __future__ import annotations

import math
import os
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from hashwalk.errors import UsageError
from hashwalk.registry import get_format

CARD_SCHEMA = 1
PRIOR = 0.5
"""How probable it is taken to be, before a look-up, that the media is in the cross-walk at all."""


class CardThreshold(Struct, frozen=True, kw_only=True):
    """The largest distance at which unrelated pairs collide at most at the rate `target`.

    `threshold` is None where the corpus does not resolve the rate, and `note` says so. `low` and
    `high` are the ends of its 95 % interval.
    """

    target: float
    threshold: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


class FormatCard(Struct, frozen=True, kw_only=True):
    """What is known of the distances of one format, by bins whose upper ends `grid` has.

    `same` is the share of edited copies at a distance in each bin (what they lack of 1 has no
    usable hash), of `copies`; `different` that of unrelated pairs, of `pairs`. `probability` is
    P(same | distance) of the nearest among the `media` of the corpus.
    """

    version: int
    unit: str
    grid: tuple[float, ...]
    same: tuple[float, ...]
    different: tuple[float, ...]
    probability: tuple[float, ...]
    copies: int
    pairs: int
    media: int
    thresholds: tuple[CardThreshold, ...]


class Card(Struct, frozen=True, kw_only=True):
    """A calibration card: for each format, on which corpus and when, and the prior it assumes.

    `date` is ISO 8601; `corpus` says what the corpus was, in numbers and without paths.
    """

    kind: Literal["hashwalk calibration card"] = "hashwalk calibration card"
    schema: int = CARD_SCHEMA
    date: str
    prior: float = PRIOR
    corpus: dict[str, Any]
    formats: dict[str, FormatCard]

    def probability(self, format_id: str, distance: float, media: int) -> float | None:
        """Return how probable it is that the nearest of `media` is the media itself.

        None where the card says nothing of the format.
        """
        card = self.formats.get(format_id)
        if card is None:
            return None
        table = _table(card.same, card.different, media, self.prior)
        return table[min(bisect_left(card.grid, distance), len(table) - 1)]


def read_card(path: str | os.PathLike[str]) -> Card:
    """Return the calibration card in a file, checked against the formats installed.

    Raises UsageError when the file is no card, cannot be read, or was made with another version
    of a format.
    """
    try:
        card = msgspec.json.decode(Path(path).read_bytes(), type=Card)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} is not a calibration card ({error}): make one with `hashwalk bench calibrate`"
        ) from error
    _check(card, path)
    return card


def match_probabilities(
    same: Sequence[float], different: Sequence[float], media: int, prior: float = PRIOR
) -> tuple[float, ...]:
    """Return P(same | distance) by bin, of the nearest of `media` hashes.

    By Bayes' rule: with probability `prior` the media is among them, and then its own distance
    is as `same` has it; the nearest of the others is the least of `media` independent draws from
    `different`. It is the right one where its own distance is the least.
    """
    beyond = [_none_within(share, media) for share in accumulate(different)]
    nearest = [before - after for before, after in zip([1.0, *beyond], beyond, strict=False)]
    found: list[float] = []
    for own, own_within, none, other in zip(same, accumulate(same), beyond, nearest, strict=True):
        right = prior * own * none
        wrong = (1 - prior + prior * max(1 - own_within, 0.0)) * other
        found.append(right / (right + wrong) if right + wrong else 0.0)
    return tuple(found)


_table = lru_cache(maxsize=64)(match_probabilities)


def _none_within(share: float, media: int) -> float:
    return math.exp(media * math.log1p(-share)) if share < 1 else 0.0


def _check(card: Card, path: str | os.PathLike[str]) -> None:
    if card.schema != CARD_SCHEMA:
        raise UsageError(
            f"{path} is a calibration card of schema {card.schema}, this version reads "
            f"{CARD_SCHEMA}: make it anew with `hashwalk bench calibrate`"
        )
    for format_id, each in card.formats.items():
        sizes = {len(each.grid), len(each.same), len(each.different), len(each.probability)}
        if len(sizes) != 1 or not each.grid or list(each.grid) != sorted(each.grid):
            raise UsageError(f"{path}: the bins of {format_id} do not fit together")
        version = get_format(format_id).spec.version
        if version != each.version:
            raise UsageError(
                f"{path} was made with version {each.version} of {format_id}, installed is "
                f"{version}: run the benchmark anew"
            )
