"""Translates the records of a list into other formats, through a cross-walk.

A hash in one format cannot be computed from one in another. What a record's hash says is which
media it is of; the cross-walk has the hash of those media in the target format.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from hashwalk.crosswalk import Crosswalk
from hashwalk.format import Format, Hash, Kind, Shape
from hashwalk.hashlists.record import Method, Record, Status, Translation
from hashwalk.hashlists.values import hash_of
from hashwalk.registry import get_format
from hashwalk.translation.calibration import Card
from hashwalk.translation.media_search import MediaFound, MediaSearch
from hashwalk.translation.outcome import Fate, Outcome

_DECODED = {Kind.PICTURE, Kind.VIDEO}
_AT_ONCE = 8192
"""Records are looked up so many at a time, since each time the cross-walk is read."""
_BYTES_AT_ONCE = 64 << 20
"""Fewer of them where their values and those of the targets are longer together."""


def translate(
    records: Iterable[Record],
    crosswalk: Crosswalk,
    *,
    to: Sequence[str],
    max_distances: Mapping[str, float] | None = None,
    calibration: Card | None = None,
) -> Iterator[Outcome]:
    """Yield, for each record and each target format, what became of it, in order.

    A record of the target format is written anew; another is looked up in the cross-walk by
    its hash, then by the nearest within the format's published threshold or `max_distances`
    (by format id). Of several media at the best distance each gives a record, marked as
    ambiguous. Records that are no longer active keep their status, and those that cannot be
    translated are carried as they came, so that nobody goes on matching them.

    With a `calibration` card each near match says how probable it is that the media is the same;
    of several at the best distance each has an equal part of that.

    Memory holds the hashes of the source formats in the list, not the list. Raises
    UnknownFormatError for a target, UsageError for a distance under 0.
    """
    targets = [get_format(format_id) for format_id in dict.fromkeys(to)]
    search = MediaSearch(crosswalk, max_distances or {})
    for some in _batches(records, targets):
        yield from _Batch(some, targets, search, crosswalk, calibration).outcomes()


def _batches(records: Iterable[Record], targets: Sequence[Format]) -> Iterator[list[Record]]:
    expected = sum(target.spec.value_bytes or 0 for target in targets)
    some: list[Record] = []
    size = 0
    for record in records:
        some.append(record)
        size += expected + len(record.value or "")
        if len(some) == _AT_ONCE or size >= _BYTES_AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some


class _Batch:
    """Some records of a list, with the media that their hashes are of."""

    def __init__(
        self,
        records: Sequence[Record],
        targets: Sequence[Format],
        search: MediaSearch,
        crosswalk: Crosswalk,
        calibration: Card | None,
    ) -> None:
        self._calibration = calibration
        self._records = records
        self._targets = targets
        self._hashes = [hash_of(record) for record in records]
        self._found = _find(search, self._hashes, {t.spec.id for t in targets})
        self._held = _Held(crosswalk, self._found.values(), targets)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield the outcomes, by record and target."""
        for number, record in enumerate(self._records):
            for target in self._targets:
                yield self._outcome(record, self._hashes[number], self._found.get(number), target)

    def _outcome(
        self, record: Record, value: Hash | None, found: MediaFound | None, target: Format
    ) -> Outcome:
        name = target.spec.id
        if value is not None and value.format == name:
            how = Translation(Method.RE_ENCODED, name, 0.0)
            made = _rewritten(record, target, _Value.of(value, target), how)
            return Outcome(record, name, Fate.RE_ENCODED, (made,))
        outcome = self._looked_up(record, found, target)
        if outcome.records or record.status is Status.ACTIVE:
            return outcome
        carried = replace(record, translation=Translation(Method.CARRIED, record.algorithm))
        return Outcome(record, name, Fate.CARRIED, (carried,))

    def _how(self, record: Record, found: MediaFound) -> Translation:
        several = len(found.media) - 1
        return Translation(
            found.method,
            record.algorithm,
            found.distance,
            others=found.others + several,
            ambiguous=several > 0,
            probability=self._probability(record, found),
        )

    def _probability(self, record: Record, found: MediaFound) -> float | None:
        if self._calibration is None or found.method is not Method.NEAR:
            return None
        whole = self._calibration.probability(record.algorithm, found.distance, found.searched)
        return None if whole is None else whole / len(found.media)

    def _looked_up(self, record: Record, found: MediaFound | None, target: Format) -> Outcome:
        name = target.spec.id
        if found is None:
            return Outcome(record, name, Fate.UNMATCHED)
        values = {sha256: self._held.usable(sha256, target) for sha256 in found.media}
        how = self._how(record, found)
        records = tuple(
            _rewritten(record, target, value, replace(how, media_sha256=sha256))
            for sha256, value in values.items()
            if value is not None
        )
        if not records:
            reasons = tuple(self._held.reason(sha256, target) for sha256 in found.media)
            return Outcome(record, name, Fate.NO_TARGET, reasons=tuple(dict.fromkeys(reasons)))
        several = len(found.media) > 1
        return Outcome(record, name, Fate.AMBIGUOUS if several else Fate(found.method), records)


