"""What a member shares of a run, ``counts.json``: numbers of pairs by distance, and no more."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from hashwalk_bench.measure.model import Corpus, Cost

SHARED_SCHEMA = 1
KIND: Literal["hashwalk shared counts"] = "hashwalk shared counts"


class Count(Struct, frozen=True, kw_only=True):
    """Events among trials; `hits` is None where they, or the others, are fewer than `smallest`."""

    hits: int | None
    trials: int


class SharedPairs(Struct, frozen=True, kw_only=True):
    """Unrelated pairs of one half of the sources, or of all: by bin, and how they depend.

    `counts` has the usable pairs by bin, `trials` all. The others say how many of the pairs up to
    each bin fall on the same source: sums over sources, and over pairs of sources, of squares of
    the counts, of their products with the trials, and of squares of the trials.
    """

    counts: tuple[int, ...]
    trials: int
    sources: int
    node_squares: tuple[int, ...]
    node_products: tuple[int, ...]
    node_trials: int
    pair_squares: tuple[int, ...]
    pair_products: tuple[int, ...]
    pair_trials: int


class SharedEdited(Struct, frozen=True, kw_only=True):
    """The variants of one transform in one half, by bin; `trials` counts the unusable ones too."""

    transform: str
    family: str
    strength: float | None
    counts: tuple[int, ...]
    trials: int


class SharedFormat(Struct, frozen=True, kw_only=True):
    """What is shared of one format; pairs are by scope (``all``, ``choose``, ``report``)."""

    format: str
    version: int
    medium: str
    bits: int | None
    unit: str
    grid: tuple[float, ...]
    published_threshold: float | None
    references: int
    queries: int
    unusable_references: int
    unusable_reasons: dict[str, int]
    pairs: dict[str, SharedPairs]
    original_counts: tuple[int, ...]
    equal: Count
    edited: dict[str, tuple[SharedEdited, ...]]
    cost: Cost


class SharedBetween(Struct, frozen=True, kw_only=True):
    """Joint counts of two formats at the member's own thresholds for a target rate."""

    a: str
    b: str
    target: float
    recall_a: Count
    recall_b: Count
    b_finds_a_missed: Count
    union: Count
    shared_collisions: Count
    kappa: float | None


class SharedMoved(Struct, frozen=True, kw_only=True):
    """What became of the hashes of a transform's variants in A, translated to B."""

    a: str
    b: str
    transform: str
    family: str
    list_size: int
    right: Count
    wrong: Count
    ambiguous: Count
    none: Count
    no_target: Count


class Shared(Struct, frozen=True, kw_only=True):
    """What one member shares.

    No count between 1 and `smallest` - 1 is in it: such cells of distances were added to a
    neighbour, others left out; `left_out` counts what was.
    """

    kind: Literal["hashwalk shared counts"] = KIND
    schema: int = SHARED_SCHEMA
    smallest: int
    left_out: int
    hashwalk: str
    suite: str
    corpus: Corpus
    transforms: dict[str, str]
    formats: tuple[SharedFormat, ...]
    between: tuple[SharedBetween, ...]
    moved: tuple[SharedMoved, ...]
