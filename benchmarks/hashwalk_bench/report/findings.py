"""The findings: plain sentences, each made from the numbers of this run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hashwalk.cli.console import counted
from hashwalk_bench.measure.model import Corpus, Measured, Measures
from hashwalk_bench.report import words
from hashwalk_bench.report.found import edit_rate, family_names, family_rate, ordered_calls
from hashwalk_bench.report.scope import MEDIA, Scope, point_of
from hashwalk_bench.report.together import pairing
from hashwalk_bench.report.words import PUBLISHED
from hashwalk_bench.statistics.model import Rate
from hashwalk_bench.statistics.proportions import trials_needed

_NAMED = 4
"""So many names are in a sentence at most."""
EASY, HARD = 0.95, 0.5
_LACK = ("lacks", "lack")
_QUARTER = 4
_NOTHING = (
    "there are no hashes of any format here, so that nothing is told of recall or confusion.",
    (
        "members shared too few sources for any recall, since the smallest cells are hidden. Each "
        "member's own report has them."
    ),
)
"""Why a run, and what members share, may have no format at all."""
_SOME_PAIRS = 40
"""With fewer pairs there is no rate to speak of."""
FEW = 100
"""A corpus of fewer pictures, or fewer videos, is a small one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, under a question in a few words."""

    question: str
    sentence: str


def findings(scope: Scope, measures: Measures) -> list[Finding]:
    """Return the findings of one medium in the order of the questions people ask."""
    told = [
        ("What finds most", _most(scope)),
        ("What is found", _no_recall(scope, measures)),
        ("After which edit", " ".join(_edits(scope, measures.transforms))),
        ("What is confused", " ".join(_confused(scope))),
        ("What a second format adds", _second(scope, measures)),
        ("What a list loses by moving", _moving(scope, measures)),
        ("What has no hash", _without(scope)),
        ("What this run cannot tell", _untold(scope)),
    ]
    return [Finding(question, sentence) for question, sentence in told if sentence]


def warnings(measures: Measures) -> list[Finding]:
    """Return what must be said before any number."""
    corpus = measures.corpus
    told = []
    if measures.limits:
        said = f"{measures.limits[0]} The limits, below, say what else the figures leave out."
        told.append(Finding("Read the limits", said))
    if not measures.formats:
        told.append(Finding("No figures", _NOTHING["pooled_members" in measures.made]))
    few = [f"{count} {things}" for count, things in _counts(corpus) if 0 < count < FEW]
    if corpus.synthetic:
        said = (
            "its media were drawn by a program. The figures show how to read this report and that "
            "the program works. Choose no format by them."
        )
        told.append(Finding("Synthetic corpus", said))
    elif few:
        said = f"{words.listed(few)} order formats roughly. Read the intervals, not the figures."
        told.append(Finding("Small corpus", said))
    return told


def overlaps(a: Rate, b: Rate) -> bool:
    """Tell whether the intervals of two rates overlap; unknown ones do."""
    if a.interval is None or b.interval is None:
        return True
    return a.interval.low <= b.interval.high and b.interval.low <= a.interval.high


def pairs_words(target: float, pairs: int, references: int) -> str:
    """Return how many pairs, and about how many originals, would resolve a rate."""
    needed = trials_needed(target)
    originals = math.ceil(references * math.sqrt(needed / pairs)) if pairs else 0
    digits = 10 ** max(len(str(originals)) - 2, 0)
    rounded = math.ceil(originals / digits) * digits
    about = f", about {rounded:,} originals in all" if originals else ""
    return f"{needed:,.0f} pairs{about}"


def _counts(corpus: Corpus) -> Iterator[tuple[int, str]]:
    """Yield how many pictures and videos there are, under their names."""
    for medium, count in (("picture", corpus.pictures), ("video", corpus.videos)):
        yield count, MEDIA[medium][count != 1]


def _most(scope: Scope) -> str:
    told = [m for m in scope.formats if scope.found(m).value is not None]
    if not told:
        return ""
    first, *rest = told
    at = f"At {words.point_words(scope.fair)}"
    if scope.target is None:
        at = "At their published thresholds, at which formats do not confuse equally much"
    if not scope.found(first).value:
        return f"{at}, no format finds any of the edited copies of {scope.things}."
    finds = "finds most:" if rest else "finds"
    said = (
        f"{at}, {first.format} {finds} {words.said_share(scope.found(first))} of the edited copies "
        f"of {scope.things}."
    )
    level = [m.format for m in rest if overlaps(scope.found(first), scope.found(m))]
    if level:
        return f"{said} This run does not tell it apart from {_some(level)}."
    if rest:
        return f"{said} Next is {rest[0].format} with {words.said_share(scope.found(rest[0]))}."
    return said


def _no_recall(scope: Scope, measures: Measures) -> str:
    """Return why no recall is told, where none is."""
    if any(m.edited for m in scope.formats):
        return ""
    if "pooled_members" in measures.made:
        return (
            f"No recall is told: members shared too few sources of {scope.things} for any, since "
            "the smallest cells are hidden. Each member's own report has them."
        )
    return f"No recall is told: this run has no edited copies of {scope.things}."


def _edits(scope: Scope, said: dict[str, str]) -> Iterator[str]:
    """Yield the families that are easy, and the single edits that are hard, the hardest first."""
    families = [(name, _best(scope, name, family_rate)) for name in family_names(scope)]
    easy = [name for name, found in families if found and (found[1].value or 0) >= EASY]
    if easy:
        yield f"At least one format finds {words.percent(EASY)} or more after {words.listed(easy)}."
    calls = [call.transform for call in ordered_calls(scope)]
    edits = [(said.get(c) or c, found) for c in calls if (found := _best(scope, c, edit_rate))]
    lost = [name for name, (_, rate) in edits if not rate.value]
    if lost:
        yield f"No format finds any copy after {_some(lost)}."
    hard = [
        f"{name} ({measured.format} finds most, {words.percent(rate.value or 0)})"
        for name, (measured, rate) in sorted(edits, key=lambda each: each[1][1].value or 0)
        if rate.value and rate.value < HARD
    ]
    if hard:
        yield f"No format finds half after {_some(hard)}."


def _best(
    scope: Scope, name: str, rate_of: Callable[[Measured, str, str], Rate]
) -> tuple[Measured, Rate] | None:
    told = [(m, rate_of(m, name, scope.fair)) for m in scope.formats]
    known = [(m, rate) for m, rate in told if rate.value is not None]
    return max(known, key=lambda each: each[1].value or 0, default=None)


def _some(names: list[str]) -> str:
    """Return the first names as a list, and how many more there are, or the one more."""
    if len(names) <= _NAMED + 1:
        return words.listed(names)
    return words.listed([*names[:_NAMED], f"{len(names) - _NAMED} more"])


def _confused(scope: Scope) -> Iterator[str]:
    told = [(m, point_of(m, PUBLISHED)) for m in scope.formats]
    rates = [(m, p.collisions) for m, p in told if p and p.threshold is not None]
    known = sorted((r.value, m.format, r) for m, r in rates if r.value is not None)
    seen = [(name, rate) for value, name, rate in known if value]
    if seen:
        name, rate = seen[-1]
        yield (
            f"At published thresholds, {name} confuses most: of unrelated {scope.things}, "
            f"{words.said_collisions(rate)} match."
        )
    clean = [(name, rate) for value, name, rate in known if not value and rate.interval]
    if clean:
        high = max(rate.interval.high for _, rate in clean if rate.interval)
        yield (
            f"{words.listed([name for name, _ in clean])} confused no pair, which says no more "
            f"than a rate of at most {words.one_in(high)}."
        )


def _second(scope: Scope, measures: Measures) -> str:
    paired = pairing(scope, measures)
    if paired is None or (best := paired.best(scope.ids[0])) is None:
        return ""
    gain = best.union_gain
    if gain.interval and gain.interval.low <= 0:
        return (
            f"Beside {best.a}, no second format adds a gain that this run tells from none at "
            f"{words.target_words(paired.target)} in all; {best.b} comes nearest."
        )
    return (
        f"Beside {best.a}, {best.b} adds most: {_points(gain)} of recall at "
        f"{words.target_words(paired.target)} in all; it finds "
        f"{words.said_share(best.b_finds_a_missed)} of what {best.a} misses."
    )


def _points(rate: Rate) -> str:
    value = 100 * (rate.value or 0)
    inside = rate.interval
    told = f" ({100 * inside.low:.1f} to {100 * inside.high:.1f})" if inside else ""
    return f"{value:.1f} points{told}".replace("-", "−")


def _points_lost(rate: Rate) -> str:
    """Return a change that is a loss without its sign: 14.6 points (7.4 to 21.8)."""
    inside = rate.interval
    told = f" ({-100 * inside.high:.1f} to {-100 * inside.low:.1f})" if inside else ""
    return f"{-100 * (rate.value or 0):.1f} points{told}"


def _moving(scope: Scope, measures: Measures) -> str:
    own = [e for e in measures.moved_recall if e.a in scope.ids and e.change.value is not None]
    if not own:
        return ""
    worst = min(own, key=lambda each: each.change.value or 0)
    best = max(own, key=lambda each: each.change.value or 0)
    loss = (
        f"A list of edited copies loses most from {worst.a} to {worst.b}: "
        f"{_points_lost(worst.change)} of recall."
    )
    subject = "It" if _told(worst.change, -1) else "A list of edited copies"
    gain = f"{subject} gains most from {best.a} to {best.b}: {_points(best.change)} of recall."
    told = [loss] * _told(worst.change, -1) + [gain] * _told(best.change, 1)
    return " ".join(told) or (
        f"This run tells no loss or gain of recall from none where a list of edited {scope.things} "
        "moves through the cross-walk."
    )


def _told(change: Rate, sign: int) -> bool:
    """Tell whether the whole interval of a change has the sign."""
    inside = change.interval
    return inside is not None and min(sign * inside.low, sign * inside.high) > 0


def _without(scope: Scope) -> str:
    lacking = sorted(
        ((m.unusable_references, m) for m in scope.formats if m.unusable_references),
        key=lambda each: -each[0],
    )
    if not lacking:
        return ""
    count, worst = lacking[0]
    more = [measured.format for _, measured in lacking[1:]]
    others = f"; {words.listed(more)} {_LACK[len(more) > 1]} some too" if more else ""
    reasons = words.listed([f"{why} ({n:,})" for why, n in worst.unusable_reasons.items()])
    because = f" because of {reasons}" if reasons else ""
    return (
        f"{worst.format} has no usable hash of {count:,} of {worst.references:,} originals"
        f"{because}{others}."
    )


def _untold(scope: Scope) -> str:
    points = [p for m in scope.formats for p in m.points if p.target is not None]
    known = {p.target for p in points if p.threshold is not None}
    targets = sorted({p.target or 0 for p in points if p.target not in known}, reverse=True)
    if not targets:
        return ""
    pairs = max(m.non_matching_pairs for m in scope.formats)
    references = max(m.references for m in scope.formats)
    needs = "; ".join(
        f"{words.one_in(target)} needs {pairs_words(target, pairs // _QUARTER, references)}"
        for target in dict.fromkeys((targets[0], targets[-1]))
    )
    if pairs < _SOME_PAIRS:
        few = counted(pairs, "unrelated pair") if pairs else "no unrelated pairs"
        return f"With {few} this run tells no rate of false alarms: in a half, {needs}."
    fewer = " and fewer" if len(targets) > 1 else ""
    return (
        f"False alarms of {words.one_in(targets[0])} pairs{fewer} are not resolvable with "
        f"{pairs:,} unrelated pairs, a quarter of them in the half that tests a threshold: in a "
        f"half, {needs}."
    )