@dataclass(frozen=True, slots=True)
class _Value:
    """A hash as a record has it, and why it is not to be matched, if it is not."""

    text: str
    quality: int | None
    problem: str

    @classmethod
    def of(cls, value: Hash, target: Format) -> _Value:
        whole = target.spec.shape is Shape.WHOLE
        quality = value.quality if whole else None
        return cls(target.render(value), quality, target.below_floor(value))


class _Held:
    """What a cross-walk holds of some media in the target formats."""

    def __init__(
        self, crosswalk: Crosswalk, found: Iterable[MediaFound], targets: Sequence[Format]
    ) -> None:
        self._media = media = sorted({sha256 for each in found for sha256 in each.media})
        by_name = {target.spec.id: target for target in targets}
        pairs = crosswalk.lookup_many(media, list(by_name)) if media else ()
        self._values = {
            (sha256, value.format): _Value.of(value, by_name[value.format])
            for sha256, value in pairs
        }
        self._crosswalk = crosswalk

    def usable(self, sha256: str, target: Format) -> _Value | None:
        """Return the value of a media item, None if it has none that may be matched."""
        value = self._values.get((sha256, target.spec.id))
        return None if value is None or value.problem else value

    def reason(self, sha256: str, target: Format) -> str:
        """Return why a media item has no usable hash in the target format."""
        value = self._values.get((sha256, target.spec.id))
        if value is not None:
            return value.problem
        return self._failures.get((sha256, target.spec.id)) or self._absence(sha256, target)

    def _absence(self, sha256: str, target: Format) -> str:
        kind, wanted = self._types.get(sha256), target.spec.kind
        if kind in _DECODED and wanted in _DECODED and kind != wanted:
            return f"it is of a {wanted.value}, the media is a {kind}"
        return "not computed in this cross-walk"

    @cached_property
    def _types(self) -> dict[str, str]:
        return self._crosswalk.types_of(self._media)

    @cached_property
    def _failures(self) -> dict[tuple[str | None, str], str]:
        return {
            (failure.sha256, failure.format): f"{failure.code.value}: {failure.message}"
            for failure in self._crosswalk.failures_of(self._media)
        }


def _find(
    search: MediaSearch, values: Sequence[Hash | None], targets: set[str]
) -> dict[int, MediaFound]:
    """Return the media of each hash that is not of the only target, by its number."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, value in enumerate(values):
        if value is not None and targets != {value.format}:
            numbers[value.format].append(number)
    found: dict[int, MediaFound] = {}
    for format_id, several in numbers.items():
        hits = search.find(get_format(format_id), [value for n in several if (value := values[n])])
        found.update((n, hit) for n, hit in zip(several, hits, strict=True) if hit is not None)
    return found


def _rewritten(record: Record, target: Format, value: _Value, how: Translation) -> Record:
    """Return the record of `value` that keeps who gave what, its labels, status and feedback."""
    whole = target.spec.shape is Shape.WHOLE
    return Record(
        media_uid=record.media_uid,
        media_type=record.media_type,
        algorithm=target.spec.id,
        version=str(target.spec.version),
        encoding=target.spec.encodings[0].name if whole else None,
        value=value.text,
        quality=value.quality,
        source=record.source,
        member_id=record.member_id,
        entry_id=record.entry_id,
        status=record.status,
        labels=record.labels,
        feedback=record.feedback,
        created=record.created,
        updated=record.updated,
        translation=how,
    )
