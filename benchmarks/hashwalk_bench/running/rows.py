"""What items gave, as rows of a run's tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hashwalk.crosswalk.rows import storable
from hashwalk.errors import FailureCode
from hashwalk.results import ALL_FORMATS, HashedFile
from hashwalk_bench.corpus import Source
from hashwalk_bench.run.tables import ORIGINAL, Table
from hashwalk_bench.running.plan import Entry
from hashwalk_bench.transforms.contract import Span

Row = tuple[Any, ...]
_NO_SPAN = (None, None, None, None)


@dataclass(slots=True)
class Rows:
    """The rows of some items, by table; picklable."""

    items: list[Row] = field(default_factory=list)
    hashes: list[Row] = field(default_factory=list)
    failures: list[Row] = field(default_factory=list)

    def add(
        self, source: Source, entry: Entry, hashed: HashedFile, span: Span | None = None
    ) -> None:
        """Take what hashing an item gave."""
        media = hashed.media
        self._add_item(
            source,
            entry,
            (None,) * 5
            if media is None
            else (media.sha256, media.size, media.width, media.height, media.duration_s),
            span,
        )
        self.hashes += [
            (value.format, entry.item, number, part.value, part.quality, part.time_s)
            for value in hashed.hashes
            for number, part in enumerate(value.parts)
        ]
        for failure in hashed.failures:
            self._add_failure(entry, failure.format, failure.code, failure.message)

    def add_failed(self, source: Source, entry: Entry, code: FailureCode, message: str) -> None:
        """Take an item that could not be made, or not be hashed at all."""
        self._add_item(source, entry, (None,) * 5, None)
        self._add_failure(entry, ALL_FORMATS, code, message)

    def extend(self, more: Rows) -> None:
        """Take the rows of other items."""
        self.items += more.items
        self.hashes += more.hashes
        self.failures += more.failures

    def by_table(self) -> dict[Table, list[Row]]:
        """Return the rows by the table they belong to."""
        return {
            Table.ITEMS: self.items,
            Table.HASHES: self.hashes,
            Table.FAILURES: self.failures,
        }

    def failed_items(self) -> set[int]:
        """Return the numbers of the items of which something failed."""
        return {item for item, *_ in self.failures}

    def ran_short(self) -> bool:
        """Tell whether memory ran out for some item."""
        return any(code == FailureCode.OUT_OF_MEMORY for _, _, code, _ in self.failures)

    def _add_item(self, source: Source, entry: Entry, facts: Row, span: Span | None) -> None:
        call = entry.call
        named = (ORIGINAL, "", None) if call is None else (call.id, call.family, call.strength)
        times: Row = _NO_SPAN
        if span is not None:
            times = (
                span.source_start_s,
                span.source_end_s,
                span.variant_start_s,
                span.variant_end_s,
            )
        self.items.append((entry.item, source.number, *named, *facts, *times))

    def _add_failure(self, entry: Entry, format_id: str, code: FailureCode, message: str) -> None:
        self.failures.append((entry.item, format_id, code.value, storable(message)))
