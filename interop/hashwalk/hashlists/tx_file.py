"""The local file of python-threatexchange's file exchange: a signal a line, typed or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from hashwalk.hashlists.bounded_lines import Line, bounded_lines
from hashwalk.hashlists.container import ContainerReader, ContainerWriter, Head, Told
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Record, Reject, record_or_reject
from hashwalk.hashlists.signal_names import SIGNAL_TYPES, signal_meaning, signal_name, signal_text
from hashwalk.hashlists.unnamed import with_algorithm
from hashwalk.hashlists.values import check_value, format_of

_TYPED = re.compile(r"([A-Za-z][\w-]*) +(\S.*)")


class TxFile(ContainerReader, ContainerWriter):
    """``<signal_type> <signal>`` a line, or all lines the signal alone."""

    name = "tx-file"
    summary = "python-threatexchange's local file: a line `<signal_type> <signal>`, or the signal"
    carries = frozenset({"media_type", "algorithm", "value"})

    def recognises(self, head: Head) -> bool:
        """Tell by the first line: a type that is known here, and something behind it."""
        typed = _typed(head.first_line)
        return typed is not None and _is_known(typed[0])

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the record of each line; lines without a type have the algorithm that was told.

        Raises AmbiguousAlgorithmError where a line has no type, nothing was told, and the first
        such lines fit several formats, or none.
        """
        lines = bounded_lines(file)
        for line in lines:
            typed = _typed(line.text)
            if typed is None and not line.problem:
                algorithm, rest = with_algorithm(chain([line], lines), _untyped, told)
                yield from (_read(each, algorithm) for each in rest)
            else:
                yield _read(line, "")

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write a line a record, with its type."""
        for record in records:
            text = signal_text(record)
            if text is None or len(text.splitlines()) != 1:
                loss.leave_out(
                    record, f"algorithm {record.algorithm}: its values have several lines"
                )
            else:
                file.write(f"{signal_name(record)} {text}\n".encode())


def _typed(text: str) -> tuple[str, str] | None:
    """Return the type and the signal of a line, None where it is the signal alone."""
    found = _TYPED.match(text.strip())
    return (found[1], found[2]) if found else None


def _is_known(name: str) -> bool:
    return name in SIGNAL_TYPES or format_of(signal_meaning(name)[0]) is not None


def _untyped(line: Line) -> str:
    """Return the signal of a line without a type, nothing for another line."""
    return "" if line.problem or _typed(line.text) else line.text.strip()


def _read(line: Line, algorithm: str) -> Record | Reject:
    return record_or_reject(line.where, line.text, partial(_record, line, algorithm))


def _record(line: Line, untyped: str) -> Record:
    typed = _typed(line.checked)
    name, value = typed or ("", line.text.strip())
    algorithm, media_type = signal_meaning(name) if typed else (untyped, None)
    check_value(algorithm, value)
    return Record(
        algorithm=algorithm,
        media_type=media_type,
        value=value,
        raw={"signal_type": name or None, "signal": value},
    )
