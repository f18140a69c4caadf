"""What the files that hold one hash and nothing else have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from hashwalk.errors import HashListError, HashParseError
from hashwalk.hashlists.container import ContainerReader, ContainerWriter, Told
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Record, Reject


class SingleHash(ContainerReader, ContainerWriter):
    """A file whose content is one hash: all of it is right, or the file is refused."""

    carries = frozenset({"value", "encoding", "media_type"})

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the one record; raises HashListError, which never repeats the value."""
        try:
            yield self.read_hash(file, told)
        except (ValueError, HashParseError) as error:
            raise HashListError(f"{told.name}: {error}") from None

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write the only record that there is; raises HashListError for none and for several."""
        found = list(islice(records, 2))
        if len(found) != 1:
            there = "are several" if found else "is none"
            raise HashListError(
                f"a file of {self.name} holds one hash, and there {there} to write: "
                "hand on one record, or write jsonl"
            )
        file.write(self.content_of(found[0], loss))

    @abstractmethod
    def read_hash(self, file: BinaryIO, told: Told) -> Record:
        """Return the record of a file; raises ValueError or HashParseError without the value."""

    @abstractmethod
    def content_of(self, record: Record, loss: Loss) -> bytes:
        """Return what the file of a record holds."""
