"""Translates a list file: the translated list, its reports, and what is left to re-hash."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hashwalk.crosswalk import Crosswalk
from hashwalk.errors import UsageError
from hashwalk.hashlists import Loss, Record, Revoked, Status, write_list
from hashwalk.hashlists.containers import OWN, writer_named
from hashwalk.hashlists.converting import beside, check_output, records_of, write_loss
from hashwalk.hashlists.json_lines import line_of
from hashwalk.hashlists.loss import never
from hashwalk.hashlists.reading import read_items
from hashwalk.hashlists.side_file import SideFile
from hashwalk.registry import get_format
from hashwalk.translation.calibration import Card
from hashwalk.translation.outcome import Fate, Outcome
from hashwalk.translation.summary import TranslationSummary
from hashwalk.translation.translating import translate

TRANSLATED = (Fate.RE_ENCODED, Fate.EXACT, Fate.NEAR, Fate.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class TranslatedList:
    """What a translation did; `unmatched` and `rejects` count the records in those files."""

    summary: TranslationSummary
    loss: Loss
    unmatched: int
    rejects: int


def translate_list(  # noqa: PLR0913 - each is an option
    source: str | os.PathLike[str],
    crosswalk: Crosswalk,
    out: str | os.PathLike[str],
    *,
    to: Sequence[str],
    written_as: str,
    read_as: str | None = None,
    algorithm: str | None = None,
    max_distances: Mapping[str, float] | None = None,
    only: Collection[Fate] = TRANSLATED,
    calibration: Card | None = None,
) -> TranslatedList:
    """Write the translation of the list `source` to `out`, in the container `written_as`.

    Of the records that were translated, those whose fate is in `only` are written, ambiguous ones
    if how they were found is in it, too; what is no longer active is always handed on. Beside
    `out` are written ``OUT.loss.json``, what its container could not carry;
    ``OUT.unmatched.jsonl``, the active records that someone who holds the media has to re-hash,
    without those that the list takes back elsewhere; and ``OUT.rejects.jsonl``, what could not be
    read; the latter two if there are any. All have mode 0600. Raises as translate, read_list and
    write_list do.
    """
    check_output(Path(source), Path(out))
    _check_targets(written_as, to)
    if algorithm is not None:
        get_format(algorithm)
    summary = TranslationSummary()
    taken_back = _TakenBack(Revoked(read_items(source, container=read_as, algorithm=algorithm)))
    items = read_items(source, container=read_as, algorithm=algorithm)
    with (
        SideFile(beside(out, "rejects.jsonl")) as rejects,
        SideFile(beside(out, "unmatched.jsonl")) as unmatched,
    ):
        records = records_of(items, rejects)
        outcomes = summary.counted(
            translate(
                records, crosswalk, to=to, max_distances=max_distances, calibration=calibration
            )
        )
        followed = taken_back.followed(outcomes)
        kept = _handed_on(_without_unmatched(followed, unmatched, taken_back.has), {*only})
        is_revoked = never if written_as in OWN else taken_back.has
        loss = write_list(kept, out, written_as, is_revoked=is_revoked)
    write_loss(loss, beside(out, "loss.json"))
    return TranslatedList(summary, loss, unmatched.lines, rejects.lines)


class _TakenBack:
    """What a list takes back elsewhere, of the outcomes and their records as they come.

    A translated record does not have the hash that the list takes back: its source has.
    """

    def __init__(self, revoked: Revoked) -> None:
        self._revoked = revoked
        self._is_revoked = False

    def followed(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        for outcome in outcomes:
            self._is_revoked = self._revoked.has(outcome.record)
            yield outcome

    def has(self, _record: Record) -> bool:
        """Tell of a record of the latest outcome."""
        return self._is_revoked


def _check_targets(written_as: str, to: Sequence[str]) -> None:
    """Raise UsageError when a container can hold hashes of none of the target formats."""
    named = writer_named(written_as).algorithms
    if named is not None and not named.keys() & set(to):
        raise UsageError(
            f"{written_as} lists hold {', '.join(sorted(named))}, none of {', '.join(to)}: "
            "choose another container"
        )


def _handed_on(outcomes: Iterable[Outcome], only: Collection[Fate]) -> Iterator[Record]:
    """Yield the records of wanted fates, and each that is carried once for all targets."""
    carried: Record | None = None
    for outcome in outcomes:
        if outcome.fate is Fate.CARRIED:
            if outcome.record is not carried:
                yield from outcome.records
            carried = outcome.record
        elif _is_wanted(outcome, only) or outcome.record.status is not Status.ACTIVE:
            yield from outcome.records


def _is_wanted(outcome: Outcome, only: Collection[Fate]) -> bool:
    if outcome.fate is not Fate.AMBIGUOUS:
        return outcome.fate in only
    methods = {record.translation.method for record in outcome.records if record.translation}
    return Fate.AMBIGUOUS in only and all(Fate(method) in only for method in methods)


def _without_unmatched(
    outcomes: Iterable[Outcome], unmatched: SideFile, is_revoked: Callable[[Record], bool]
) -> Iterator[Outcome]:
    """Yield the outcomes, and write each unmatched record once for all targets."""
    last: Record | None = None
    for outcome in outcomes:
        record = outcome.record
        if outcome.fate is Fate.UNMATCHED and record is not last and not is_revoked(record):
            unmatched.write(line_of(record))
            last = record
        yield outcome
