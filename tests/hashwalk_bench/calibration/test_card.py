"""A calibration card is made of a run's counts: smoothed, never surer than the pairs allow."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hashwalk_bench.calibration.card import card_of, falling_ratio, shares_of_different
from hashwalk_bench.errors import RunError
from hashwalk_bench.measure.model import (
    Corpus,
    Cost,
    Edited,
    Interval,
    Measured,
    Measures,
    Point,
    Rate,
)

COUNTS = st.lists(st.integers(0, 50), min_size=2, max_size=12)
NOTHING = Rate(hits=0, trials=0, value=None, interval=None)


def measured(copies: Sequence[int], unrelated: Sequence[int], unusable: int = 0) -> Measured:
    """Return what a run measured of PDQ, with distances of 0, 1, 2, …."""
    edited = Edited(
        transform="jpeg(quality=30)",
        family="coding",
        strength=30,
        trials=sum(copies) + unusable,
        unusable=unusable,
        distances=tuple(copies),
        mean_distance=None,
        recall={},
    )
    points = [
        Point(
            name=name,
            target=target,
            threshold=threshold,
            threshold_interval=Interval(low=1, high=3, method="node bootstrap"),
            collisions=NOTHING,
            recall=NOTHING,
        )
        for name, target, threshold in [("published", None, 31), ("fpr 1e-2", 0.01, 2)]
    ]
    return Measured(
        format="pdq",
        version=1,
        medium="picture",
        bits=256,
        unit="bits of 256",
        grid=tuple(range(len(copies))),
        published_threshold=31,
        references=12,
        unusable_references=2,
        unusable_reasons={},
        non_matching=tuple(unrelated),
        non_matching_pairs=sum(unrelated),
        original_pairs=(),
        mean_unrelated=None,
        equal=NOTHING,
        points=tuple(points),
        edited=(edited,),
        families=(),
        auc=NOTHING,
        eer=NOTHING,
        effective_bits=NOTHING,
        localised=(),
        cost=Cost(
            items=0, milliseconds=None, decode_milliseconds=None, times_real_time=None, bytes=32
        ),
    )


def measures(*formats: Measured) -> Measures:
    corpus = Corpus(
        pictures=12,
        videos=0,
        clusters=12,
        near_duplicates=(),
        synthetic=True,
        licences={"generated": 12},
        groups=1,
        video_seconds=0,
        picture_megapixels=1.0,
    )
    return Measures(schema=1, made={}, corpus=corpus, transforms={}, formats=formats)


def test_the_card_has_the_shares_the_thresholds_and_the_corpus() -> None:
    card = card_of(measures(measured([6, 3, 0], [0, 0, 99], unusable=1)), "2026-01-01")
    pdq = card.formats["pdq"]
    assert (pdq.copies, pdq.pairs, pdq.media) == (10, 99, 10)
    assert pdq.same == pytest.approx((0.6, 0.3, 0))
    assert pdq.different == pytest.approx((1 / 300, 1 / 300, 99 / 100 + 1 / 300))
    assert [(t.target, t.threshold, t.low, t.high) for t in pdq.thresholds] == [(0.01, 2, 1, 3)]
    assert card.corpus["pictures"] == 12
    assert card.corpus["synthetic"] is True
    assert card.date == "2026-01-01"


def test_a_format_without_unrelated_pairs_or_copies_is_left_out() -> None:
    other = replace(measured([1, 1], [1, 1]), format="dhash")
    several = measures(measured([1, 1], [0, 0]), measured([0, 0], [1, 1]), other)
    assert set(card_of(several, "2026-01-01").formats) == {"dhash"}


def test_a_run_of_which_nothing_can_be_told_gives_no_card() -> None:
    """One picture and its copies have no stranger."""
    with pytest.raises(RunError, match="two media of a kind"):
        card_of(measures(measured([1, 1], [0, 0])), "2026-01-01")


def test_more_pairs_without_a_collision_make_near_matches_surer() -> None:
    few, many = (
        card_of(measures(measured([5, 5, 5], [0, 0, pairs])), "2026-01-01").formats["pdq"]
        for pairs in (10, 10_000)
    )
    assert many.probability[0] > few.probability[0]
    assert all(share > 0 for share in many.different)


@given(COUNTS.filter(any))
def test_the_shares_of_unrelated_pairs_add_up_and_none_is_impossible_before_the_first(
    counts: list[int],
) -> None:
    shares = shares_of_different(counts, sum(counts))
    assert shares.sum() == pytest.approx(1)
    assert (shares[: int(np.argmax(np.array(counts) > 0)) + 1] > 0).all()


@given(COUNTS, COUNTS.filter(any))
def test_a_nearer_hash_is_never_the_weaker_evidence(same: list[int], other: list[int]) -> None:
    size = min(len(same), len(other))
    if not any(other[:size]):
        return
    shares = np.array(same[:size]) / (sum(same[:size]) or 1)
    different = shares_of_different(other[:size], sum(other[:size]))
    fitted = falling_ratio(shares, different)
    held = different > 0
    ratios = fitted[held] / different[held]
    assert (np.diff(ratios) <= 1e-9 * ratios[:-1]).all()
    assert fitted.sum() == pytest.approx(shares.sum())


def test_a_card_names_no_file_and_no_hash() -> None:
    text = msgspec.json.encode(card_of(measures(measured([5, 5], [0, 9])), "2026-01-01")).decode()
    assert "path" not in text
    assert "sha256" not in text
