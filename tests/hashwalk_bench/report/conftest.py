"""A run that never was: measures of simulated distances, as large as a test wants them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import permutations
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import beta

from hashwalk_bench.measure.model import (
    BestSet,
    Between,
    Corpus,
    Cost,
    Coverage,
    Edited,
    Equivalent,
    Family,
    Interval,
    Localised,
    Lookup,
    Measured,
    Measures,
    Moved,
    MovedRecall,
    Point,
    Rate,
)

TARGETS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
PICTURES = {
    "phash": (64, 10.0, 0.6),
    "pdq": (256, 31.0, 0.7),
    "dhash": (64, 10.0, 0.9),
    "ahash": (64, 10.0, 0.8),
    "crop-resistant": (64, 16.0, 0.4),
}
VIDEOS = {"vpdq": (256, 31.0, 0.6), "videohash": (64, None, 1.0)}
LADDERS = {
    "jpeg": ("recompress", "quality", (95, 50, 20), 0.05),
    "scale": ("scale", "factor", (2, 0.5, 0.25), 0.03),
    "crop": ("crop", "share", (0.02, 0.1, 0.25), 0.6),
    "border": ("border", "pixels", (10, 30), 0.7),
    "mirror": ("turn", "axis", ("x",), 1.0),
}
Counts = NDArray[np.int64]


@cache
def rate(hits: int, trials: int, note: str = "") -> Rate:
    """Return a rate with its exact interval; a note says that there is none."""
    if note or trials == 0:
        return Rate(hits=hits, trials=trials, value=None, interval=None, note=note or "no trials")
    if hits == 0:
        inside = Interval(low=0.0, high=1 - 0.05 ** (1 / trials), method="exact, one-sided")
    else:
        low = beta.ppf(0.025, hits, trials - hits + 1)
        high = beta.ppf(0.975, hits + 1, trials - hits) if hits < trials else 1.0
        inside = Interval(low=float(low), high=float(high), method="exact binomial")
    return Rate(hits=hits, trials=trials, value=hits / trials, interval=inside)


def score(value: float, width: float, trials: int = 100) -> Rate:
    """Return a statistic with an interval of that half width."""
    inside = Interval(low=value - width, high=value + width, method="bootstrap of sources")
    return Rate(hits=0, trials=trials, value=value, interval=inside)


def calls(ladders: int) -> list[tuple[str, str, float | None, float]]:
    """Return ids of calls, family, strength and how much harm they do, one in ten synthetic."""
    found: list[tuple[str, str, float | None, float]] = []
    for number in range(ladders):
        name, (family, parameter, steps, harm) = list(LADDERS.items())[number % len(LADDERS)]
        again = number // len(LADDERS)
        for place, step in enumerate(steps):
            strength = float(step) if isinstance(step, int | float) else None
            call = f"{name}{again or ''}({parameter}={step})"
            found.append((call, family, strength, harm * (place + 1) / len(steps)))
    return found


class Simulation:
    """Draws the distances of one format, and counts what a measurement counts."""

    def __init__(
        self, name: str, medium: str, facts: tuple[int, float | None, float], seed: int
    ) -> None:
        self.name, self.medium = name, medium
        self.bits, self.published, self.harm = facts
        self.random = np.random.default_rng(seed)

    def measured(self, sources: int, edits: list[tuple[str, str, float | None, float]]) -> Measured:
        """Return everything of the format."""
        pairs = sources * (sources - 1) * (len(edits) + 1)
        far = self.random.normal(0.49, 0.5 / np.sqrt(self.bits) * 1.6, pairs) * self.bits
        non_matching = self.counts(far)
        near = [self.near(harm, sources) for *_, harm in edits]
        matching = [self.counts(distances) for distances in near]
        points = [self.point("published", None, self.published, matching, non_matching, sources)]
        points += [self.targeted(each, matching, non_matching, sources) for each in TARGETS]
        edited = tuple(
            Edited(
                transform=call,
                family=family,
                strength=strength,
                trials=sources,
                unusable=1 if self.name == "pdq" else 0,
                distances=tuple(int(n) for n in counted),
                mean_distance=float(distances.mean()),
                recall={p.name: self.recall([counted], p.threshold, sources) for p in points},
            )
            for (call, family, strength, _), counted, distances in zip(
                edits, matching, near, strict=True
            )
        )
        families = []
        for family in dict.fromkeys(e.family for e in edited):
            own = [m for m, e in zip(matching, edited, strict=True) if e.family == family]
            told = {p.name: self.recall(own, p.threshold, sources) for p in points}
            families.append(Family(family=family, recall=told))
        return Measured(
            format=self.name,
            version=1,
            medium=self.medium,
            bits=self.bits,
            unit="bits",
            grid=tuple(float(n) for n in range(self.bits + 1)),
            published_threshold=self.published,
            references=sources,
            unusable_references=1 if self.name == "pdq" else 0,
            unusable_reasons={"quality below 50": 1} if self.name == "pdq" else {},
            non_matching=tuple(int(n) for n in non_matching),
            non_matching_pairs=pairs,
            original_pairs=tuple(int(n) for n in non_matching // (len(edits) + 1)),
            mean_unrelated=float(far.mean()),
            equal=rate(0, pairs),
            points=tuple(points),
            edited=edited,
            families=tuple(families),
            auc=score(0.93, 0.01),
            eer=score(0.08 * self.harm, 0.01),
            effective_bits=score(self.bits * 0.8, self.bits * 0.05),
            localised=self.localised(),
            cost=Cost(
                items=sources * len(edits),
                milliseconds=0.5 + self.bits / 50,
                decode_milliseconds=11.5,
                times_real_time=140.0 if self.medium == "video" else None,
                bytes=self.bits / 8,
            ),
        )

    def near(self, harm: float, sources: int) -> NDArray[np.float64]:
        """Return the distances of the variants of one transform from their originals."""
        spread = self.random.beta(2, 4, sources) * 2
        return np.clip(harm * self.harm * spread, 0, 0.52) * self.bits

    def counts(self, distances: NDArray[np.float64]) -> Counts:
        """Count distances by bin."""
        whole = np.clip(np.rint(distances), 0, self.bits).astype(np.int64)
        counted: Counts = np.bincount(whole, minlength=self.bits + 1)
        return counted

    def recall(self, matching: list[Counts], threshold: float | None, sources: int) -> Rate:
        """Return the share of variants at most as far as the threshold."""
        if threshold is None:
            return rate(0, sources, "there is no threshold")
        hits = sum(int(counted[: int(threshold) + 1].sum()) for counted in matching)
        return rate(hits, sources * len(matching))

    def targeted(
        self, target: float, matching: list[Counts], non_matching: Counts, sources: int
    ) -> Point:
        """Return the point of a target, without threshold where the pairs are too few."""
        pairs = int(non_matching.sum())
        within = np.flatnonzero(np.cumsum(non_matching) <= target * pairs)
        threshold = float(within[-1]) if len(within) and pairs * target >= 10 else None
        return self.point(f"fpr 1e{np.log10(target):.0f}", target, threshold, matching,
                          non_matching, sources)  # fmt: skip

    def point(  # noqa: PLR0917 - everything that a point is made of
        self,
        name: str,
        target: float | None,
        threshold: float | None,
        matching: list[Counts],
        non_matching: Counts,
        sources: int,
    ) -> Point:
        """Return the rates at a threshold."""
        pairs = int(non_matching.sum())
        note = "" if threshold is not None else f"not resolvable with {pairs:,} pairs"
        if threshold is None and target is None:
            note = "no threshold is published"
        hits = 0 if threshold is None else int(non_matching[: int(threshold) + 1].sum())
        return Point(
            name=name,
            target=target,
            threshold=threshold,
            threshold_interval=None
            if threshold is None or target is None
            else Interval(low=threshold - 1, high=threshold + 1, method="node bootstrap"),
            collisions=rate(hits, pairs, note),
            recall=rate(0, 1, note) if note else self.recall(matching, threshold, sources),
            note=note,
        )

    def localised(self) -> tuple[Localised, ...]:
        """Return how well clips are placed, of video formats that tell it."""
        if self.name != "vpdq":
            return ()
        found = rate(17, 20)
        return (
            Localised(
                transform="trim(share=0.2)", found=found, median_error_s=0.4, p90_error_s=1.6
            ),
        )


def between(medium: list[Measured], target: float) -> list[Between]:
    """Return formats against each other, as if they missed independently."""
    told = []
    name = f"fpr 1e{np.log10(target):.0f}"
    for a, b in permutations(medium, 2):
        one, two = (next(p.recall for p in m.points if p.name == name) for m in (a, b))
        if one.value is None or two.value is None:
            continue
        gain = (1 - one.value) * two.value * 0.4
        told.append(
            Between(
                a=a.format,
                b=b.format,
                target=target,
                recall_a=one,
                recall_b=two,
                b_finds_a_missed=rate(round(100 * two.value * 0.4), 100),
                union=score(one.value + gain, 0.02),
                union_gain=score(gain, 0.01),
                kappa=score(0.55, 0.05),
                shared_collisions=rate(3, 40),
            )
        )
    return told


@pytest.fixture(scope="session")
def simulate() -> Callable[..., Measures]:
    """Return :func:`simulated`: measures of a run that never was, as large as asked for."""
    return simulated


@pytest.fixture(scope="session")
def write_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Measures], Path]:
    """Write measures into a run's folder."""

    def write(measures: Measures) -> Path:
        folder = tmp_path_factory.mktemp("run")
        (folder / "measures.json").write_bytes(msgspec.json.encode(measures))
        return folder

    return write


