"""A calibration card says how probable it is that the nearest hash is the media's own."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from hashwalk.errors import UsageError
from hashwalk.translation.calibration import (
    Card,
    FormatCard,
    match_probabilities,
    read_card,
)

SAME, DIFFERENT = (0.5, 0.25, 0.125, 0.025), (0.001, 0.009, 0.09, 0.9)


def card(version: int = 1, **fields: object) -> Card:
    """Return a card of the four distances 0 to 3 of pdq."""
    given = FormatCard(
        version=version,
        unit="bits of 256",
        grid=(0, 1, 2, 3),
        same=SAME,
        different=DIFFERENT,
        probability=match_probabilities(SAME, DIFFERENT, 20),
        copies=40,
        pairs=1000,
        media=20,
        thresholds=(),
    )
    known = {"date": "2026-01-01", "corpus": {}, "formats": {"pdq": given}, **fields}
    return Card(**known)  # type: ignore[arg-type]


def test_the_probability_is_the_share_of_right_answers_in_a_simulation() -> None:
    """Half of the looked-up have no media there; twenty others are. Ties are left out."""
    random = np.random.default_rng(0)
    looked_up, media = 200_000, 20
    own = random.choice(5, looked_up, p=[*SAME, 1 - sum(SAME)])
    own[random.random(looked_up) < 0.5] = 9
    others = random.choice(4, (looked_up, media), p=DIFFERENT).min(axis=1)
    for distance, said in enumerate(match_probabilities(SAME, DIFFERENT, media)):
        right, wrong = (own == distance) & (others > own), (others == distance) & (own > others)
        share = right.sum() / (right.sum() + wrong.sum())
        assert said == pytest.approx(share, abs=0.01)


def test_a_larger_cross_walk_makes_the_same_distance_less_sure() -> None:
    sure = [card().probability("pdq", 1, media) or 0.0 for media in (2, 20, 200)]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] > 0.9
    assert sure[-1] < 0.2


def test_a_distance_between_two_bins_counts_as_the_farther() -> None:
    assert card().probability("pdq", 0.5, 9) == card().probability("pdq", 1, 9)
    assert card().probability("pdq", 99, 9) == card().probability("pdq", 3, 9)


def test_of_a_format_it_does_not_have_a_card_says_nothing() -> None:
    assert card().probability("phash", 1, 10) is None


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_bytes(msgspec.json.encode(card()))
    assert read_card(tmp_path / "card.json") == card()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"no JSON", "is not a calibration card"),
        (b"\xff\xfe", "is not a calibration card"),
        (json.dumps({"kind": "a shopping list"}).encode(), "is not a calibration card"),
        (msgspec.json.encode(card(schema=9)), "of schema 9"),
        (msgspec.json.encode(card(version=7)), "version 7 of pdq"),
        (msgspec.json.encode(card()).replace(b"[0,1,", b"[1,0,"), "bins of pdq"),
    ],
)
def test_what_is_no_card_of_these_formats_is_refused_by_name(
    tmp_path: Path, written: bytes, said: str
) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(written)
    with pytest.raises(UsageError, match=said) as raised:
        read_card(path)
    assert "card.json" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_card_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"card\.json cannot be read"):
        read_card(tmp_path / "card.json")
