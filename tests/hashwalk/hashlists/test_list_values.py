"""Values of records: checked as hashes, and never guessed from their length."""

from __future__ import annotations

import hashlib

import pytest

from hashwalk.errors import AmbiguousAlgorithmError, HashParseError
from hashwalk.hashlists import Record, Reject
from hashwalk.hashlists.record import record_or_reject
from hashwalk.hashlists.values import check_value, hash_of, rendered, settle

PDQ = hashlib.sha256(b"a picture").hexdigest()
PHOTODNA = ",".join(str(n) for n in range(144))


def test_a_text_of_64_digits_may_be_of_many_formats() -> None:
    with pytest.raises(AmbiguousAlgorithmError) as raised:
        settle([PDQ], None, "list.txt")
    assert {"pdq", "sha256", "phash-256"} <= set(raised.value.candidates)
    assert PDQ not in str(raised.value)
    assert "list.txt names no algorithm" in str(raised.value)


def test_texts_together_may_fit_fewer_formats() -> None:
    whole = settle_candidates([PDQ])
    assert settle_candidates([PDQ, "0" * 40]) < whole
    assert "pdq" not in settle_candidates([PDQ, "0" * 40])


def settle_candidates(texts: list[str]) -> set[str]:
    with pytest.raises(AmbiguousAlgorithmError) as raised:
        settle(texts, None, "list")
    return set(raised.value.candidates)


def test_what_is_no_hash_at_all_settles_nothing() -> None:
    assert settle_candidates([PDQ, "no hash"]) == settle_candidates([PDQ])
    assert settle_candidates(["no hash"]) == set()


def test_what_is_told_settles_it() -> None:
    assert settle([PDQ], "phash-256", "list") == "phash-256"


def test_a_value_is_written_in_the_encoding_of_choice() -> None:
    record = Record(algorithm="photodna", value=PHOTODNA)
    assert rendered(record, "hex") == bytes(range(144)).hex()
    assert rendered(Record(algorithm="theirs", value="x"), "hex") == "x"
    assert hash_of(Record(algorithm="theirs", value="x")) is None
    assert hash_of(Record(algorithm="pdq", value=None)) is None


@pytest.mark.parametrize(
    ("algorithm", "value"), [("pdq", "beef"), ("theirs", " "), ("theirs", "a\nb"), ("pdq", "")]
)
def test_a_value_that_is_no_hash_is_refused(algorithm: str, value: str) -> None:
    with pytest.raises(HashParseError, match=algorithm) as refused:
        check_value(algorithm, value)
    assert not value.strip() or value not in str(refused.value)


def test_a_reject_keeps_the_start_of_the_source_but_does_not_show_it() -> None:
    def make() -> Record:
        raise ValueError("no reason")

    found = record_or_reject("line 3", "secret" * 100_000, make)
    assert isinstance(found, Reject)
    assert (found.where, found.reason, len(found.start)) == ("line 3", "no reason", 65_536)
    assert "secret" not in repr(found)
