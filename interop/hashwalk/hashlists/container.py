"""What an exchange file is to the rest: a container that reads or writes canonical records."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO, ClassVar

from hashwalk.hashlists.record import FIELDS, Record, Reject, Status

if TYPE_CHECKING:
    from hashwalk.hashlists.loss import Loss

HEAD_BYTES = 65_536
ALL_FIELDS = frozenset(FIELDS)
ALL_STATUSES = frozenset(Status)


@dataclass(frozen=True, slots=True, repr=False)
class Head:
    """The name and the first HEAD_BYTES bytes of a file: what it is told by."""

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        """The name's last extension in lower case, with its dot."""
        return PurePath(self.name).suffix.lower()

    @property
    def text(self) -> str:
        """The bytes as UTF-8, without a byte order mark, and with no blanks in front."""
        return self.data.decode("utf-8-sig", "replace").lstrip()

    @property
    def first_line(self) -> str:
        """The first line that is not empty."""
        return self.text.split("\n", 1)[0].strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the caller says of a list that the list does not say itself.

    `algorithm` is the format id of every hash that does not name its own; `name` the file's
    name, for messages.
    """

    name: str
    algorithm: str | None = None


class Container(ABC):
    """A kind of exchange file; subclasses set the class variables.

    What it can do is told by the base classes beside it: ContainerReader, ContainerWriter.
    """

    name: ClassVar[str]
    """What it is called on the command line."""
    summary: ClassVar[str]
    """One sentence: whose it is and what it looks like."""


class ContainerReader(Container):
    """Reads the records of a container, one after the other."""

    @abstractmethod
    def recognises(self, head: Head) -> bool:
        """Tell by content whether a file is one of these; at most one container says yes."""

    @abstractmethod
    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield each record, and a Reject for each that is malformed, in the order of the file.

        Memory does not grow with the file. Raises HashListError, with one line of reason, when
        the file is not what it says, and AmbiguousAlgorithmError when it names no algorithm and
        its values fit several.
        """


class ContainerWriter(Container):
    """Writes records as a container.

    `carries` are the fields of a record that the container can say, `statuses` and `algorithms`
    the values of these two; `algorithms` maps format ids to the container's own names, None
    stands for any algorithm under its own id. Records that do not fit never reach `write`: they
    are left out and counted.
    """

    carries: ClassVar[frozenset[str]]
    statuses: ClassVar[frozenset[Status]] = frozenset({Status.ACTIVE})
    algorithms: ClassVar[Mapping[str, str] | None] = None
    needs_value: ClassVar[bool] = True
    """Whether a deletion without its hash cannot be written."""
    experimental: ClassVar[str] = ""
    """Why what is written may not be read by the exchange, empty where it is known to be."""

    @abstractmethod
    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write all records; what one of them loses beyond `carries` is told to `loss`."""
