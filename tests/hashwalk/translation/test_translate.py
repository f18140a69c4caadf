"""A list is translated through the media of a cross-walk, and every record says how."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hashwalk import Crosswalk, Failure, Hash, HashedFile, Label, Media, Part, get_format
from hashwalk.crosswalk import CrosswalkWriter
from hashwalk.errors import FailureCode, UnknownFormatError, UsageError
from hashwalk.hashlists import Feedback, Method, Record, Status
from hashwalk.translation import Card, Fate, FormatCard, Outcome, translate

FORMATS = [get_format(name) for name in ("md5", "pdq", "phash", "vpdq", "photodna")]
WHO = {"source": "ncmec", "member_id": "42", "entry_id": "e1"}


def sha256_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def pdq(number: int, quality: int = 100) -> Hash:
    """Return a PDQ that says `number`."""
    return Hash.of("pdq", number.to_bytes(32, "big"), quality)


def phash(number: int) -> Hash:
    return Hash.of("phash", number.to_bytes(8, "big"))


def record(value: Hash, status: Status = Status.ACTIVE, **known: object) -> Record:
    text = get_format(value.format).render(value)
    return Record(algorithm=value.format, value=text, status=status, **(WHO | known))  # type: ignore[arg-type]


def crosswalk_of(folder: Path, media: Mapping[str, Sequence[Hash]], failed: str = "") -> Crosswalk:
    """Return a cross-walk of media by name; `failed` names a format that the first one lacks."""
    with CrosswalkWriter.open(folder, formats=FORMATS) as writer:
        for name, hashes in media.items():
            row = Media(
                uri=f"file:///{name}",
                sha256=sha256_of(name),
                md5=hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
                size=1,
                mtime_ns=1,
                type="picture",
            )
            failures = [_failure(row, failed)] if failed else []
            writer.add(HashedFile(media=row, hashes=tuple(hashes), failures=tuple(failures)))
    return Crosswalk.open(folder)


def _failure(media: Media, format_id: str) -> Failure:
    return Failure(
        uri=media.uri,
        format=format_id,
        code=FailureCode.UNSUPPORTED,
        message="too short for it",
        size=1,
        mtime_ns=1,
        sha256=media.sha256,
    )


def values(outcomes: Iterable[Outcome]) -> list[str | None]:
    return [made.value for outcome in outcomes for made in outcome.records]


def one(records: Sequence[Record], crosswalk: Crosswalk, to: str, **distances: float) -> Outcome:
    (outcome,) = translate(records, crosswalk, to=[to], max_distances=distances)
    return outcome


def test_an_equal_hash_gives_the_media_s_hash_in_the_other_format(tmp_path: Path) -> None:
    walk = crosswalk_of(tmp_path, {"a": [pdq(1 << 90), phash(7)], "b": [pdq(1 << 200), phash(8)]})
    outcome = one([record(pdq(1 << 90))], walk, "phash")
    assert outcome.fate is Fate.EXACT
    (made,) = outcome.records
    assert (made.algorithm, made.value, made.encoding) == ("phash", "0000000000000007", "hex")
    assert made.translation is not None
    assert made.translation.method is Method.EXACT
    assert made.translation.source_algorithm == "pdq"
    assert made.translation.media_sha256 == sha256_of("a")
    assert (made.translation.distance, made.translation.ambiguous) == (0, False)


def test_who_gave_the_hash_and_what_was_said_of_it_is_kept(tmp_path: Path) -> None:
    walk = crosswalk_of(tmp_path, {"a": [pdq(9), phash(7)]})
    said = {
        "labels": (Label("inhope", "3.1", "", "A"),),
        "feedback": (Feedback("m2", "negative", ("not it",)),),
        "media_uid": "x",
        "updated": "2026-01-01T00:00:00Z",
        "raw": {"hash": "the source's"},
    }
    (made,) = one([record(pdq(9), **said)], walk, "phash").records
    kept = {name: getattr(made, name) for name in (*WHO, *said)}
    assert kept == {**WHO, **said, "raw": None}


def test_a_near_hash_gives_the_nearest_media_and_counts_the_others(tmp_path: Path) -> None:
    media = {
        "near": [pdq(0b111), phash(1)],
        "far": [pdq(0xFF00), phash(2)],
        "off": [pdq(2**64 - 1)],
    }
    outcome = one([record(pdq(0b1))], crosswalk_of(tmp_path, media), "phash")
    assert outcome.fate is Fate.NEAR
    assert values([outcome]) == ["0000000000000001"]
    how = outcome.records[0].translation
    assert how is not None
    assert (how.method, how.distance, how.others) == (Method.NEAR, 2, 1)


def test_with_a_calibration_card_near_matches_say_how_probable_they_are(tmp_path: Path) -> None:
    """Several at one distance share it; equal hashes, and formats not on the card, have none."""
    walk = crosswalk_of(
        tmp_path,
        {
            "a": [pdq(0b1), phash(1)],
            "b": [pdq(1 << 70 | 1 << 80), phash(2)],
            "c": [pdq(1 << 70 | 1 << 90), phash(3)],
            "flat": [pdq(1 << 40, quality=0), phash(4)],
        },
    )
    same, different = (0.5, 0.25, 0.25), (0.01, 0.02, 0.97)
    card = Card(
        date="2026-01-01",
        corpus={},
        formats={
            "pdq": FormatCard(
                version=1,
                unit="bits of 256",
                grid=(0, 1, 2),
                same=same,
                different=different,
                probability=same,
                copies=4,
                pairs=100,
                media=3,
                thresholds=(),
            )
        },
    )
    listed = [pdq(0b1), pdq(0b11), pdq(1 << 70), phash(9)]
    outcomes = translate(map(record, listed), walk, to=["phash", "pdq"], calibration=card)
    hows = [[m.translation for m in o.records] for o in outcomes if o.target == "phash"]
    exact, near, ambiguous, _ = [[how and how.probability for how in each] for each in hows]
    assert exact == [None]
    assert near == [card.probability("pdq", 1, 3)]
    assert ambiguous == [(card.probability("pdq", 1, 3) or 0) / 2] * 2


def test_the_threshold_is_the_format_s_unless_another_is_given(tmp_path: Path) -> None:
    walk = crosswalk_of(tmp_path, {"a": [pdq(2**31 - 1), phash(1)], "b": [pdq(2**99 - 1)]})
    assert one([record(pdq(0))], walk, "phash").fate is Fate.NEAR
    assert one([record(pdq(0))], walk, "phash", pdq=30).fate is Fate.UNMATCHED
    assert one([record(pdq(2**130 - 1))], walk, "phash").fate is Fate.NO_TARGET
    with pytest.raises(UsageError, match="pdq"):
        list(translate([record(pdq(0))], walk, to=["phash"], max_distances={"pdq": -1}))


def test_a_listed_hash_of_low_quality_is_found_by_an_equal_one_alone(tmp_path: Path) -> None:
    walk = crosswalk_of(tmp_path, {"a": [pdq(0b1), phash(1)]})
    fates = [
        one([record(pdq(number), quality=quality)], walk, "phash").fate
        for number, quality in [(0b11, 49), (0b11, 50), (0b1, 49)]
    ]
    assert fates == [Fate.UNMATCHED, Fate.NEAR, Fate.EXACT]


def test_several_media_at_the_best_distance_are_never_silently_one(tmp_path: Path) -> None:
    walk = crosswalk_of(tmp_path, {"a": [pdq(1), phash(1)], "b": [pdq(1), phash(2)], "c": [pdq(3)]})
    for query in (pdq(1), pdq(5 << 4 | 1)):
        outcome = one([record(query)], walk, "phash")
        assert outcome.fate is Fate.AMBIGUOUS
        assert sorted(values([outcome]), key=str) == ["0000000000000001", "0000000000000002"]
        assert all(made.translation and made.translation.ambiguous for made in outcome.records)


def test_the_target_s_own_hashes_are_written_anew(tmp_path: Path) -> None:
    walk = crosswalk_of(tmp_path, {"a": [pdq(1)]})
    base64 = get_format("pdq").render(pdq(77), "base64")
    outcome = one([Record(algorithm="pdq", value=base64, encoding="base64")], walk, "pdq")
    assert outcome.fate is Fate.RE_ENCODED
    assert values([outcome]) == [f"{77:064x}"]


def test_media_without_a_usable_hash_say_why(tmp_path: Path) -> None:
    short = crosswalk_of(tmp_path / "short", {"a": [phash(1)]}, failed="vpdq")
    assert one([record(phash(1))], short, "vpdq").reasons == ("unsupported: too short for it",)
    poor = crosswalk_of(tmp_path / "poor", {"a": [phash(1), pdq(5, quality=3)]})
    outcome = one([record(phash(1))], poor, "pdq")
    assert outcome.fate is Fate.NO_TARGET
    assert outcome.reasons == ("quality 3 is under the floor of 50",)
    (reason,) = one([record(phash(1))], short, "pdq").reasons
    assert reason == "not computed in this cross-walk"


def test_hashes_of_too_low_a_quality_are_near_nothing(tmp_path: Path) -> None:
    walk = crosswalk_of(tmp_path, {"a": [pdq(1), phash(1)], "flat": [pdq(0, quality=0), phash(2)]})
    query = record(pdq(2**20))
    assert values([one([query], walk, "phash")]) == ["0000000000000001"]
    outcomes = list(
        translate([query], crosswalk_of(tmp_path / "b", {"flat": [pdq(0, 0)]}), to=["phash"])
    )
    assert [outcome.fate for outcome in outcomes] == [Fate.UNMATCHED]


def test_a_format_without_a_measure_is_found_by_equal_hashes_alone(tmp_path: Path) -> None:
    walk = crosswalk_of(tmp_path, {"a": [Hash.of("photodna", bytes(144)), phash(3)]})
    assert one([record(Hash.of("photodna", bytes(144)))], walk, "phash").fate is Fate.EXACT
    other = record(Hash.of("photodna", bytes(143) + b"\1"))
    assert one([other], walk, "phash").fate is Fate.UNMATCHED


def test_frame_lists_are_matched_by_their_frames_and_handed_on_whole(tmp_path: Path) -> None:
    frames = tuple(
        Part((1 << n).to_bytes(32, "little"), 100, float(n), n) for n in range(0, 250, 50)
    )
    walk = crosswalk_of(tmp_path, {"v": [Hash("vpdq", frames), Hash.of("md5", bytes(16))]})
    outcome = one([record(Hash("vpdq", frames[:4]))], walk, "md5")
    assert (outcome.fate, values([outcome])) == (Fate.NEAR, ["0" * 32])
    back = one([record(Hash.of("md5", bytes(16)))], walk, "vpdq")
    assert get_format("vpdq").parse(values([back])[0] or "") == Hash("vpdq", frames)


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.DELETED])
def test_what_is_no_longer_active_stays_so(tmp_path: Path, status: Status) -> None:
    walk = crosswalk_of(tmp_path, {"a": [pdq(1), phash(1)]})
    known, absent = record(pdq(1), status), record(pdq(2**99 - 1), status)
    bare = Record(algorithm="*", value=None, status=status)
    outcomes = list(translate([known, absent, bare], walk, to=["phash"]))
    assert [outcome.fate for outcome in outcomes] == [Fate.EXACT, Fate.CARRIED, Fate.CARRIED]
    made = [made for outcome in outcomes for made in outcome.records]
    assert [each.status for each in made] == [status] * 3
    assert [each.algorithm for each in made] == ["phash", "pdq", "*"]


def test_each_target_has_its_outcome(tmp_path: Path) -> None:
    walk = crosswalk_of(tmp_path, {"a": [pdq(1), phash(1), Hash.of("md5", bytes(16))]})
    outcomes = list(translate([record(pdq(1))] * 2, walk, to=["phash", "md5", "pdq", "md5"]))
    assert [outcome.target for outcome in outcomes] == ["phash", "md5", "pdq"] * 2
    with pytest.raises(UnknownFormatError, match="did you mean"):
        list(translate([], walk, to=["phsh"]))


def test_an_algorithm_that_is_not_known_here_is_unmatched(tmp_path: Path) -> None:
    walk = crosswalk_of(tmp_path, {"a": [pdq(1)]})
    unknown = Record(algorithm="ssdeep", value="3:a:b")
    assert one([unknown], walk, "pdq").fate is Fate.UNMATCHED


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1)), max_size=6))
def test_translating_there_and_back_returns_the_original_set(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int]]
) -> None:
    media = {str(n): [pdq(a), phash(b)] for n, (a, b) in enumerate(pairs)}
    walk = crosswalk_of(tmp_path_factory.mktemp("walk") / "walk", media)
    original = [record(pdq(a)) for a, _ in pairs]
    there = [r for outcome in translate(original, walk, to=["phash"]) for r in outcome.records]
    back = values(translate(there, walk, to=["pdq"]))
    ambiguous = {a for a, b in pairs} != {a for a, b in pairs if _alone(a, b, pairs)}
    assert {r.value for r in original} <= set(back)
    assert ambiguous or set(back) == {r.value for r in original}


def _alone(a: int, b: int, pairs: Sequence[tuple[int, int]]) -> bool:
    """Tell whether no other media has either hash."""
    return sum(a == x or b == y for x, y in pairs) == 1


def test_records_with_large_values_are_taken_few_at_a_time(tmp_path: Path) -> None:
    taken = 0
    large = Record(algorithm="unknown", value="0" * (16 << 20))

    def records() -> Iterator[Record]:
        nonlocal taken
        for _ in range(50):
            taken += 1
            yield large

    outcomes = translate(records(), crosswalk_of(tmp_path, {}), to=["pdq"])
    assert next(outcomes).fate is Fate.UNMATCHED
    assert taken <= 4
    assert len(list(outcomes)) == 49
