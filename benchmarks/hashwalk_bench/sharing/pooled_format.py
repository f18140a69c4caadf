"""One format of several members: their counts added, and the rates these give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.measure.model import (
    Cost,
    Edited,
    Family,
    Interval,
    Measured,
    Point,
    Rate,
)
from hashwalk_bench.measure.targets import PUBLISHED, TARGETS
from hashwalk_bench.sharing.model import Count, SharedEdited, SharedFormat
from hashwalk_bench.sharing.spread import Spread
from hashwalk_bench.statistics.curves import auc, eer, roc
from hashwalk_bench.statistics.effective_trials import effective_interval
from hashwalk_bench.statistics.node_rates import METHOD
from hashwalk_bench.statistics.proportions import exact_rate, no_trials, unresolved
from hashwalk_bench.statistics.thresholds import chosen_bin
from hashwalk_bench.statistics.unrelated import effective_bits, moments

ALIKE = "as if all variants of one source went alike, the widest that is possible"
UNTOLD = "counts alone do not say how sure this is"

Counts = NDArray[np.int64]
_SCOPES = {None: "all", "choose": "choose", "report": "report"}


@dataclass(frozen=True, slots=True)
class _Aim:
    """A threshold by bin, and the half whose rates are told at it; None for all sources."""

    name: str
    target: float | None
    half: str | None
    bin: int | None
    interval: Interval | None = None
    note: str = ""


class PooledFormat:
    """The counts of one format, of all members that have it."""

    def __init__(self, members: Sequence[SharedFormat]) -> None:
        """Take what the members share of the same version of a format."""
        self._members = members
        self._first = members[0]
        self._grid = np.array(self._first.grid)

    def measured(self) -> Measured:
        """Return what the pooled counts say, without what they cannot."""
        first, aims = self._first, self._aims
        matching, trials = self._matching(None, self._edits)
        pairs = self._spreads["all"]
        histogram = self._pairs_by_bin("all")
        curve = roc(matching, histogram, float(trials or 1), pairs.trials or 1.0)
        told = bool(trials and pairs.trials)
        return Measured(
            format=first.format,
            version=first.version,
            medium=first.medium,
            bits=first.bits,
            unit=first.unit,
            grid=first.grid,
            published_threshold=first.published_threshold,
            references=sum(m.references for m in self._members),
            unusable_references=sum(m.unusable_references for m in self._members),
            unusable_reasons=dict(_added(m.unusable_reasons for m in self._members)),
            non_matching=_numbers(histogram),
            non_matching_pairs=int(pairs.trials),
            original_pairs=_numbers(_sum(m.original_counts for m in self._members)),
            mean_unrelated=float(moments(histogram, self._grid)[0]) if histogram.any() else None,
            equal=added_rate(m.equal for m in self._members),
            points=tuple(map(self._point, aims)),
            edited=tuple(self._edited(name) for name in self._edits),
            families=tuple(self._families()),
            auc=_plain(float(auc(curve)), trials) if told else no_trials(),
            eer=_plain(float(eer(curve)), trials) if told else no_trials(),
            effective_bits=self._effective_bits(),
            localised=(),
            cost=_cost([m.cost for m in self._members]),
        )

    @cached_property
    def _spreads(self) -> dict[str, Spread]:
        return {s: Spread.of([m.pairs[s] for m in self._members]) for s in _SCOPES.values()}

    @cached_property
    def _edits(self) -> dict[str, SharedEdited]:
        """The transforms in the members' order, each as some member has it."""
        return {e.transform: e for m in self._members for half in m.edited.values() for e in half}

    def _pairs_by_bin(self, scope: str) -> Counts:
        return _sum(m.pairs[scope].counts for m in self._members)

    def _matching(self, half: str | None, names: Iterable[str]) -> tuple[Counts, int]:
        """Return the variants of some transforms by bin, and how many there are."""
        wanted = {*names}
        chosen = [
            edited
            for member in self._members
            for name, several in member.edited.items()
            for edited in several
            if half in {None, name} and edited.transform in wanted
        ]
        counts = _sum([(0,) * len(self._grid), *(e.counts for e in chosen)])
        return counts, sum(e.trials for e in chosen)

    @cached_property
    def _aims(self) -> list[_Aim]:
        found = [self._chosen(target) for target in TARGETS]
        published = self._first.published_threshold
        if published is None:
            return found
        at = int(np.searchsorted(self._grid, published, "right")) - 1
        return [_Aim(PUBLISHED, None, None, at), *found]

    def _chosen(self, target: float) -> _Aim:
        name = f"fpr 1e-{round(-np.log10(target))}"
        spread = self._spreads["choose"]
        note = unresolved(target, int(spread.trials))
        at = -1 if note else chosen_bin(target, self._pairs_by_bin("choose"), int(spread.trials))
        if at < 0:
            note = note or f"more than {target:.0e} collide at the least distance already"
            return _Aim(name, target, "report", None, None, note)
        return _Aim(name, target, "report", at, self._woodruff("choose", target, at))

    def _woodruff(self, scope: str, target: float, at: int) -> Interval:
        """Return the thresholds whose rate's interval has the target (Woodruff 1952)."""
        rates = [self._collisions(scope, number).interval for number in range(len(self._grid))]
        low, high = (np.array([getattr(rate, end) for rate in rates]) for end in ("low", "high"))
        first = max(int(np.searchsorted(high, target, "right")) - 1, 0)
        last = max(int(np.searchsorted(low, target, "right")) - 1, at)
        ends = float(self._grid[min(first, at)]), float(self._grid[last])
        return Interval(low=ends[0], high=ends[1], method="thresholds whose rate may be the target")

    def _collisions(self, scope: str, at: int) -> Rate:
        spread = self._spreads[scope]
        if not spread.trials:
            return no_trials()
        hits = int(spread.reached[at])
        value = hits / spread.trials
        variance = float(spread.variances()[at])
        interval = effective_interval(value, variance, spread.sources, spread.trials, METHOD)
        return Rate(hits=hits, trials=int(spread.trials), value=value, interval=interval)

    def _point(self, aim: _Aim) -> Point:
        untold = no_trials(aim.note)
        return Point(
            name=aim.name,
            target=aim.target,
            threshold=None if aim.bin is None else float(self._grid[aim.bin]),
            threshold_interval=aim.interval,
            collisions=untold if aim.bin is None else self._collisions(_SCOPES[aim.half], aim.bin),
            recall=self._recall(aim, [*self._edits]),
            note=aim.note,
        )

    def _recall(self, aim: _Aim, names: Sequence[str]) -> Rate:
        """Return the mean recall of some transforms, each of equal weight."""
        if aim.bin is None:
            return no_trials(aim.note)
        told = [
            (int(counts[: aim.bin + 1].sum()), trials)
            for counts, trials in (self._matching(aim.half, [name]) for name in names)
            if trials
        ]
        if not told:
            return no_trials()
        if len(told) == 1:
            return exact_rate(*told[0])
        hits, trials = (sum(side) for side in zip(*told, strict=True))
        value = float(np.mean([hit / of for hit, of in told]))
        units = max(of for _, of in told)
        interval = effective_interval(value, value * (1 - value) / units, units, trials, ALIKE)
        return Rate(hits=hits, trials=trials, value=value, interval=interval)

    def _edited(self, name: str) -> Edited:
        counts, trials = self._matching(None, [name])
        known = self._edits[name]
        return Edited(
            transform=name,
            family=known.family,
            strength=known.strength,
            trials=trials,
            unusable=trials - int(counts.sum()),
            distances=_numbers(counts),
            mean_distance=float(moments(counts, self._grid)[0]) if counts.any() else None,
            recall={aim.name: self._recall(aim, [name]) for aim in self._aims},
        )

    def _families(self) -> Iterable[Family]:
        names: dict[str, list[str]] = {}
        for edited in self._edits.values():
            names.setdefault(edited.family, []).append(edited.transform)
        for family, members in names.items():
            recall = {aim.name: self._recall(aim, members) for aim in self._aims}
            yield Family(family=family, recall=recall)

    def _effective_bits(self) -> Rate:
        bits = self._first.bits
        counts = _sum(m.original_counts for m in self._members)
        if bits is None or len(self._grid) != bits + 1 or not counts.any():
            return no_trials("only told of formats that count differing bits")
        value = float(effective_bits(counts, bits))
        return _plain(value, int(counts.sum())) if np.isfinite(value) else no_trials()


