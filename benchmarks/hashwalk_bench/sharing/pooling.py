"""Pools what members share into measures, as of one run whose pairs lie within members."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from hashwalk_bench.between.lookups import lookups
from hashwalk_bench.measure.model import (
    Between,
    Corpus,
    Coverage,
    Measured,
    Measures,
    Moved,
    Rate,
)
from hashwalk_bench.sharing.model import Shared, SharedBetween, SharedFormat, SharedMoved
from hashwalk_bench.sharing.pooled_format import PooledFormat, added_rate
from hashwalk_bench.statistics.proportions import exact_rate, no_trials

SCHEMA = 1
_BETWEEN = ("recall_a", "recall_b", "b_finds_a_missed", "union", "shared_collisions")
_MOVED = ("right", "wrong", "ambiguous", "none", "no_target")


def pooled(members: Sequence[Shared]) -> Measures:
    """Return what the counts of all members say together; what they cannot say is in `limits`.

    The members' formats must be alike, as reading.check_alike tells.
    """
    formats: defaultdict[tuple[str, str], list[SharedFormat]] = defaultdict(list)
    for member in members:
        for each in member.formats:
            formats[each.medium, each.format].append(each)
    measured = [PooledFormat(several).measured() for several in formats.values()]
    words = {name: text for member in members for name, text in member.transforms.items()}
    return Measures(
        schema=SCHEMA,
        made=_made(members),
        corpus=_corpus([member.corpus for member in members]),
        transforms=words,
        formats=tuple(measured),
        between=tuple(_betweens(row for member in members for row in member.between)),
        lookups=tuple(lookups(measured)),
        coverage=tuple(map(_coverage, measured)),
        moved=tuple(_moves(row for member in members for row in member.moved)),
        limits=tuple(_limits(members, formats.values())),
    )


def _made(members: Sequence[Shared]) -> dict[str, object]:
    return {
        "pooled_members": len(members),
        "hashwalk": ", ".join(sorted({member.hashwalk for member in members})),
        "suite": ", ".join(sorted({member.suite for member in members})),
    }


def _corpus(several: Sequence[Corpus]) -> Corpus:
    licences: Counter[str] = Counter()
    for corpus in several:
        licences.update(corpus.licences)
    return Corpus(
        pictures=sum(c.pictures for c in several),
        videos=sum(c.videos for c in several),
        clusters=sum(c.clusters for c in several),
        near_duplicates=tuple(size for c in several for size in c.near_duplicates),
        synthetic=any(c.synthetic for c in several),
        licences=dict(licences),
        groups=sum(c.groups for c in several),
        video_seconds=sum(c.video_seconds for c in several),
        picture_megapixels=sum(c.picture_megapixels for c in several),
        left_out=sum(c.left_out for c in several),
    )


def _coverage(measured: Measured) -> Coverage:
    return Coverage(
        format=measured.format,
        medium=measured.medium,
        references=measured.references,
        usable=measured.references - measured.unusable_references,
        reasons=measured.unusable_reasons,
    )


def _betweens(rows: Iterable[SharedBetween]) -> Iterator[Between]:
    """Yield each pair of formats: members' counts at their own thresholds, added."""
    found: defaultdict[tuple[str, str, float], list[SharedBetween]] = defaultdict(list)
    for row in rows:
        found[row.a, row.b, row.target].append(row)
    for (a, b, target), several in found.items():
        rates = {name: added_rate(getattr(r, name) for r in several) for name in _BETWEEN}
        yield Between(
            a=a,
            b=b,
            target=target,
            **rates,
            union_gain=_gain(rates["union"], rates["recall_a"]),
            kappa=_kappa(several),
        )


def _gain(union: Rate, alone: Rate) -> Rate:
    if union.value is None or alone.value is None:
        return no_trials("a member has too few to share")
    return Rate(
        hits=union.hits - alone.hits,
        trials=union.trials,
        value=union.value - alone.value,
        interval=None,
        note=union.note,
    )


def _kappa(several: Sequence[SharedBetween]) -> Rate:
    told = [(r.kappa, r.recall_a.trials) for r in several if r.kappa is not None]
    trials = sum(count for _, count in told)
    if not trials:
        return no_trials()
    value = sum(kappa * count for kappa, count in told) / trials
    note = "the mean of the members'"
    return Rate(hits=0, trials=trials, value=value, interval=None, note=note)


def _moves(rows: Iterable[SharedMoved]) -> Iterator[Moved]:
    found: defaultdict[tuple[str, str, str], list[SharedMoved]] = defaultdict(list)
    for row in rows:
        found[row.a, row.b, row.transform].append(row)
    for (a, b, transform), several in found.items():
        rates = {name: _exact(added_rate(getattr(r, name) for r in several)) for name in _MOVED}
        size = sum(row.list_size for row in several)
        family = several[0].family
        yield Moved(a=a, b=b, transform=transform, family=family, list_size=size, **rates)


def _exact(rate: Rate) -> Rate:
    return rate if rate.value is None else exact_rate(rate.hits, rate.trials)


def _limits(members: Sequence[Shared], formats: Iterable[Sequence[SharedFormat]]) -> Iterator[str]:
    smallest = max(member.smallest for member in members)
    yield (
        f"This report pools the counts of {len(members)} members. A file that two of them hold "
        "counts twice, and near-duplicates are known within a member alone."
    )
    yield from _unseen(formats)
    if smallest > 1:
        yield (
            f"Members share no count between 1 and {smallest - 1}: each count within a distance "
            "is off by less than twice that a member, copies farther rather than nearer, "
            "collisions more rather than fewer. "
            f"Fewer than {smallest} originals without a usable hash are told as none. "
            f"{sum(member.left_out for member in members):,} rows were too small to share."
        )
    yield (
        "Best sets, equivalent thresholds, localisation and what a moved list finds need pairs of "
        "hashes, which are not shared; each member's own report has them."
    )


def _unseen(formats: Iterable[Sequence[SharedFormat]]) -> Iterator[str]:
    """Yield which pairs nobody compared, those of two members: a sentence for all formats alike."""
    alike: defaultdict[tuple[str, int, int], list[str]] = defaultdict(list)
    for several in formats:
        alike[several[0].medium, _across(several), _within(several)].append(several[0].format)
    for (medium, across, seen), names in alike.items():
        if across:
            yield (
                f"{', '.join(names)}: {across:,} pairs of one member's original {medium} and "
                f"another's item were never compared, beside {seen:,} within members: collisions "
                "there are not in any rate."
            )


def _within(several: Sequence[SharedFormat]) -> int:
    return sum(each.pairs["all"].trials for each in several)


def _across(several: Sequence[SharedFormat]) -> int:
    references, queries = (sum(getattr(e, n) for e in several) for n in ("references", "queries"))
    return int(references * queries - sum(e.references * e.queries for e in several))
