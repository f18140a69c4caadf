"""What a conversion could not carry, by field and count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from hashwalk.hashlists.container import ContainerWriter
from hashwalk.hashlists.record import FIELDS, Record, Status


def never(_record: Record) -> bool:
    """Tell of no record that it is revoked."""
    return False


@dataclass(slots=True)
class Loss:
    """The loss report of one conversion: counts alone, never a value.

    `written` counts records, `fields` the records that lost a field (by its name, or by a name
    and what of it was lost), `left_out` the records that could not be written at all, by reason.
    """

    written: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    _uncarried: tuple[str, ...] = field(default=(), init=False, repr=False, compare=False)

    def carried_by(
        self,
        writer: ContainerWriter,
        records: Iterable[Record],
        is_revoked: Callable[[Record], bool] = never,
    ) -> Iterator[Record]:
        """Yield the records that `writer` can say, and count the rest and the fields lost.

        Those that `is_revoked` tells are left out: another record takes them back, and nobody may
        match them.
        """
        self._uncarried = tuple(name for name in FIELDS if name not in writer.carries)
        for record in records:
            reason = _refusal(writer, record)
            if not reason and is_revoked(record):
                reason = "taken back elsewhere in the list"
            if reason:
                self.left_out[reason] += 1
                continue
            self.fields.update(self._lost_of(record))
            self.written += 1
            yield record

    def leave_out(self, record: Record, reason: str) -> None:
        """Count a record that `carried_by` handed on but that its writer cannot say after all.

        It lost no field then: it is lost as a whole.
        """
        self.fields -= Counter(self._lost_of(record))
        self.written -= 1
        self.left_out[reason] += 1

    def _lost_of(self, record: Record) -> Iterator[str]:
        return (name for name in self._uncarried if _is_held(record, name))


def _refusal(writer: ContainerWriter, record: Record) -> str:
    """Return why `writer` cannot say a record, nothing if it can."""
    if record.status not in writer.statuses:
        return f"status {record.status.value}: {writer.name} cannot say it"
    if writer.algorithms is not None and record.algorithm not in writer.algorithms:
        return f"algorithm {record.algorithm}: {writer.name} has no name for it"
    if record.value is None and writer.needs_value:
        return f"no value: {writer.name} names what is {record.status.value} by its hash"
    return ""


def _is_held(record: Record, name: str) -> bool:
    held = getattr(record, name)
    return held is not None and held != () and held is not Status.ACTIVE
