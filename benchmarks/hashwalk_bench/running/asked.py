"""What is asked of a run, checked before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hashwalk.errors import UsageError
from hashwalk.media.limits import DEFAULT_LIMITS
from hashwalk_bench.suites import Suite, load_suite

_LEAST_MEMORY_MIB = 64
_MOST_MEMORY_MIB = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a run is to be; `formats` None are those of the suite, `workers` None one a processor.

    The limits are those of ``hashwalk rehash``: `timeout_s` and `memory_mib` for what a worker
    does at once, `max_pixels` for a picture.
    """

    media: Path
    folder: Path
    suite: str = "standard"
    formats: tuple[str, ...] | None = None
    seed: int = 0
    workers: int | None = None
    kept: Path | None = None
    timeout_s: float = 300.0
    memory_mib: int = 6144
    max_pixels: int = DEFAULT_LIMITS.max_pixels

    def check(self) -> None:
        """Raise UsageError for a number that makes no sense, and a folder not to be written to."""
        if self.workers is not None and self.workers < 1:
            raise UsageError(f"{self.workers} workers cannot work: give 1 or more")
        if not self.timeout_s > 0:
            seconds = f"{self.timeout_s:g}"
            raise UsageError(f"a time limit of {seconds} s leaves no time: give more than 0")
        if not _LEAST_MEMORY_MIB <= self.memory_mib <= _MOST_MEMORY_MIB:
            raise UsageError(f"give a memory limit of {_LEAST_MEMORY_MIB} MiB or more")
        if self.max_pixels < 1:
            raise UsageError(
                f"a limit of {self.max_pixels} pixels leaves no picture: give 1 or more"
            )
        if not 0 <= self.seed < 1 << 63:
            raise UsageError("the seed must be a whole number from 0 to 2^63 - 1")
        if self.kept is not None and self.kept.exists() and not self.kept.is_dir():
            raise UsageError(f"{self.kept} is a file: name a folder for the variants")
        for written in filter(None, (self.folder, self.kept)):
            if written.resolve().is_relative_to(self.media.resolve()):
                raise UsageError(f"{written} is among the media: name a folder elsewhere")

    def load_suite(self) -> Suite:
        """Return the suite, with the formats that were asked for; raises SuiteError."""
        suite = load_suite(self.suite)
        return suite if self.formats is None else suite.with_formats(self.formats)