def simulated(
    sources: int = 30,
    pictures: dict[str, tuple[int, float | None, float]] | None = None,
    videos: dict[str, tuple[int, float | None, float]] | None = None,
    ladders: int = 5,
    *,
    synthetic: bool = True,
) -> Measures:
    """Return a run's measures; every distance is drawn, nothing is a result of a real format."""
    edits = calls(ladders)
    pictures, videos = pictures or PICTURES, VIDEOS if videos is None else videos
    drawn = [("picture", *each) for each in pictures.items()]
    drawn += [("video", *each) for each in videos.items()]
    formats = tuple(
        Simulation(name, medium, facts, seed).measured(
            sources if medium == "picture" else max(sources // 2, 4), edits
        )
        for seed, (medium, name, facts) in enumerate(drawn)
    )
    media = [[f for f in formats if f.medium == medium] for medium in ("picture", "video")]
    return Measures(
        schema=1,
        made={
            "seed": 1,
            "suite": {"name": "simulated", "sha256": "0" * 64},
            "machine": {"cpus": 2, "system": "Linux"},
            "versions": {"hashwalk": "0.1.0", "numpy": "2.4"},
            "date": "2026-01-01",
        },
        corpus=Corpus(
            pictures=sources,
            videos=max(sources // 2, 4) if videos else 0,
            clusters=sources - 2,
            near_duplicates=(3,),
            synthetic=synthetic,
            licences={"CC0-1.0": sources},
            groups=3,
            video_seconds=95.0,
            picture_megapixels=31.5,
        ),
        transforms={call: f"what {call} does, in words" for call, *_ in edits},
        formats=formats,
        between=tuple(row for medium in media for row in between(medium, 1e-2)),
        equivalents=tuple(
            Equivalent(
                a=a.format,
                b=b.format,
                threshold_a=a.published_threshold,
                threshold_b=20.0,
                interval=Interval(low=18.0, high=22.0, method="node bootstrap"),
            )
            for medium in media
            for a, b in permutations(medium, 2)
            if a.published_threshold is not None
        ),
        best_sets=tuple(
            BestSet(
                medium="picture",
                target=1e-2,
                formats=tuple(list(pictures)[: count + 1]),
                recall=score(0.8 + count / 20, 0.02),
                collisions=rate(9 + count, 1000),
            )
            for count in range(min(3, len(pictures)))
        ),
        lookups=tuple(
            Lookup(
                format=f.format,
                medium=f.medium,
                point=p.name,
                size=size,
                value=None
                if not p.collisions.hits
                else 1 - (1 - (p.collisions.value or 0)) ** size,
                low=1 - (1 - p.collisions.interval.low) ** size,
                high=1 - (1 - p.collisions.interval.high) ** size,
            )
            for f in formats
            for p in f.points
            if p.collisions.interval is not None
            for size in (10_000, 1_000_000, 100_000_000)
        ),
        coverage=tuple(
            Coverage(
                format=f.format,
                medium=f.medium,
                references=f.references,
                usable=f.references - f.unusable_references,
                reasons=f.unusable_reasons,
            )
            for f in formats
        ),
        moved=tuple(
            Moved(
                a=a.format,
                b=b.format,
                transform=e.transform,
                family=e.family,
                list_size=sources,
                right=rate(sources - 4, sources),
                wrong=rate(1, sources),
                ambiguous=rate(0, sources),
                none=rate(3, sources),
                no_target=rate(0, sources),
            )
            for medium in media
            for a, b in permutations(medium, 2)
            for e in a.edited
        ),
        moved_recall=tuple(
            MovedRecall(
                a=a.format,
                b=b.format,
                before=rate(70, 100),
                after=rate(74 if a.bits == 64 else 61, 100),
                change=score(0.04 if a.bits == 64 else -0.09, 0.03),
            )
            for medium in media
            for a, b in permutations(medium, 2)
        ),
    )
