"""How a finished job is told: lines for people, or a JSON summary with every failed item."""

from __future__ import annotations

import json
import sys
import tempfile
from typing import IO, TYPE_CHECKING, Self

from hashwalk.cli.console import counted
from hashwalk.cli.rehash_view import clock, rate

if TYPE_CHECKING:
    from pathlib import Path

    from hashwalk.job import Summary
    from hashwalk.results import Failure

_LINES_SHOWN = 5


class FailedItems:
    """Failures as JSON, kept on disk until they are printed: there may be any number."""

    def __init__(self, *, kept: bool) -> None:
        """Make room for them, if they are to be kept."""
        self._file: IO[str] | None = tempfile.TemporaryFile("w+") if kept else None  # noqa: SIM115

    def __enter__(self) -> Self:
        """Return the items themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget them."""
        if self._file is not None:
            self._file.close()

    def keep(self, failure: Failure) -> None:
        """Take one failure."""
        fields = {
            "uri": failure.uri,
            "format": failure.format,
            "code": failure.code.value,
            "message": failure.message,
        }
        if self._file is not None:
            self._file.write(json.dumps(fields) + "\n")

    def print_array(self) -> None:
        """Print them as a JSON array."""
        separator = "["
        if self._file is not None:
            self._file.seek(0)
            for line in self._file:
                sys.stdout.write(separator + line.rstrip("\n"))
                separator = ", "
        sys.stdout.write("[]" if separator == "[" else "]")


def closing_lines(
    summary: Summary, labels: Path | None = None, *, quiet: bool = False
) -> list[str]:
    """Return what people want to know of a finished job, a line each.

    `labels` is the file of labels, whose lines are named. `quiet` leaves that failures of earlier
    runs stand, which the exit code says, too.
    """
    if quiet:
        return [_standing(summary.standing)] if summary.standing else []
    lines = list(summary.warnings)
    lines.append(_counts(summary))
    written = counted(summary.hashes, "hash", "hashes")
    lines.append(f"{written} written in {clock(summary.seconds)} ({_rates(summary)})")
    if summary.hashed and not summary.hashes and not summary.has_failures:
        lines.append("no hash, since none of the formats applies to files of these kinds")
    if summary.standing:
        lines.append(_standing(summary.standing))
    if summary.unmatched_labels:
        lines.append(_unmatched(summary, labels))
    if summary.interrupted:
        done = counted(summary.files, "file")
        lines.append(f"stopped: {done} done; the same command goes on")
    return lines


def print_summary(summary: Summary, crosswalk: str, failed: FailedItems) -> None:
    """Print a JSON object on one line; `failed` is its last member."""
    fields = {
        "crosswalk": crosswalk,
        "files": summary.files,
        "hashed": summary.hashed,
        "duplicates": summary.duplicates,
        "done_before": summary.done,
        "failed_files": summary.failed,
        "failures_by_code": {code.value: n for code, n in sorted(summary.failures.items())},
        "failures_of_earlier_runs": summary.standing,
        "hashes": summary.hashes,
        "bytes": summary.bytes,
        "seconds": round(summary.seconds, 3),
        "unmatched_labels": len(summary.unmatched_labels),
        "unmatched_label_lines": list(summary.unmatched_labels),
        "warnings": list(summary.warnings),
        "interrupted": summary.interrupted,
    }
    sys.stdout.write(json.dumps(fields)[:-1] + ', "failed": ')
    failed.print_array()
    sys.stdout.write("}\n")


def _counts(summary: Summary) -> str:
    told = [f"{summary.hashed:,} hashed"]
    if summary.duplicates:
        told.append(counted(summary.duplicates, "duplicate"))
    if summary.done:
        told.append(f"{summary.done:,} done before")
    if summary.failed:
        codes = ", ".join(f"{n:,} {code.value}" for code, n in sorted(summary.failures.items()))
        told.append(f"{summary.failed:,} with failures ({codes})")
    return f"{counted(summary.files, 'file')}: {', '.join(told)}"


def _standing(count: int) -> str:
    if count == 1:
        return "1 failure of earlier runs stands (--retry-failed tries it again)"
    return f"{count:,} failures of earlier runs stand (--retry-failed tries them again)"


def _unmatched(summary: Summary, labels: Path | None) -> str:
    numbers = summary.unmatched_labels
    listed = ", ".join(map(str, numbers[:_LINES_SHOWN]))
    more = ", ..." if len(numbers) > _LINES_SHOWN else ""
    so_far = " so far" if summary.interrupted else ""
    lines = "line" if len(numbers) == 1 else "lines"
    return (
        f"{len(numbers):,} of the labels matched no file{so_far}: {labels}, {lines} {listed}{more}"
    )


def _rates(summary: Summary) -> str:
    seconds = max(summary.seconds, 1e-9)
    return f"{rate(summary.files / seconds)} files/s, {rate(summary.bytes / seconds / 1e6)} MB/s"
