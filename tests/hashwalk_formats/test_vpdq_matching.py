"""vPDQ hashes match where python-threatexchange says so, with its percentages on both sides.

Its matching is its own Python code. That imports the package vpdq, for the name of a type and for
hashing, which takes FFmpeg's headers to install: the reference hashes were made with it before.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from hashwalk.format import Hash, Part
from hashwalk_formats.vpdq import VPDQ

pytestmark = pytest.mark.oracle


class Feature(NamedTuple):
    """The fields of the package vpdq's own frame."""

    quality: int
    frame_number: int
    hash: object
    timestamp: float


class Reference(NamedTuple):
    """The modules of python-threatexchange that read, write and match vPDQ hashes."""

    texts: Any
    matcher: Any

    def percentages(self, query: str, known: str) -> tuple[float, float]:
        """Return its answer for two hashes in its own text form."""
        found = self.matcher.match_VPDQ_hash_brute(
            self.texts.json_to_vpdq(query),
            self.texts.json_to_vpdq(known),
            self.texts.VPDQ_QUALITY_THRESHOLD,
            self.texts.VPDQ_DISTANCE_THRESHOLD,
        )
        return found.query_match_percent, found.compared_match_percent

    def match(self, query: str, known: str) -> bool:
        """Return its verdict with its default thresholds."""
        of_query, of_known = self.percentages(query, known)
        enough = of_query >= self.texts.VPDQ_QUERY_MATCH_THRESHOLD_PERCENT
        return bool(enough and of_known >= self.texts.VPDQ_INDEX_MATCH_THRESHOLD_PERCENT)


@pytest.fixture(scope="module")
def reference() -> Iterator[Reference]:
    stand_in = ModuleType("vpdq")
    stand_in.VpdqFeature = Feature  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "vpdq", stand_in)
        reason = "python-threatexchange is not installed"
        package = "threatexchange.extensions.vpdq"
        texts = pytest.importorskip(f"{package}.vpdq_util", reason=reason)
        yield Reference(texts, pytest.importorskip(f"{package}.vpdq_brute_matcher", reason=reason))


@pytest.fixture
def clips(vectors: dict[str, Any]) -> dict[str, Hash]:
    """The hashes of the reference clips that have a usable frame, and longer and shorter cuts."""
    lines = {name: known["vpdq_1s"] for name, known in vectors["clips"].items()}
    whole = {name: VPDQ.parse("\n".join(text)) for name, text in lines.items()}
    halves = {f"half of {n}": Hash("vpdq", h.parts[: len(h.parts) // 2]) for n, h in whole.items()}
    two = list(whole.values())[:2]
    both = Hash("vpdq", tuple(Part(p.value, p.quality, 0.0) for h in two for p in h.parts * 3))
    hashes = whole | halves | {"two clips, three times": both}
    return {n: h for n, h in hashes.items() if any((p.quality or 0) >= 50 for p in h.parts)}


def test_percentages_and_verdicts_are_equal_for_all_pairs_of_the_clips(
    reference: Reference, clips: dict[str, Hash]
) -> None:
    texts = {name: VPDQ.render(value, "vpdq-json") for name, value in clips.items()}
    verdicts = set()
    for query, known in product(clips, repeat=2):
        shares = VPDQ.shares(clips[query], clips[known])
        theirs = reference.percentages(texts[query], texts[known])
        assert (100 * shares.of_a, 100 * shares.of_b) == pytest.approx(theirs), (query, known)
        found = reference.match(texts[query], texts[known])
        assert shares.match() is found
        either = found or reference.match(texts[known], texts[query])
        assert VPDQ.compare(clips[query], clips[known]).match is either
        verdicts.add((found, either))
    assert verdicts == {(True, True), (False, True), (False, False)}


def test_what_is_written_is_read_by_the_package_and_the_other_way_round(
    reference: Reference, clips: dict[str, Hash]
) -> None:
    for value in clips.values():
        theirs = reference.texts.json_to_vpdq(VPDQ.render(value, "vpdq-json"))
        read = VPDQ.parse(reference.texts.vpdq_to_json(theirs)).parts
        assert [(p.value, p.quality) for p in read] == [(p.value, p.quality) for p in value.parts]
        assert [p.timestamp for p in theirs] == [p.time_s or 0.0 for p in value.parts]


def test_its_older_reader_reads_the_object_by_frame(
    reference: Reference, vectors: dict[str, Any]
) -> None:
    for known in vectors["clips"].values():
        value = VPDQ.parse("\n".join(known["vpdq_1s"]))
        frames = reference.texts.OLD_json_to_vpdq(VPDQ.render(value, "vpdq-json-frames"))
        for frame, part in zip(frames, value.parts, strict=True):
            words = "".join(f"{word:04x}" for word in reversed(frame.hash["w"]))
            assert (frame.frame_number, words) == (part.index, part.value.hex())
            assert (frame.quality, frame.timestamp) == (part.quality, part.time_s)
