"""Two measured runs: every rate that both have, and what only one has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hashwalk_bench.comparing.model import Asked, Change, Changes, OnlyIn
from hashwalk_bench.comparing.paired import Paired, same_sources
from hashwalk_bench.comparing.unpaired import difference
from hashwalk_bench.measure.measuring import read_measures
from hashwalk_bench.measure.model import Measured, Measures, Point
from hashwalk_bench.measure.targets import PUBLISHED
from hashwalk_bench.statistics.model import Rate
from hashwalk_bench.statistics.proportions import no_trials

SCHEMA = 1
OTHER_TRANSFORMS = "of other transforms in the one run than in the other"


@dataclass(frozen=True, slots=True)
class _Both:
    """One format in both runs; `paired` is None where their media are not the same."""

    before: Measured
    after: Measured
    paired: Paired | None


@dataclass(frozen=True, slots=True)
class _At:
    """A point in both runs."""

    both: _Both
    before: Point
    after: Point


def compare_runs(before: Path, after: Path) -> Changes:
    """Return what changed from the run in the folder `before` to that in `after`.

    Over the same media (by SHA-256) recall is compared source by source, and the interval of its
    change is of the sources; else, and for collisions, it is of two rates measured apart. Raises
    RunError for a folder without measures.
    """
    runs = (before, after)
    first, second = (read_measures(folder) for folder in runs)
    keys = [key for key in _formats(first) if key in _formats(second)]
    media = {medium: same_sources(runs, medium) for medium in dict.fromkeys(m for m, _ in keys)}
    found = [
        change
        for key in keys
        for change in _changes(_both(runs, (first, second), key, same=media[key[0]]))
    ]
    return Changes(
        schema=SCHEMA,
        before=first.made,
        after=second.made,
        paired=tuple(medium for medium, same in media.items() if same),
        compared=len(found),
        changes=tuple(sorted(filter(_is_told, found), key=_order)),
        only_before=_only(first, second),
        only_after=_only(second, first),
    )


def _formats(measures: Measures) -> dict[tuple[str, str], Measured]:
    return {(each.medium, each.format): each for each in measures.formats}


def _both(
    runs: tuple[Path, Path],
    measures: tuple[Measures, Measures],
    key: tuple[str, str],
    *,
    same: bool,
) -> _Both:
    medium, format_id = key
    before, after = (_formats(each)[key] for each in measures)
    return _Both(before, after, Paired.read(runs, format_id, medium) if same else None)


def _changes(both: _Both) -> Iterator[Change]:
    after = {point.name: point for point in both.after.points}
    for point in both.before.points:
        if point.name in after:
            at = _At(both, point, after[point.name])
            yield _collisions(at)
            yield _over_all(at)
            yield from _families(at)
            yield from _transforms(at)


def _collisions(at: _At) -> Change:
    rates = at.before.collisions, at.after.collisions
    return _change(at, Asked.COLLISIONS, rates, _apart(*rates))


def _over_all(at: _At) -> Change:
    names = _names(at.both.before), _names(at.both.after)
    return _recall(at, at.before.recall, at.after.recall, names)


def _families(at: _At) -> Iterator[Change]:
    after = {each.family: each.recall for each in at.both.after.families}
    for each in at.both.before.families:
        name, point = each.family, at.before.name
        if name in after:
            names = _names(at.both.before, name), _names(at.both.after, name)
            yield _recall(at, each.recall[point], after[name][point], names, family=name)


def _transforms(at: _At) -> Iterator[Change]:
    after = {each.transform: each.recall for each in at.both.after.edited}
    for each in at.both.before.edited:
        name, point = each.transform, at.before.name
        if name in after:
            rates = each.recall[point], after[name][point]
            yield _recall(at, *rates, ((name,), (name,)), family=each.family, transform=name)


def _recall(  # noqa: PLR0913
    at: _At,
    before: Rate,
    after: Rate,
    transforms: tuple[tuple[str, ...], tuple[str, ...]],
    *,
    family: str = "",
    transform: str = "",
) -> Change:
    """Return a change of recall, which other transforms than before make no comparison."""
    comparable = sorted(transforms[0]) == sorted(transforms[1])
    change = _apart(before, after) if comparable else no_trials(OTHER_TRANSFORMS)
    thresholds = at.before.threshold, at.after.threshold
    if comparable and at.both.paired and thresholds[0] is not None and thresholds[1] is not None:
        told = (thresholds[0], thresholds[1])
        change = at.both.paired.change(transforms[0], at.before.name, told)
    return _change(at, Asked.RECALL, (before, after), change, family=family, transform=transform)


def _apart(before: Rate, after: Rate) -> Rate:
    """Return the change of a rate that was measured apart in both runs."""
    if before.value is None or after.value is None:
        return no_trials(before.note or after.note)
    return Rate(
        hits=after.hits - before.hits,
        trials=after.trials,
        value=after.value - before.value,
        interval=difference(before, after),
    )


def _change(  # noqa: PLR0913
    at: _At,
    asked: Asked,
    rates: tuple[Rate, Rate],
    change: Rate,
    *,
    family: str = "",
    transform: str = "",
) -> Change:
    return Change(
        asked=asked,
        format=at.both.before.format,
        medium=at.both.before.medium,
        point=at.before.name,
        before=rates[0],
        after=rates[1],
        family=family,
        transform=transform,
        change=change.value,
        interval=change.interval,
        chosen_apart=_chosen_apart(at),
        note=change.note,
    )


def _chosen_apart(at: _At) -> bool:
    paired = at.both.paired
    return at.before.name != PUBLISHED and not (paired and paired.same_halves)


def _names(measured: Measured, family: str = "") -> tuple[str, ...]:
    return tuple(e.transform for e in measured.edited if not family or e.family == family)


def _is_told(change: Change) -> bool:
    """Leave out what is equal, and what neither run can tell."""
    return change.change != 0 and not (change.before.value is None and change.after.value is None)


def _order(change: Change) -> tuple[bool, float]:
    return change.asked is Asked.COLLISIONS, -abs(change.change or 0.0)


def _only(ours: Measures, theirs: Measures) -> OnlyIn:
    formats = [f"{medium}/{name}" for medium, name in _formats(ours)]
    others = {f"{medium}/{name}" for medium, name in _formats(theirs)}
    known = set(_transforms_of(theirs))
    return OnlyIn(
        formats=tuple(name for name in formats if name not in others),
        transforms=tuple(t for t in dict.fromkeys(_transforms_of(ours)) if t not in known),
    )


def _transforms_of(measures: Measures) -> Iterable[str]:
    return (edited.transform for each in measures.formats for edited in each.edited)
