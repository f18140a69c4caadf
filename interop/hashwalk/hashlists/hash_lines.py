"""Hashes alone, one a line: what programs print that know a single algorithm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from typing import BinaryIO, ClassVar

from hashwalk.encodings import Base64, Encoding, Hex
from hashwalk.errors import HashListError, HashParseError
from hashwalk.format import Format, Shape
from hashwalk.hashlists.bounded_lines import Line, bounded_lines
from hashwalk.hashlists.container import HEAD_BYTES, ContainerReader, ContainerWriter, Head, Told
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Record, Reject, record_or_reject
from hashwalk.hashlists.values import format_of, hash_of, settle

_SAMPLE = 64
"""How many lines are looked at for the algorithm."""


class HashLines(ContainerReader, ContainerWriter):
    """A hash a line, all of one algorithm, which the list does not name."""

    carries = frozenset({"value", "encoding"})
    encoding: ClassVar[Encoding]
    line: ClassVar[re.Pattern[str]]

    def recognises(self, head: Head) -> bool:
        """Tell by the lines: most are texts of the encoding and equally long."""
        lines = _whole_lines(head)
        shapes = Counter(_shape(line) for line in lines if self.line.fullmatch(line))
        return any(2 * count > len(lines) for count in shapes.values())

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the record of each line.

        Raises AmbiguousAlgorithmError unless `told` names the algorithm or the lines fit a
        single one, HashListError if no line is a hash of it.
        """
        lines = bounded_lines(file)
        first = list(islice(lines, _SAMPLE))
        if not first:
            return
        algorithm = settle(_alike(first), told.algorithm, told.name)
        record_of, good = self._record_maker(algorithm), 0
        for line in chain(first, lines):
            found = record_or_reject(line.where, line.text, partial(record_of, line))
            good += isinstance(found, Record)
            yield found
        if not good:
            raise HashListError(
                f"{told.name}: no line is a hash of {algorithm} in {self.encoding.name}"
            )

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write the values of the algorithm that comes first; others are left out."""
        only = ""
        for record in records:
            text = self._text_of(record) if not only or record.algorithm == only else None
            if text is not None:
                only = record.algorithm
                file.write(f"{text}\n".encode())
            elif record.algorithm == only or not only:
                loss.leave_out(
                    record, f"algorithm {record.algorithm}: not a line in {self.encoding.name}"
                )
            else:
                loss.leave_out(
                    record, f"algorithm {record.algorithm}: {self.name} holds {only} alone"
                )

    def _record_maker(self, algorithm: str) -> Callable[[Line], Record]:
        """Return what makes the record of a line, or raises ValueError or HashParseError."""
        found, encoding = format_of(algorithm), self.encoding.name

        def record_of(line: Line) -> Record:
            text = line.checked.strip()
            if found is None:
                self._check(text)
            else:
                found.parse(text, encoding)
            return Record(algorithm=algorithm, encoding=encoding, value=text)

        return record_of

    def _check(self, text: str) -> None:
        """Raise ValueError unless all parts of a text are of the encoding."""
        for part in text.split(","):
            self.encoding.parse(part)

    def _text_of(self, record: Record) -> str | None:
        """Return the line of a record, None where it has none."""
        found = format_of(record.algorithm)
        with suppress(ValueError, HashParseError):
            if found is not None:
                return self._rendered(found, record)
            if record.encoding in {None, self.encoding.name}:
                self._check(record.value or "")
                return record.value
        return None

    def _rendered(self, found: Format, record: Record) -> str | None:
        value = hash_of(record)
        known = any(each.name == self.encoding.name for each in found.spec.encodings)
        if value is None or not known or found.spec.shape is Shape.FRAMES:
            return None
        return found.render(value, self.encoding.name)


class HexLines(HashLines):
    """Hexadecimal, as imagehash prints hashes; a crop-resistant one is joined by commas."""

    name = "hex-lines"
    summary = "a hash in hexadecimal a line, without a name, as imagehash prints them"
    encoding = Hex(None)
    line = re.compile(r"[0-9A-Fa-f]{8,}(?:,[0-9A-Fa-f]{8,})*")

    def _check(self, text: str) -> None:
        if not self.line.fullmatch(text):
            raise ValueError("not hexadecimal")


class Base64Lines(HashLines):
    """Base64, as perception writes hashes."""

    name = "base64-lines"
    summary = "a hash in base64 a line, without a name, as perception writes them"
    encoding = Base64(None)
    line = re.compile(r"(?![0-9A-Fa-f]+$)[0-9A-Za-z+/]{8,}={0,2}")


def _whole_lines(head: Head) -> list[str]:
    """Return the lines in a head; the last one only if it is not cut, or is the only one."""
    lines = [line.strip() for line in head.text.split("\n") if line.strip()]
    return lines[:-1] if len(head.data) == HEAD_BYTES and len(lines) > 1 else lines


def _shape(text: str) -> frozenset[int]:
    return frozenset(map(len, text.split(",")))


def _alike(lines: Sequence[Line]) -> list[str]:
    """Return the texts of the shape that most lines have, which malformed ones have not."""
    texts = [line.text.strip() for line in lines if not line.problem]
    shapes = Counter(map(_shape, texts))
    return [text for text in texts if [_shape(text)] == [most for most, _ in shapes.most_common(1)]]