def added_rate(several: Iterable[Count]) -> Rate:
    """Return the rate of events of all members; hidden where that of any is."""
    counts = [*several]
    trials = sum(count.trials for count in counts)
    hits = [count.hits for count in counts if count.hits is not None]
    if not trials:
        return no_trials()
    if len(hits) < len(counts):
        note = "a member has too few to share"
        return Rate(hits=sum(hits), trials=trials, value=None, interval=None, note=note)
    return Rate(hits=sum(hits), trials=trials, value=sum(hits) / trials, interval=None, note=UNTOLD)


def _plain(value: float, trials: int) -> Rate:
    return Rate(hits=0, trials=trials, value=value, interval=None, note=UNTOLD)


def _sum(lines: Iterable[Sequence[int]]) -> Counts:
    return np.asarray(np.sum([*lines], axis=0), np.int64)


def _numbers(counts: Counts) -> tuple[int, ...]:
    return tuple(counts.tolist())


def _added(several: Iterable[dict[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for cells in several:
        total.update(cells)
    return total


def _cost(costs: Sequence[Cost]) -> Cost:
    items = sum(cost.items for cost in costs)

    def mean(name: str) -> float | None:
        told = [(getattr(c, name), c.items) for c in costs if getattr(c, name) is not None]
        weight = sum(count for _, count in told)
        return sum(value * count for value, count in told) / weight if weight else None

    return Cost(
        items=items,
        milliseconds=mean("milliseconds"),
        decode_milliseconds=mean("decode_milliseconds"),
        times_real_time=mean("times_real_time"),
        bytes=mean("bytes") or 0.0,
    )
