"""What a run measured, as ``measures.json`` has it: counts first, so that runs can be pooled.

Distances are counted in the bins of the format's scale: bin i holds the distances in
(grid[i-1], grid[i]], bin 0 those up to grid[0]. For bits the grid is 0, 1, 2, … bits. A threshold
is always a value of the grid, and matches what is at most as far.
"""

from __future__ import annotations

from msgspec import Struct

from hashwalk_bench.statistics.model import Interval as Interval  # noqa: PLC0414
from hashwalk_bench.statistics.model import Rate as Rate  # noqa: PLC0414


class Point(Struct, frozen=True, kw_only=True):
    """A threshold at which rates are told: the published one, or one chosen for a target rate.

    `name` is ``published`` or ``fpr 1e-2`` … ``fpr 1e-6``. A threshold for a target was chosen
    on the half ``choose``; its rates are those of the half ``report``, the published one's of
    all sources. `threshold` is None where the pairs do not resolve the target: `note` says so.
    `threshold_interval` is by node bootstrap.
    """

    name: str
    target: float | None
    threshold: float | None
    threshold_interval: Interval | None
    collisions: Rate
    recall: Rate
    note: str = ""


class Edited(Struct, frozen=True, kw_only=True):
    """How one transform's variants of all sources compare with their originals.

    `trials` counts the variants that exist and whose original does; those without a usable hash
    (`unusable`) are missed at every threshold. `distances` counts by bin, of all sources.
    `recall` has one rate for each point by its name, of the point's own half.
    """

    transform: str
    family: str
    strength: float | None
    trials: int
    unusable: int
    distances: tuple[int, ...]
    mean_distance: float | None
    recall: dict[str, Rate]


class Family(Struct, frozen=True, kw_only=True):
    """A family of transforms, every transform and source of equal weight, by point."""

    family: str
    recall: dict[str, Rate]


class Localised(Struct, frozen=True, kw_only=True):
    """How well the matching ranges of a clip are told, for formats that tell them."""

    transform: str
    found: Rate
    median_error_s: float | None
    p90_error_s: float | None


class Cost(Struct, frozen=True, kw_only=True):
    """What a format costs: milliseconds an item beyond decoding, times real time, bytes a hash."""

    items: int
    milliseconds: float | None
    decode_milliseconds: float | None
    times_real_time: float | None
    bytes: float


class Measured(Struct, frozen=True, kw_only=True):
    """Everything that was measured of one format.

    `medium` is ``picture`` or ``video``. `references` counts the originals, `unusable_references`
    those without a usable hash, by reason in `unusable_reasons`. `non_matching` counts, by bin,
    the distances between each original and every item of other clusters; `non_matching_pairs` is
    their number, with the pairs where a hash is not usable. `equal` is the rate of non-matching
    pairs with equal hashes, `original_pairs` counts by bin those between originals alone.
    """

    format: str
    version: int
    medium: str
    bits: int | None
    unit: str
    grid: tuple[float, ...]
    published_threshold: float | None
    references: int
    unusable_references: int
    unusable_reasons: dict[str, int]
    non_matching: tuple[int, ...]
    non_matching_pairs: int
    original_pairs: tuple[int, ...]
    mean_unrelated: float | None
    equal: Rate
    points: tuple[Point, ...]
    edited: tuple[Edited, ...]
    families: tuple[Family, ...]
    auc: Rate
    eer: Rate
    effective_bits: Rate
    localised: tuple[Localised, ...]
    cost: Cost


class Between(Struct, frozen=True, kw_only=True):
    """Formats `a` and `b` of one medium at the same target rate of collisions, on the report half.

    `b_finds_a_missed` is P(B finds | A missed), `union_gain` the recall of either beyond A's
    alone with thresholds re-equated so that the union's collision rate is the target's.
    `shared_collisions` is the share of A's colliding pairs that collide in B too.
    """

    a: str
    b: str
    target: float
    recall_a: Rate
    recall_b: Rate
    b_finds_a_missed: Rate
    union: Rate
    union_gain: Rate
    kappa: Rate
    shared_collisions: Rate


class Equivalent(Struct, frozen=True, kw_only=True):
    """The threshold of `b` whose collision rate is that of `a` at `threshold_a`."""

    a: str
    b: str
    threshold_a: float
    threshold_b: float | None
    interval: Interval | None
    note: str = ""


class BestSet(Struct, frozen=True, kw_only=True):
    """The greedy best formats under a budget of false alarms: one row each added format."""

    medium: str
    target: float
    formats: tuple[str, ...]
    recall: Rate
    collisions: Rate


class Lookup(Struct, frozen=True, kw_only=True):
    """The probability that one look-up of an unrelated item in a list raises a false alarm.

    1 - (1 - f) ** size, with f the point's collision rate and its interval's ends.
    """

    format: str
    medium: str
    point: str
    size: int
    value: float | None
    low: float
    high: float


class Moved(Struct, frozen=True, kw_only=True):
    """A list of edited copies in A, translated through a cross-walk of the originals to B.

    Of `list_size` hashes of a transform's variants: the shares translated to the right media, to
    a wrong one, to several at once, to none, and without a value in B.
    """

    a: str
    b: str
    transform: str
    family: str
    list_size: int
    right: Rate
    wrong: Rate
    ambiguous: Rate
    none: Rate
    no_target: Rate


class MovedRecall(Struct, frozen=True, kw_only=True):
    """What a list of edited copies finds in A itself, and in B once moved there.

    Queries are the other variants of the same sources; `change` is after less before, with
    its interval by bootstrap of sources.
    """

    a: str
    b: str
    before: Rate
    after: Rate
    change: Rate


class Coverage(Struct, frozen=True, kw_only=True):
    """How many originals have a usable hash in a format, and why the others have none."""

    format: str
    medium: str
    references: int
    usable: int
    reasons: dict[str, int]


class Corpus(Struct, frozen=True, kw_only=True):
    """The sources of a run in numbers; no path and no hash.

    `near_duplicates` has the size of each cluster of more than one source; `left_out` counts the
    files that are no source: no media, damaged, or of the same bytes as one.
    """

    pictures: int
    videos: int
    clusters: int
    near_duplicates: tuple[int, ...]
    synthetic: bool
    licences: dict[str, int]
    groups: int
    video_seconds: float
    picture_megapixels: float
    left_out: int = 0


class Measures(Struct, frozen=True, kw_only=True):
    """Everything a run measured; `made` has versions, seed, machine and suite from the manifest."""

    schema: int
    made: dict[str, object]
    corpus: Corpus
    transforms: dict[str, str]
    """What each transform's call does, in words, by id."""
    formats: tuple[Measured, ...]
    between: tuple[Between, ...] = ()
    equivalents: tuple[Equivalent, ...] = ()
    best_sets: tuple[BestSet, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    moved: tuple[Moved, ...] = ()
    moved_recall: tuple[MovedRecall, ...] = ()
    limits: tuple[str, ...] = ()
    """What these measures cannot say, in whole sentences for a reader of the report."""
